"""Chorus of our own: its swing follows song position.

pedalboard's Chorus and Phaser run on a clock that starts at zero with the first block, so a stretch rendered alone
would not equal the same stretch of the whole song.
"""

from __future__ import annotations

import math

import numpy as np

from musika_daw.engine.fx.catalogue import EFFECTS
from musika_daw.engine.fx.effect import AudioArray, KnobOf
from musika_daw.engine.fx.ramp import Gains, Ramp

_FADE_SECONDS = 0.02  # from one swing to another when the song position jumps


class Chorus:
    """One voice per side whose delay swings a quarter turn apart."""

    latency = 0

    def __init__(self, knobs: KnobOf, sample_rate: int, position: int) -> None:
        """`position`: sample of the song at which the first block starts (negative in a pre-roll)."""
        self._rate, self._knobs, self._position = sample_rate, knobs, position
        self._rate_hz = knobs["rate_hz"].goal
        self._turn = 0.0  # of the swing at song position 0
        self._heard = False
        self._former: tuple[int, float] | None = None  # position and turn before a jump, as long as they are heard
        self._fade = Ramp(1.0, round(_FADE_SECONDS * sample_rate))
        longest = EFFECTS["Chorus"]["centre_delay_ms"].high + EFFECTS["Chorus"]["depth_ms"].high
        self._history = np.zeros((2, math.ceil(longest * sample_rate / 1000.0) + 2), np.float32)

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        """`[2, n]` -> `[2, n]`."""
        n = audio.shape[1]
        self._heard = True
        self._follow_rate()
        line = np.concatenate([self._history, audio], axis=1)
        per_ms = np.float32(self._rate / 1000.0)
        centre = self._knobs["centre_delay_ms"].take(n) * per_ms
        depth = np.minimum(self._knobs["depth_ms"].take(n) * per_ms, centre - np.float32(1.0))
        wet = self._voice(line, n, centre, depth, self._position, self._turn)
        if self._former is not None:
            before = self._voice(line, n, centre, depth, *self._former)
            fade = self._fade.take(n)
            wet = np.where(fade < 1.0, before + fade * (wet - before), wet)
            self._former = (self._former[0] + n, self._former[1]) if self._fade.moving else None
        self._position += n
        self._history = line[:, n:].copy()
        return audio + self._knobs["mix"].take(n) * (wet - audio)

    def tail_seconds(self, bpm: float) -> float:
        """The longest delay."""
        centre = self._knobs["centre_delay_ms"].goal
        return (centre + min(centre, self._knobs["depth_ms"].goal)) / 1000.0 + 2.0 / self._rate

    def locate(self, position: int) -> None:
        if self._heard and position != self._position:
            self._former = (self._position, self._turn)
            self._fade.jump(0.0)
            self._fade.to(1.0)
        self._position = position

    def _follow_rate(self) -> None:
        """A new rate goes on from where the swing is."""
        rate_hz = self._knobs["rate_hz"].goal
        self._turn += self._position * (self._rate_hz - rate_hz) / self._rate
        self._rate_hz = rate_hz

    def _voice(self, line: AudioArray, n: int, centre: Gains, depth: Gains, position: int, turn: float) -> AudioArray:
        """The last n samples of the line, delayed; `position` and `turn` say where the swing is."""
        kept = line.shape[1] - n
        turns = np.arange(position, position + n, dtype=np.float64) * (self._rate_hz / self._rate) + turn
        here = np.arange(kept, kept + n, dtype=np.int32)
        wet = np.empty((2, n), np.float32)
        for side in range(2):
            sided = turns + 0.25 * side
            swing = (2.0 * (sided - np.floor(sided)) - 1.0).astype(np.float32)
            # a parabola in place of a sine, at a tenth of its cost
            delay = centre + depth * (np.float32(4.0) * swing * (np.float32(1.0) - np.abs(swing)))
            whole = delay.astype(np.int32)
            newer = line[side].take(here - whole)
            older = line[side].take(here - whole - 1)
            wet[side] = newer + (delay - whole.astype(np.float32)) * (older - newer)
        return wet
