"""Whatever is wrong with checkpoints gets one line and exit 1, and nothing is written."""

from __future__ import annotations

import multiprocessing
import pickle
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musika_daw.app.main import main
from musika_daw.errors import UserError
from musika_daw.model.official.weight_reader import WeightReader

Break = Callable[[Path, Any], None]


class _Trap:
    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return Path.write_text, (Path("sprung"), "")  # type: ignore[return-value]


def _replace(group: Any, name: str, **how: Any) -> None:
    values = how.pop("data", group[name][()])
    del group[name]
    group.create_dataset(name, data=values, **how)


def _edit(path: Path, h5py: Any, change: Callable[[Any], None]) -> None:
    with h5py.File(path, "r+") as file:
        change(file)


def _truncate(keep: float) -> Break:
    def cut(folder: Path, _: Any) -> None:
        path = folder / "dec.h5"
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * keep)])

    return cut


def _content(content: bytes) -> Break:
    return lambda folder, _: (folder / "dec.h5").write_bytes(content) and None


def _in(name: str, change: Callable[[Any, Any], None]) -> Break:
    return lambda folder, h5py: _edit(folder / name, h5py, lambda file: change(file, h5py))


def _swap(first: str, second: str) -> Callable[[Any, Any], None]:
    def swap(file: Any, _: Any) -> None:
        names = list(file.attrs["layer_names"])
        a, b = names.index(first), names.index(second)
        names[a], names[b] = names[b], names[a]
        file.attrs["layer_names"] = names

    return swap


KERNEL = "conv2d_1/conv2d_1/kernel:0"


def _set(name: str, **how: Any) -> Callable[[Any, Any], None]:
    return lambda file, _: _replace(file, name, **how)


def _with_nan(file: Any, _: Any) -> None:
    values = file[KERNEL][()]
    values[0, 0, 0, 0] = np.nan
    file[KERNEL][...] = values


def _link(make: Callable[[Any], Any]) -> Callable[[Any, Any], None]:
    def change(file: Any, h5py: Any) -> None:
        del file[KERNEL]
        file[KERNEL] = make(h5py)

    return change


def _external_storage(file: Any, _: Any) -> None:
    shape = file[KERNEL].shape
    del file[KERNEL]
    file.create_dataset(KERNEL, shape, "f4", external=[("/etc/passwd", 0, 4 * int(np.prod(shape)))])


def _virtual(file: Any, h5py: Any) -> None:
    shape = file[KERNEL].shape
    layout = h5py.VirtualLayout(shape, "f4")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "x", shape)
    del file[KERNEL]
    file.create_virtual_dataset(KERNEL, layout)


def _bomb(file: Any, _: Any) -> None:
    # 4 GB of zeros in a few kilobytes.
    del file[KERNEL]
    data = file.create_dataset(KERNEL, (1 << 20, 1 << 10), "f4", chunks=(1 << 12, 1 << 10), compression="gzip")
    data[: 1 << 12] = 0


def _unwritten(file: Any, _: Any) -> None:
    shape = file[KERNEL].shape
    del file[KERNEL]
    file.create_dataset(KERNEL, shape, "f4")


def _large_attribute(folder: Path, h5py: Any) -> None:
    with h5py.File(folder / "dec.h5", "r+") as file:
        file.attrs["note"] = "x" * (8 << 20)


def _large_names(folder: Path, h5py: Any) -> None:
    path = folder / "dec.h5"
    path.unlink()
    with h5py.File(path, "w", libver="latest") as file:
        file.attrs["layer_names"] = np.array([b"x" * (8 << 20)])


def _two_gigabytes(folder: Path, _: Any) -> None:
    with (folder / "dec.h5").open("r+b") as file:
        file.truncate(2 << 30)  # sparse: takes no space


def _circle(file: Any, _: Any) -> None:
    # The circle alone is harmless; it stands where an array should be.
    del file[KERNEL]
    file[KERNEL] = file["conv2d_1"]


def _other_width(folder: Path, _: Any) -> None:
    shutil.copyfile(folder.parent / "wide" / "dec.h5", folder / "dec.h5")


def _other_version(folder: Path, _: Any) -> None:
    shutil.copyfile(folder.parent / "22k" / "dec.h5", folder / "dec.h5")


def _names(value: Any) -> Callable[[Any, Any], None]:
    def change(file: Any, _: Any) -> None:
        file.attrs["layer_names"] = value

    return change


def _whole_model(folder: Path, h5py: Any) -> None:
    path = folder / "dec.h5"
    path.unlink()
    with h5py.File(path, "w") as file:
        file.create_group("model_weights").attrs["layer_names"] = ["a"]


def _without(name: str, attribute: str) -> Callable[[Any, Any], None]:
    def change(file: Any, _: Any) -> None:
        del (file[name] if name else file).attrs[attribute]

    return change


def _remove(name: str) -> Callable[[Any, Any], None]:
    def change(file: Any, _: Any) -> None:
        del file[name]

    return change


BROKEN: dict[str, tuple[Break, str]] = {
    "truncated to half": (_truncate(0.5), "dec.h5 is damaged"),
    "its end missing": (_truncate(0.999), "dec.h5 is damaged"),
    "empty": (_content(b""), "dec.h5 is no HDF5 file"),
    "text": (_content(b"version https://git-lfs.github.com/spec/v1\n"), "dec.h5 is no HDF5 file"),
    "a pickle": (_content(pickle.dumps(_Trap())), "dec.h5 is no HDF5 file"),
    "a zip": (_content(b"PK\x03\x04" + bytes(500)), "dec.h5 is no HDF5 file"),
    "only a signature": (_content(b"\x89HDF\r\n\x1a\n" + b"\xff" * 500), "dec.h5 is damaged"),
    "layers of equal shape shuffled": (
        _in("dec.h5", _swap("conv2d_transpose_3", "conv2d_transpose_5")),
        "are not in their order",
    ),
    "layers of other shapes shuffled": (_in("dec.h5", _swap("conv2d", "conv2d_2")), "has the shape"),
    "generator shuffled": (_in("gen_ema.h5", _swap("0r", "1r")), "the layers of the generator are not in their order"),
    "a kernel of another shape": (
        _in("dec.h5", _set(KERNEL, data=np.zeros((1, 3, 96, 95), np.float32))),
        "kernel:0 of its layer 3 (conv2d_1) has the shape (1, 3, 96, 95), expected (1, 3, 96, 96)",
    ),
    "double precision": (_in("dec.h5", _set(KERNEL, dtype="f8")), "holds float64, not float32"),
    "big endian": (_in("dec.h5", _set(KERNEL, dtype=">f4")), "holds >f4, not float32"),
    "text instead of numbers": (_in("dec.h5", _set(KERNEL, data="much")), "not float32"),
    "not finite": (_in("dec.h5", _with_nan), "holds numbers that are not finite"),
    "not written to its end": (_in("dec.h5", _unwritten), "has no values"),
    "an array missing": (_in("dec.h5", _remove(KERNEL)), "kernel:0 is listed, but is not there"),
    "a layer missing": (_in("dec.h5", _remove("conv2d_1")), "conv2d_1 is listed, but is not there"),
    "no list of layers": (_in("dec.h5", _without("", "layer_names")), "has no list of layers"),
    "no list of weights": (_in("dec.h5", _without("conv2d", "weight_names")), "has no weight_names"),
    "a list of numbers": (_in("dec.h5", _names([1.0, 2.0])), "is no text"),
    "a list that is none": (_in("dec.h5", _names("conv2d")), "expected a list of names"),
    "a name twice": (_in("dec.h5", _names(["conv2d", "conv2d"])), "a name twice"),
    "names of nothing": (_in("dec.h5", _names(["../..", "\n"])), "are no names"),
    "too many names": (_in("dec.h5", _names([f"n{i}" for i in range(3000)])), "expected a list of names"),
    "an external link": (_in("dec.h5", _link(lambda h5py: h5py.ExternalLink("/etc/passwd", "/"))), "link to elsewhere"),
    "a soft link": (_in("dec.h5", _link(lambda h5py: h5py.SoftLink("/conv2d/conv2d/kernel:0"))), "link to elsewhere"),
    "external storage": (_in("dec.h5", _external_storage), "in another file"),
    "a virtual array": (_in("dec.h5", _virtual), "in another file"),
    "a compressed bomb": (_in("dec.h5", _bomb), "is compressed"),
    "a circle of groups": (_in("dec.h5", _circle), "is a group, not a dataset"),
    "a large attribute": (_large_attribute, "holds more than weights"),
    "names of megabytes": (_large_names, "holds more than weights"),
    "a name of megabytes": (_in("dec.h5", _names(["x" * (8 << 20)])), "holds more than weights"),
    "two gigabytes": (_two_gigabytes, "dec.h5 is too large (2048 MB)"),
    "a whole model": (_whole_model, "holds a whole Keras model"),
    "of another width": (_other_width, "belong to different models: hop is"),
    "of another version": (_other_version, "belong to different models: family is"),
    "a network missing": (lambda folder, _: (folder / "dec2.h5").unlink(), "no file holds the network dec2: expected"),
    "a network twice": (
        lambda folder, _: shutil.copyfile(folder / "enc.h5", folder / "enc-old.h5") and None,
        "hold the same network",
    ),
    "two generators": (
        lambda folder, _: shutil.copyfile(folder / "gen_ema.h5", folder / "my_ema.h5") and None,
        "hold the same network",
    ),
    "a folder of that name": (lambda folder, _: (folder / "more.h5").mkdir(), "more.h5 is not there"),
    "nothing there": (lambda folder, _: shutil.rmtree(folder), "is not there"),
    "an empty folder": (lambda folder, _: [p.unlink() for p in folder.iterdir()] and None, "no .h5 files in"),
}


@pytest.fixture
def folder(write_h5: Callable[[str], Path], tmp_path: Path) -> Path:
    """Good files, and others to mix with them."""
    shutil.copytree(write_h5("22k"), tmp_path / "22k")
    shutil.copytree(write_h5("44k-wide"), tmp_path / "wide")
    return Path(shutil.copytree(write_h5("44k"), tmp_path / "checkpoint"))


@pytest.mark.parametrize("kind", BROKEN)
def test_gets_one_line(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    h5py = pytest.importorskip("h5py")
    monkeypatch.chdir(tmp_path)
    damage, expected = BROKEN[kind]
    damage(folder, h5py)
    target = tmp_path / "out" / "m.safetensors"
    started = time.monotonic()
    code = main(["models", "import", str(folder), "--out", str(target)])
    printed = capsys.readouterr()
    assert code == 1 and printed.out == ""
    assert printed.err.startswith("musika-daw: ") and printed.err.count("\n") == 1 and len(printed.err) < 400
    assert expected in printed.err
    assert not target.parent.exists() and not (tmp_path / "sprung").exists()
    assert time.monotonic() - started < 20


def test_what_hangs_or_crashes_is_ended(write_h5: Callable[[str], Path]) -> None:
    path = write_h5("44k") / "enc.h5"
    with WeightReader(seconds=0.0) as slow, pytest.raises(UserError, match="took longer than 0 seconds"):
        slow.open(path)
    with WeightReader() as reader:
        assert len(reader.open(path)) == 6
        reader._process.kill()
        with pytest.raises(UserError, match="breaks down over it"):
            reader.open(path)
    assert not multiprocessing.active_children()


def test_an_odd_order_can_be_insisted_on(folder: Path, tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    _edit(folder / "dec.h5", h5py, lambda file: _swap("conv2d_transpose_3", "conv2d_transpose_5")(file, h5py))
    target = tmp_path / "m.safetensors"
    assert main(["models", "import", str(folder), "--any-order", "--out", str(target)]) == 0
    assert target.is_file()


def test_damaged_model_files_are_named(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "m.safetensors"
    assert main(["models", "import", str(folder), "--out", str(target)]) == 0
    target.write_bytes(target.read_bytes()[:-1000])
    capsys.readouterr()
    assert main(["models", "export", str(target), "--out", str(tmp_path / "out")]) == 1
    assert "is damaged" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
