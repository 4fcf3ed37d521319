"""The native ring on its own: the test is JACK's audio thread."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.engine.bus.native_ring import RING, load_ring
from musika_daw.engine.bus.ring import Ring
from musika_daw.errors import UserError

_GET_BUFFER = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32)


class Player:
    """Asks a ring of two channels for audio."""

    def __init__(self, capacity: int, most: int | None = None) -> None:
        try:
            library = load_ring()
        except UserError as error:
            pytest.skip(str(error))
        self._buffers = np.full((2, 4096), np.nan, np.float32)
        # A port's address is its number here; 0 would be none.
        self._get_buffer = _GET_BUFFER(lambda port, _frames: self._buffers[port - 1].ctypes.data)
        address = ctypes.cast(self._get_buffer, ctypes.c_void_p).value
        assert address is not None
        self.ring = Ring([1, 2], capacity, address, most)
        process: Callable[[int, int], int] = library.ring_process
        library.ring_process.argtypes = [ctypes.c_uint32, ctypes.c_void_p]
        self._process = process

    def period(self, frames: int) -> NDArray[np.float32]:
        assert self._process(frames, self.ring.handle) == 0
        return self._buffers[:, :frames].copy()


def ramp(start: int, count: int) -> NDArray[np.float32]:
    left = np.arange(start, start + count, dtype=np.float32)
    return np.stack([left, -left], axis=1)


def test_it_begins_when_it_is_full() -> None:
    player = Player(1000)
    assert player.ring.write(ramp(1, 999)) == 999
    assert not player.period(64).any() and player.ring.underruns == 0
    assert player.ring.write(ramp(1000, 5)) == 1, "as much as there is room for"
    np.testing.assert_array_equal(player.period(64), ramp(1, 64).T)
    assert player.ring.room() == 64 and player.ring.periods == 2


def test_frames_keep_their_order_however_they_are_cut() -> None:
    player = Player(777)
    random = np.random.default_rng(0)
    written, heard = 0, []
    while written < 50_000:
        written += player.ring.write(ramp(written + 1, int(random.integers(1, 900))))
        if player.ring.room() < 500:
            heard.append(player.period(int(random.integers(1, 257))))
    audio = np.concatenate(heard, axis=1)
    sound = audio[:, np.flatnonzero(audio[0])[0] :]
    np.testing.assert_array_equal(sound, ramp(1, sound.shape[1]).T)
    assert player.ring.underruns == 0


def test_an_empty_ring_is_one_underrun_however_long_it_stays_empty() -> None:
    player = Player(100)
    player.ring.write(ramp(1, 100))
    out = player.period(160)
    np.testing.assert_array_equal(out[:, :100], ramp(1, 100).T)
    assert not out[:, 100:].any()
    for _ in range(10):
        assert not player.period(64).any()
    assert player.ring.underruns == 1
    player.ring.write(ramp(1, 50))
    assert not player.period(32).any(), "half full is not enough to begin again"
    player.ring.write(ramp(51, 50))
    np.testing.assert_array_equal(player.period(32), ramp(1, 32).T)
    assert player.ring.underruns == 1


def test_it_grows_with_the_period_and_plays_on_in_order() -> None:
    player = Player(512, most=16384)
    written, heard = player.ring.write(ramp(1, 512)), []
    for frames in (64, 128, 2048, 2048, 2048, 4096, 4096, 64, 64):
        heard.append(player.period(frames))
        assert player.ring.period == frames and player.ring.capacity >= 2 * frames
        written += player.ring.write(ramp(written + 1, player.ring.room()))
    assert player.ring.underruns == 1, "where the period became longer than what was there"
    audio = np.concatenate(heard, axis=1)
    sound = audio[:, audio[0] != 0]
    np.testing.assert_array_equal(sound, ramp(1, sound.shape[1]).T)


def test_a_ring_made_smaller_plays_what_it_has_first() -> None:
    player = Player(1000, most=2000)
    player.ring.write(ramp(1, 1000))
    player.ring.resize(200)
    assert (player.ring.capacity, player.ring.ready(), player.ring.room()) == (200, 1000, 0)
    heard = [player.period(100) for _ in range(9)]
    np.testing.assert_array_equal(np.concatenate(heard, axis=1), ramp(1, 900).T)
    assert player.ring.room() == 100 and player.ring.underruns == 0
    player.ring.resize(5000)
    assert player.ring.capacity == 2000


def test_the_end_is_no_underrun_and_nothing_is_left_behind() -> None:
    player = Player(100)
    player.ring.write(ramp(1, 30))
    player.ring.drain()
    np.testing.assert_array_equal(player.period(64)[:, :30], ramp(1, 30).T)
    player.period(64)
    assert player.ring.underruns == 0 and player.ring.room() == 100


def test_without_a_compiler_one_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="there is no C compiler: install one"):
        RING.compile(tmp_path / RING.file_name)
    assert list(tmp_path.iterdir()) == []


def test_it_is_compiled_once_into_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Player(10)
    made = list(tmp_path.rglob("*"))
    Player(10)
    assert list(tmp_path.rglob("*")) == made
