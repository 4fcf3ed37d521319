"""A run: a console that plays a version from a place on and lays what comes out into slots, block by block."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Sequence

import numpy as np
import soxr
from numpy.typing import NDArray

from musika_daw.engine.console import Console
from musika_daw.engine.offline.renderer import MAX_PRE_ROLL_SECONDS
from musika_daw.music.notes import MIX, STEMS
from musika_daw.plugin.layout import BLOCK_FRAMES, CHANNELS, EXACT, QUICK
from musika_daw.plugin.serve.block_notes import block_notes
from musika_daw.plugin.serve.dry import LONG, Dry, DryFeed, Pools
from musika_daw.plugin.serve.slots import Slots, block_of
from musika_daw.plugin.serve.versions import Version

_PIECE = 16384  # samples that go through the console at once
_SETTLE = 4096  # samples of the host before a start, in which the resampler's filter fills
_AWAITED_SECONDS = 1.5  # in which what was begun in haste is not given up for the next move
_SHORT_SECONDS = 2.5  # of a quick start in short windows: long ones are ready by then


class Run:
    """Plays on until nobody asks it to any more.

    Attributes:
        start: sample of the song, at the host's rate, from which on its blocks hold.
        quick: whether it began without, or with a shortened, past of its effects.
    """

    def __init__(
        self,
        version: Version,
        start: int,
        quick: bool,
        pools: Pools,
        history: Sequence[Dry] = (),
        exact_history: bool = False,
    ) -> None:
        """Begins.

        Args:
            history: dry stems of what was played up to `start`, in place of the version's own past.
            exact_history: a bounce through a move: what comes is what this bounce gives each time.
        """
        self.version, self.start, self.quick = version, start, quick
        self._pools, self._exact = pools, not quick or exact_history
        song, rate = version.song, version.rate
        self._engine_rate = song.sample_rate
        here = self.engine_sample(start)
        origin, self._out = self._origin(start)
        settled = sum(_length(dry) for dry in history)
        if settled < here - origin:
            history, settled = (), 0  # too short for the resampler's filter to fill
        stems = song.score.stems
        console = Console(stems, version.sound, self._engine_rate, 0)
        if history:
            begin = here - settled
        elif quick:
            begin = origin
        else:
            tail = min(console.tail_seconds(version.bpm), MAX_PRE_ROLL_SECONDS)
            begin = max(0, min(origin, here - round(tail * self._engine_rate)) - console.reach)
        console.locate(begin)
        self._console, self._stems = console, stems
        self._tail = round(MAX_PRE_ROLL_SECONDS * rate)
        self._first_out = origin
        self._engine_out = begin - console.latency
        self._queue: deque[Dry] = deque(history)
        self._queued_at = begin
        self.dry: deque[tuple[int, Dry]] = deque()
        feed_from = here if history else begin
        short = (
            None
            if not (quick or history)
            else here
            if exact_history
            else here + round(_SHORT_SECONDS * self._engine_rate)
        )
        self._feed = DryFeed(version, feed_from, pools, short)
        self._resampler = (
            None
            if rate == self._engine_rate
            else soxr.ResampleStream(self._engine_rate, rate, CHANNELS, dtype="float32", quality="VHQ")
        )
        self._block = np.zeros((CHANNELS, BLOCK_FRAMES), np.float32)
        self._laid = 0
        self._began = time.monotonic()

    @property
    def position(self) -> int:
        """The sample of the song that comes next."""
        return max(self._out, self.start)

    @property
    def next_block(self) -> int:
        """The block that comes next."""
        return block_of(self.position)

    @property
    def age(self) -> float:
        """Seconds since it was begun."""
        return time.monotonic() - self._began

    @property
    def awaited(self) -> bool:
        """Whether it was begun in haste a moment ago and has not laid anything yet."""
        return self.quick and self._laid == 0 and self.age < _AWAITED_SECONDS

    @property
    def exact(self) -> bool:
        """Whether what comes next is exact."""
        return self._exact or self._out > self.start + self._tail

    def engine_sample(self, position: int) -> int:
        """The engine's sample at a sample of the host's rate."""
        return round(position * self._engine_rate / self.version.rate)

    def advance(self, slots: Slots) -> bool:
        """Plays a piece, if one is made; whether it did."""
        if not self._queue:
            if not self._feed.ready:
                return False
            made = self._feed.take()
            n = _length(made)
            self._queue.extend({k: a[:, i : i + _PIECE] for k, a in made.items()} for i in range(0, n, _PIECE))
        dry = self._queue.popleft()
        self.dry.append((self._queued_at, dry))
        self._queued_at += _length(dry)
        stems, mix = self._console.process(dry, self.version.bpm, self._pools.effects)
        self._emit(stems, mix, slots)
        return True

    def history(self, engine_end: int, seconds: float) -> list[Dry]:
        """Dry stems that end at a sample of the engine, as many seconds as there are; none if it was not reached."""
        found: list[Dry] = []
        begin = engine_end - round(seconds * self._engine_rate)
        if self._queued_at < engine_end:
            return []
        for at, dry in self.dry:
            keep = slice(max(begin - at, 0), max(min(engine_end - at, _length(dry)), 0))
            if keep.start < keep.stop:
                found.append({stem: audio[:, keep] for stem, audio in dry.items()})
        return found

    def forget(self, position: int) -> None:
        """Lets the dry stems go that no history will ask for."""
        before = self.engine_sample(position) - round(MAX_PRE_ROLL_SECONDS * self._engine_rate)
        while self.dry and self.dry[0][0] + _length(self.dry[0][1]) < before:
            self.dry.popleft()

    def close(self) -> None:
        self._feed.close()
        self._console.close()

    def _origin(self, start: int) -> tuple[int, int]:
        """Where output begins: a sample of the engine and one of the host that are the same moment."""
        rate = round(self.version.rate)
        if rate == self._engine_rate:
            return start, start
        common = math.gcd(rate, self._engine_rate)
        periods = max(0, start - _SETTLE) // (rate // common)
        return periods * (self._engine_rate // common), periods * (rate // common)

    def _emit(self, stems: dict[str, NDArray[np.float32]], mix: NDArray[np.float32], slots: Slots) -> None:
        n = mix.shape[1]
        skip = min(n, max(0, self._first_out - self._engine_out))
        self._engine_out += n
        if skip == n:
            return
        buses = np.zeros((CHANNELS, n - skip), np.float32)
        buses[:2] = mix[:, skip:]
        named = [stem for stem in (*STEMS, *stems) if stem in stems and stem != MIX]
        for place, stem in enumerate(dict.fromkeys(named), 1):
            if 2 * place + 2 <= CHANNELS:
                buses[2 * place : 2 * place + 2] = stems[stem][:, skip:]
        if self._resampler is not None:
            buses = np.ascontiguousarray(self._resampler.resample_chunk(np.ascontiguousarray(buses.T)).T)
        self._lay(buses, slots)

    def _lay(self, buses: NDArray[np.float32], slots: Slots) -> None:
        at, n = 0, buses.shape[1]
        while at < n:
            frame = self._out % BLOCK_FRAMES
            count = min(BLOCK_FRAMES - frame, n - at)
            self._block[:, frame : frame + count] = buses[:, at : at + count]
            exact = self.exact
            self._out += count
            at += count
            if self._out % BLOCK_FRAMES == 0 and self._out > self.start:
                block = block_of(self._out - 1)
                valid = max(0, self.start - block * BLOCK_FRAMES)
                self._laid += 1
                notes = block_notes(self.version.song, self.version.bpm, self.version.rate, block)
                slots.put(self.version.number, block, EXACT if exact else QUICK, valid, self._block, notes)


def _length(dry: Dry) -> int:
    return int(next(iter(dry.values())).shape[1])


assert LONG % _PIECE == 0
