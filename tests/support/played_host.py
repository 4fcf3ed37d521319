"""A host that plays in real time: blocks come when a sound card would ask for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tests.support.clap_host import ClapHost

Audio = NDArray[np.float32]


@dataclass
class Player:
    """Plays an instance block by block.

    Attributes:
        midi: messages that come in, each when its song position is played.
        late: blocks that took longer than they last.
    """

    host: ClapHost
    frames: int = 256
    beat: float = 0.0
    bpm: float = 128.0
    loop: tuple[float, float] | None = None
    midi: Sequence[tuple[float, bytes]] = ()
    late: int = 0
    _due: float | None = field(default=None, init=False)

    def stand(self, seconds: float) -> None:
        """The transport stands at `beat` for so long."""
        left = round(seconds * self.host.rate)
        while left > 0:
            self._block(False, min(self.frames, left), [])
            left -= self.frames

    def play(
        self, seconds: float, moves: Callable[[], list[tuple[int, float]]] = list, ramp: float = 0.0
    ) -> tuple[Audio, NDArray[np.float64]]:
        """Plays on; the sound, `[10, n]`, and the song position of each sample.

        Args:
            moves: asked before each block.
            ramp: bpm by which the tempo rises in a second.
        """
        parts, beats, left = [], [], round(seconds * self.host.rate)
        while left > 0:
            frames = min(self.frames, left)
            a_beat = 60 / self.bpm * self.host.rate
            if self.loop is not None:
                frames = min(frames, max(1, round((self.loop[1] - self.beat) * a_beat)))
            beats.append(self.beat + np.arange(frames) / a_beat)
            parts.append(self._block(True, frames, moves()))
            left -= frames
            self.beat += frames / a_beat
            if self.loop is not None and (self.loop[1] - self.beat) * a_beat < 0.5:
                self.beat = self.loop[0]
            self.bpm += ramp * frames / self.host.rate
        return np.concatenate(parts, 1), np.concatenate(beats)

    def _block(self, playing: bool, frames: int, moves: list[tuple[int, float]]) -> Audio:
        length, now = frames / self.host.rate, time.monotonic()
        if self._due is None or self._due < now - 0.5:
            self._due = now
        time.sleep(max(0.0, self._due - now))
        began = time.monotonic()
        a_beat = 60 / self.bpm * self.host.rate
        due = ((round((beat - self.beat) * a_beat), message) for beat, message in self.midi)
        midi = [(frame, message) for frame, message in due if playing and 0 <= frame < frames]
        audio = self.host.block(self.beat, frames, self.bpm, playing, self.loop, moves, midi)
        self.late += time.monotonic() - began > length
        self._due += length
        return audio


def first_right(heard: Audio, expected: Audio, step: int = 882) -> tuple[int | None, bool]:
    """From which sample on a stem is heard as it is expected, and whether nothing of another place is heard before.

    What begins within the song lacks what effects still held: then less is left of the difference than is expected.
    Another place leaves the sum of both.
    """
    steps = [slice(at, at + step) for at in range(0, heard.shape[1] - step + 1, step)]
    power = [float(np.square(expected[:, s]).sum()) for s in steps]
    left = [float(np.square(heard[:, s] - expected[:, s]).sum()) for s in steps]
    floor = 1e-3 * max(power)
    there = [i for i, (rest, whole) in enumerate(zip(left, power, strict=True)) if whole >= floor and rest < whole / 2]
    honest = all(rest <= 1.1 * whole + floor for rest, whole in zip(left, power, strict=True))
    return there[0] * step if there else None, honest
