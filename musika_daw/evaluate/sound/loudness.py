"""Loudness as broadcasters measure it: ITU-R BS.1770-4, and its range over time."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio

_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_OFFSET = -0.691
_BLOCK, _STEP = 0.4, 0.1


def _shelf(rate: float) -> tuple[list[float], list[float]]:
    """The first filter, of a head: 4 dB above 1.7 kHz (its analogue prototype at any rate)."""
    hz, gain_db, q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k, high = math.tan(math.pi * hz / rate), 10 ** (gain_db / 20)
    middle, base = high**0.4996667741545416, 1 + k / q + k * k
    numerator = [
        (high + middle * k / q + k * k) / base,
        2 * (k * k - high) / base,
        (high - middle * k / q + k * k) / base,
    ]
    return numerator, [1.0, 2 * (k * k - 1) / base, (1 - k / q + k * k) / base]


def _high_pass(rate: float) -> tuple[list[float], list[float]]:
    """The second filter, of ears: nothing below 38 Hz."""
    hz, q = 38.13547087602444, 0.5003270373238773
    k = math.tan(math.pi * hz / rate)
    base = 1 + k / q + k * k
    return [1.0, -2.0, 1.0], [1.0, 2 * (k * k - 1) / base, (1 - k / q + k * k) / base]


def _weighted_power(audio: Audio) -> NDArray[np.float64]:
    """Power of both channels together after both filters, `[samples]`."""
    filtered = audio.astype(np.float64)
    for numerator, denominator in (_shelf(SAMPLE_RATE), _high_pass(SAMPLE_RATE)):
        filtered = lfilter(numerator, denominator, filtered, axis=1)
    return np.asarray((filtered**2).sum(0), np.float64)


def loudness_curve(audio: Audio, window_seconds: float, step_seconds: float) -> NDArray[np.float64]:
    """LUFS of windows `[count]`, without gates; of shorter sounds one value."""
    power = np.concatenate([[0.0], np.cumsum(_weighted_power(audio))])
    size = min(round(window_seconds * SAMPLE_RATE), audio.shape[1])
    starts = np.arange(0, audio.shape[1] - size + 1, round(step_seconds * SAMPLE_RATE))
    mean = (power[starts + size] - power[starts]) / size
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(mean, 1e-12)), np.float64)


def integrated_loudness(audio: Audio) -> float:
    """LUFS of the whole, its silences gated out; -70 where nothing is louder."""
    blocks = loudness_curve(audio, _BLOCK, _STEP)
    blocks = blocks[blocks > _ABSOLUTE_GATE]
    if not len(blocks):
        return _ABSOLUTE_GATE
    mean = _mean_lufs(blocks)
    return _mean_lufs(blocks[blocks > mean + _RELATIVE_GATE])


def _mean_lufs(values: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(10 ** (values / 10))))


def loudness_range(audio: Audio, window_seconds: float = 3.0) -> float:
    """P95 - P10 of the loudness of windows, dB."""
    curve = loudness_curve(audio, window_seconds, 0.1)
    return float(np.percentile(curve, 95) - np.percentile(curve, 10))
