"""Delay that brings stems together whose effects are late by different amounts."""

from __future__ import annotations

from collections import deque

import numpy as np

from musika_daw.engine.fx.effect import AudioArray
from musika_daw.engine.fx.ramp import Ramp

FADE_SECONDS = 0.02
_KEPT = 4096  # at least so much of the past is there when the delay grows


class Alignment:
    """Holds audio back by a number of samples that may change, with a crossfade from one delay to the other.

    Blocks that went in are kept as they are, not copied: nobody may write into them afterwards.
    """

    def __init__(self, samples: int, sample_rate: int) -> None:
        self._delay = self._former = samples
        self._fade = Ramp(1.0, round(FADE_SECONDS * sample_rate))
        self._kept = max(samples, _KEPT)
        self._past: deque[AudioArray] = deque([np.zeros((2, self._kept), np.float32)])
        self._samples = self._kept  # in `_past`

    def to(self, samples: int) -> None:
        """Another delay from the next block on; a fade that is under way is cut short."""
        if samples == self._delay:
            return
        self._former, self._delay = self._delay, samples
        self._fade.jump(0.0)
        self._fade.to(1.0)
        if missing := max(0, samples - self._samples):
            self._past.appendleft(np.zeros((2, missing), np.float32))
            self._samples += missing
        self._kept = max(self._kept, samples)

    def process(self, audio: AudioArray) -> AudioArray:
        """`[2, n]` -> `[2, n]`, late."""
        late = self._late(audio, self._delay)
        if self._fade.moving:
            before = self._late(audio, self._former)
            fade = self._fade.take(audio.shape[1])
            late = np.where(fade < 1.0, before + fade * (late - before), late)
        self._past.append(audio)
        self._samples += audio.shape[1]
        while self._samples - self._past[0].shape[1] >= self._kept:
            self._samples -= self._past.popleft().shape[1]
        return late

    def _late(self, audio: AudioArray, delay: int) -> AudioArray:
        if not delay:
            return audio
        n, parts, found = audio.shape[1], [audio], audio.shape[1]
        for block in reversed(self._past):
            if found >= n + delay:
                break
            parts.append(block)
            found += block.shape[1]
        line = np.concatenate(parts[::-1], axis=1)
        end = line.shape[1] - delay
        return line[:, end - n : end]
