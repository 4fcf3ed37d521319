"""Reads Keras `save_weights` files, believing nothing in them; runs in a process of its own (`weight_reader`).

Only what names and shapes promise is read, and nothing before it has been checked: links may not leave the file, arrays
lie in it as they are (no filters, no other files), and what is not an array must be small, because text in attributes
is read whole. Nothing is ever unpickled or executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musika_daw.errors import UserError

_LARGEST_FILE = 512 << 20  # six times the largest official network
_LARGEST_OVERHEAD = 1 << 20  # bytes of a file that are no arrays; a fifth is usual
_MAX_NAMES, _LONGEST_NAME, _MAX_OBJECTS = 512, 200, 4096


@dataclass(frozen=True)
class StoredArray:
    """An array of a weight file, not yet read.

    Attributes:
        name: within its layer, e.g. `kernel:0`.
        place: in the file.
    """

    name: str
    shape: tuple[int, ...]
    place: str


@dataclass(frozen=True)
class StoredLayer:
    """A layer that has weights."""

    name: str
    arrays: tuple[StoredArray, ...]


@dataclass(frozen=True)
class OpenFile:
    """A file whose layers have been checked."""

    path: Path
    layers: list[StoredLayer]
    file: Any  # h5py.File

    def read(self, array: StoredArray) -> NDArray[np.float32]:
        values: NDArray[np.float32] = np.empty(array.shape, np.float32)
        with as_damage(self.path):
            if values.size:
                self.file[array.place].read_direct(values)
        return values


def import_h5py() -> Any:
    """The library for HDF5.

    Raises:
        UserError: it is not installed.
    """
    try:
        import h5py
    except ModuleNotFoundError as error:
        raise UserError("h5py is not installed, .h5 files need it: pip install 'musika-daw[import]'") from error
    return h5py


@contextmanager
def as_damage(path: Path) -> Iterator[None]:
    """Whatever the library stumbles over becomes one line."""
    try:
        yield
    except (OSError, RuntimeError, LookupError, ValueError, TypeError, AttributeError, MemoryError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise UserError(f"{path} is damaged ({reason}): copy or download it again") from error


@contextmanager
def open_file(path: Path) -> Iterator[OpenFile]:
    """Open a file and check its layers.

    Raises:
        UserError: the file is missing, damaged, no weight file, or holds what none would.
    """
    h5py = import_h5py()
    if not path.is_file():
        raise UserError(f"weight file {path} is not there")
    size = path.stat().st_size
    if size > _LARGEST_FILE:
        most = f"at most {_LARGEST_FILE >> 20} MB"
        raise UserError(f"{path} is too large ({size >> 20} MB): expected one network, {most}")
    with as_damage(path):
        if not h5py.is_hdf5(path):
            raise UserError(f"{path} is no HDF5 file: expected .h5 weights as the official Musika saves them")
        file = h5py.File(path, "r")
    try:
        with as_damage(path):
            _check_overhead(h5py, file, path, size)
            layers = _read_layers(h5py, file, path)
        yield OpenFile(path, layers, file)
    finally:
        file.close()


def _check_overhead(h5py: Any, file: Any, path: Path, size: int) -> None:
    stored = 0
    count = 0

    def add(name: bytes) -> int | None:
        nonlocal stored, count
        count += 1
        if count > _MAX_OBJECTS:
            return 1
        member = h5py.h5o.open(file.id, name)
        if isinstance(member, h5py.h5d.DatasetID):
            stored += member.get_storage_size()
        return None

    # Visits every object once, so circles end.
    h5py.h5o.visit(file.id, add)
    if count > _MAX_OBJECTS:
        raise UserError(f"{path} holds too many objects: expected the layers of one network")
    if stored > size or size - stored > _LARGEST_OVERHEAD:
        raise UserError(f"{path} holds more than weights ({(size - stored) >> 20} MB): expected a network's .h5 alone")


def _read_layers(h5py: Any, file: Any, path: Path) -> list[StoredLayer]:
    if "layer_names" not in file.attrs:
        hint = ": it holds a whole Keras model" if "model_weights" in file else ""
        raise UserError(f"{path} has no list of layers{hint}; expected what Keras' save_weights writes")
    layers = []
    for layer in _names(file, "layer_names", path):
        group = _member(h5py, file, layer, h5py.Group, path)
        names = _names(group, "weight_names", path)
        if names:
            layers.append(StoredLayer(layer, tuple(_array(h5py, group, name, path) for name in names)))
    return layers


def _names(group: Any, attribute: str, path: Path) -> list[str]:
    """A list of names in an attribute."""
    if attribute not in group.attrs:
        raise UserError(f"{path}: {group.name} has no {attribute}; expected what Keras' save_weights writes")
    stored = group.attrs.get_id(attribute)
    if stored.shape is None or len(stored.shape) != 1 or stored.shape[0] > _MAX_NAMES:
        raise UserError(f"{path}: {attribute} of {group.name} has the shape {stored.shape}: expected a list of names")
    if stored.shape[0] == 0:
        return []
    if stored.dtype.kind not in "SO" or stored.dtype.itemsize > _LONGEST_NAME:
        raise UserError(f"{path}: {attribute} of {group.name} is no text: expected names")
    names = [n.decode() if isinstance(n, bytes) else n for n in group.attrs[attribute]]
    if not all(isinstance(n, str) and 0 < len(n) <= _LONGEST_NAME and n.isprintable() for n in names):
        raise UserError(f"{path}: {attribute} of {group.name} holds what are no names")
    if len(set(names)) < len(names):
        raise UserError(f"{path}: {attribute} of {group.name} holds a name twice")
    return names


def _member(h5py: Any, group: Any, name: str, kind: type, path: Path) -> Any:
    """What lies under a name, in this file itself."""
    found = group
    for part in name.split("/"):
        link = found.get(part, getlink=True) if isinstance(found, h5py.Group) else None
        if link is None:
            raise UserError(f"{path}: {name} is listed, but is not there")
        if not isinstance(link, h5py.HardLink):
            raise UserError(f"{path}: {name} is a link to elsewhere: expected the weights themselves")
        found = found[part]
    if not isinstance(found, kind):
        raise UserError(f"{path}: {name} is a {type(found).__name__.lower()}, not a {kind.__name__.lower()}")
    return found


def _array(h5py: Any, group: Any, name: str, path: Path) -> StoredArray:
    dataset = _member(h5py, group, name, h5py.Dataset, path)
    where = f"{path}: {dataset.name}"
    if dataset.dtype != np.dtype("<f4") or dataset.shape is None:
        raise UserError(f"{where} holds {dataset.dtype}, not float32")
    if dataset.is_virtual or dataset.external or dataset.chunks is not None:
        raise UserError(f"{where} is compressed, in parts or in another file: expected weights as Keras stores them")
    if dataset.id.get_storage_size() != dataset.size * 4:
        raise UserError(f"{where} has no values: the file was not written to its end")
    return StoredArray(name.rsplit("/", 1)[-1], tuple(dataset.shape), dataset.name)
