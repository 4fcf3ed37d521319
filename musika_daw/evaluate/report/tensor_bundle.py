"""Reads TensorFlow checkpoints (tensor bundles) without TensorFlow: float32 tensors by name.

`NAME.index` is a LevelDB table (blocks of keys that share prefixes) of protobuf entries, which say where in
`NAME.data-00000-of-00001` a tensor lies. Format: tensorflow/core/util/tensor_bundle, leveldb/doc/table_format.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musika_daw.errors import UserError

_FOOTER = 48
_MAGIC = 0xDB4775248B80FB57
_FLOAT = 1  # DT_FLOAT
# Fields of BundleEntryProto and of the shapes in it.
_DTYPE, _SHAPE, _OFFSET, _SIZE = 1, 2, 4, 5
_DIMENSION, _EXTENT = 2, 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def read_bundle(folder: Path, name: str = "") -> dict[str, NDArray[np.float32]]:
    """Every float tensor of a checkpoint of one shard.

    Args:
        name: what the checkpoint's files begin with.

    Raises:
        UserError: the files are not there, or no tensor bundle.
    """
    try:
        index = (folder / f"{name}.index").read_bytes()
        data = (folder / f"{name}.data-00000-of-00001").read_bytes()
        return dict(_tensors(index, data))
    except (OSError, ValueError, IndexError) as error:
        raise UserError(f"{folder} holds no TensorFlow checkpoint that can be read ({error})") from error


def _tensors(index: bytes, data: bytes) -> Iterator[tuple[str, NDArray[np.float32]]]:
    if int.from_bytes(index[-8:], "little") != _MAGIC:
        raise ValueError("its index is no table")
    _, at = _handle(index, len(index) - _FOOTER)
    place, _ = _handle(index, at)
    for _, handle in _entries(index, place):
        block, _ = _handle(handle, 0)
        for key, value in _entries(index, block):
            entry = dict(_fields(value))
            if key and entry.get(_DTYPE) == _FLOAT:
                start = _number(entry.get(_OFFSET, 0))
                part = data[start : start + _number(entry[_SIZE])]
                yield key.decode(), np.frombuffer(part, "<f4").reshape(_shape(entry.get(_SHAPE, b"")))


def _entries(table: bytes, place: tuple[int, int]) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a block; each key names how much of the one before it begins with."""
    start, size = place
    if table[start + size]:
        raise ValueError("its index is compressed")
    restarts = int.from_bytes(table[start + size - 4 : start + size], "little")
    at, end, key = start, start + size - 4 * (restarts + 1), b""
    while at < end:
        shared, at = _varint(table, at)
        fresh, at = _varint(table, at)
        length, at = _varint(table, at)
        key = key[:shared] + table[at : at + fresh]
        yield key, table[at + fresh : at + fresh + length]
        at += fresh + length


def _handle(text: bytes, at: int) -> tuple[tuple[int, int], int]:
    """Offset and size of a block, and where the next handle begins."""
    offset, at = _varint(text, at)
    size, at = _varint(text, at)
    return (offset, size), at


def _varint(text: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = text[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        kind = tag & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield tag >> 3, value
            continue
        if kind == _BYTES:
            length, at = _varint(message, at)
        elif kind in (_FIXED32, _FIXED64):
            length = 4 if kind == _FIXED32 else 8
        else:
            raise ValueError("its index has a field of an unknown kind")
        yield tag >> 3, message[at : at + length]
        at += length


def _shape(message: int | bytes) -> list[int]:
    assert isinstance(message, bytes)
    sizes = []
    for field, dimension in _fields(message):
        if field == _DIMENSION:
            assert isinstance(dimension, bytes)
            sizes.append(_number(dict(_fields(dimension)).get(_EXTENT, 0)))
    return sizes


def _number(value: int | bytes) -> int:
    if isinstance(value, bytes):
        raise ValueError("its index has text where a number is expected")
    return value
