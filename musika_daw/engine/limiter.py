"""A limiter that turns all stems down together, so that the mix stays their sum."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.mixer import mix_down

AudioArray = NDArray[np.float32]

_STEP = 32  # samples between points of the gain curve, counted from the start of the song
_LOOKAHEAD_SECONDS = 0.008


class LinkedLimiter:
    """A look-ahead limiter for stems and their mix, streaming.

    One gain curve comes from the mix, the sum of the stems or one that is given, and goes to every stem. On a grid of
    `_STEP` samples that is fixed to song position, each point takes the gain that its step needs, then the smallest of
    the look-ahead, then a Hann-weighted mean of the same length, which can never exceed what any peak needs; between
    points the gain moves in a line. The gain at a sample depends on the mix within `reach` samples around it and on
    nothing else, so a stretch rendered alone, with `reach` samples of music on both sides, equals the same stretch of
    the whole song bit for bit.

    Attributes:
        reach: samples of music before and after that a sample's gain depends on.
        latency: at most this many samples are held back between calls.
        reduction_db: the most the limiter has turned down so far.
    """

    def __init__(
        self, sample_rate: int = 44100, ceiling_db: float = -0.5, position: int = 0, mix: str | None = None
    ) -> None:
        """Starts as if there had been silence before.

        Args:
            mix: which of the stems is the mix; None: it is the sum of all.
            ceiling_db: highest peak of the mix, dBFS.
            position: sample of the song where the first block starts.
        """
        self._taps = max(2, round(_LOOKAHEAD_SECONDS * sample_rate / _STEP))
        window = np.hanning(self._taps + 2)[1:-1]
        self._weights = (window / window.sum()).astype(np.float32)
        self._ceiling = np.float32(10.0 ** (ceiling_db / 20.0))
        self.reach = self.latency = (self._taps + 1) * _STEP
        self.reduction_db = 0.0
        self._mix = mix
        self._offset = position % _STEP  # of the first waiting sample within its step
        self._waiting: dict[str, AudioArray] = {}
        self._needs = np.ones(self._taps, np.float32)  # gain needed in the steps before the first waiting one

    def locate(self, position: int) -> None:
        """The next block starts at this sample of the song; what waits keeps the grid it has."""
        if not self._waiting:
            self._offset = position % _STEP

    def process(self, stems: Mapping[str, AudioArray]) -> dict[str, AudioArray]:
        """Takes the next block of every stem, `[2, n]` each.

        Returns:
            The stems that are final by now, `[2, m]` each: over all calls and `flush`, every sample once, in order.
        """
        if self._waiting:
            stems = {name: np.concatenate([self._waiting[name], audio], axis=1) for name, audio in stems.items()}
        n = next(iter(stems.values())).shape[1]
        return self._limit(stems, (self._offset + n) // _STEP - self._taps)

    def flush(self) -> dict[str, AudioArray]:
        """The rest, as if silence followed; the limiter is done then."""
        if not self._waiting:
            return {}
        n = next(iter(self._waiting.values())).shape[1]
        steps = -(-(self._offset + n) // _STEP)
        return self._limit(self._waiting, steps, at_end=True)

    def _limit(self, stems: Mapping[str, AudioArray], steps: int, at_end: bool = False) -> dict[str, AudioArray]:
        """Limits the first `steps` steps of what waits and keeps the rest."""
        if steps <= 0:
            self._waiting = dict(stems)
            return {name: audio[:, :0] for name, audio in stems.items()}
        needs = np.concatenate([self._needs, self._needed(stems, steps + self._taps)])
        # A mean over `taps` minima of `taps + 1` needs is below the two needs that all of them cover: those of the
        # steps before and after its point, so the lines between points are below what their steps need.
        lowest = _slide(needs, self._taps + 1)
        drop = np.zeros(len(lowest) - self._taps + 1, np.float32)
        for i, weight in enumerate(self._weights):  # tap by tap: the same sum however the stream is cut
            drop += weight * (1.0 - lowest[i : i + len(drop)])
        curve = (1.0 - drop)[: steps + 1]
        n = next(iter(stems.values())).shape[1]
        ready = n if at_end else steps * _STEP - self._offset
        if curve.min() < 1.0:
            gain = _lines(curve)[self._offset : self._offset + ready]
            self.reduction_db = max(self.reduction_db, -20.0 * math.log10(float(curve.min())))
            out = {name: audio[:, :ready] * gain for name, audio in stems.items()}
        else:
            out = {name: audio[:, :ready] for name, audio in stems.items()}
        self._needs = needs[steps : steps + self._taps]
        self._waiting = {name: audio[:, ready:].copy() for name, audio in stems.items()}
        self._offset = 0
        return out

    def _needed(self, stems: Mapping[str, AudioArray], steps: int) -> AudioArray:
        """Gain that brings each step's peak to the ceiling, `[steps]`; silence before, after and in between needs 1."""
        heard = min(next(iter(stems.values())).shape[1], steps * _STEP - self._offset)
        peaks = np.zeros(steps * _STEP, np.float32)
        loudest = peaks[self._offset : self._offset + heard]
        # Stems may cancel in the mix: each of them has to stay below the ceiling too.
        mix = stems[self._mix] if self._mix else mix_down(stems)
        for audio in (mix, *stems.values()):
            for side in audio[:, :heard]:
                np.maximum(loudest, np.abs(side), out=loudest)
        highest = peaks.reshape(steps, _STEP).max(axis=1)
        return np.asarray(self._ceiling / np.maximum(highest, self._ceiling), np.float32)


def _slide(values: AudioArray, width: int) -> AudioArray:
    """Smallest of each `width` neighbours, `[n - width + 1]`."""
    return np.asarray(np.lib.stride_tricks.sliding_window_view(values, width).min(axis=1), np.float32)


def _lines(points: AudioArray) -> AudioArray:
    """`_STEP` samples from each point to the next, in a line: `[(n - 1) * _STEP]`."""
    share = np.arange(_STEP, dtype=np.float32) / np.float32(_STEP)
    return (points[:-1, None] + (points[1:] - points[:-1])[:, None] * share).reshape(-1)
