"""Sound of 22.05 kHz at 44.1 kHz, in pieces that lie at fixed places: a stretch sounds the same however it is cut."""

from __future__ import annotations

import numpy as np
import soxr

from musika_daw.analysis.spectra import SAMPLE_RATE as RATE
from musika_daw.analysis.spectra import Audio
from musika_daw.engine.official.rhythm import Source
from musika_daw.remember import remember

_PIECE = 1 << 15  # samples of the source
_MARGIN = 1024  # of the source on either side, so that a piece's filter has run in


class Upsampled:
    """A source of half the rate, at 44.1 kHz."""

    def __init__(self, source: Source) -> None:
        """`source`: at 22.05 kHz."""
        self._source = source
        self._piece = remember(self._make, 4)

    def audio(self, start: int, end: int) -> Audio:
        size = 2 * _PIECE
        first = start // size
        pieces = [self._piece(number) for number in range(first, max(-(-end // size), first + 1))]
        return np.concatenate(pieces, 1)[:, start - first * size : end - first * size]

    def _make(self, number: int) -> Audio:
        begin = number * _PIECE - _MARGIN
        sound = self._source.audio(begin, begin + _PIECE + 2 * _MARGIN)
        raised = soxr.resample(sound.T, RATE // 2, RATE).T
        cut: Audio = np.clip(raised[:, 2 * _MARGIN : 2 * (_MARGIN + _PIECE)], -1, 1)
        return np.ascontiguousarray(cut)
