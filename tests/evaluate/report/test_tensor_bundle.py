"""Checkpoints written here byte by byte are read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from musika_daw.errors import UserError
from musika_daw.evaluate.report.tensor_bundle import read_bundle


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def entry(shape: tuple[int, ...], offset: int, dtype: int = 1) -> bytes:
    sizes = b"".join(field(2, field(1, size)) for size in shape)
    checksum = bytes([6 << 3 | 5]) + b"\0\0\0\0"
    return field(1, dtype) + field(2, sizes) + field(4, offset) + field(5, 4 * int(np.prod(shape))) + checksum


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    """Keys that share what they begin with, as LevelDB writes them; then restarts and the block's kind."""
    out, before = b"", b""
    for key, value in entries:
        shared = next(
            (i for i, (a, b) in enumerate(zip(key, before, strict=False)) if a != b), min(len(key), len(before))
        )
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        before = key
    return out + (0).to_bytes(4, "little") + (1).to_bytes(4, "little") + b"\0" + b"crc!"


def write_bundle(folder: Path, tensors: dict[str, np.ndarray]) -> None:
    data, entries = b"", [(b"", field(1, 1))]
    for name in sorted(tensors):
        entries.append((name.encode(), entry(tensors[name].shape, len(data))))
        data += tensors[name].astype("<f4").tobytes()
    entries.append((b"zz_steps", entry((), 0, dtype=9)))
    body = block(entries)
    handle = varint(0) + varint(len(body) - 5)
    index = block([(b"zzz", handle)])
    footer = varint(0) + varint(0) + varint(len(body)) + varint(len(index) - 5)
    magic = (0xDB4775248B80FB57).to_bytes(8, "little")
    (folder / ".index").write_bytes(body + index + footer.ljust(40, b"\0") + magic)
    (folder / ".data-00000-of-00001").write_bytes(data)


def test_tensors_come_back_by_name(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    tensors = {
        "layer/kernel": random.normal(size=(7, 300, 2)).astype(np.float32),
        "layer/bias": random.normal(size=2).astype(np.float32),
        "scale": np.float32(3).reshape(()),
    }
    write_bundle(tmp_path, tensors)
    found = read_bundle(tmp_path)
    assert set(found) == set(tensors)
    for name, tensor in tensors.items():
        assert found[name].shape == tensor.shape and np.array_equal(found[name], tensor)


@pytest.mark.parametrize("index", [b"", b"x" * 100, b"\xff" * 200])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, index: bytes) -> None:
    with pytest.raises(UserError, match="no TensorFlow checkpoint"):
        read_bundle(tmp_path)
    (tmp_path / ".index").write_bytes(index)
    (tmp_path / ".data-00000-of-00001").write_bytes(b"")
    with pytest.raises(UserError, match="no TensorFlow checkpoint"):
        read_bundle(tmp_path)
