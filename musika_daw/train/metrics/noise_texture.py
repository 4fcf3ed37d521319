"""Whether what should be noise is noise: the fine structure of drums at high frequencies, on any stem `[2, samples]`.

A decoder that works frame by frame can leave its hop in the sound: a pattern that repeats every few hops, a line in the
envelope at the rate of its frames, strokes that rise as slowly as its window. Log-spectral distance does not see it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono, spectrogram

Signal = NDArray[np.float64]

HOP = 256
"""Samples of a frame of the drums' decoder."""
REPEAT = 3 * HOP
"""Lag in samples at which its pattern was strongest."""
_SILENT = 1e-7  # mean square
_STROKES_A_SECOND = 2.0  # the strongest, whose rise is measured


@dataclass(frozen=True)
class NoiseTexture:
    """What a drum stem sounds like above its kick.

    Attributes:
        repeats: autocorrelation above 5 kHz at `REPEAT` samples; noise has none, ringing metal some.
        hop_line_db: the envelope of 8-16 kHz at the rate of the hop (172 Hz), over what stands beside it.
        rise_ms: 10 to 90 % of the envelope above 3 kHz at the strongest strokes, median.
        flatness_db: of the spectrum between 5 and 16 kHz where it sounds, geometric over arithmetic mean.
        grain_db: how much a bin of 8-15 kHz differs from frame to frame; white noise 7.9, a steady pattern 0.
        presence_db: level of 2-8 kHz under the whole.
        air_db: level of 8-16 kHz under the whole.
    """

    repeats: float
    hop_line_db: float
    rise_ms: float
    flatness_db: float
    grain_db: float
    presence_db: float
    air_db: float


def _band(x: Signal, lowest_hz: float, highest_hz: float) -> Signal:
    n = next_fast_len(len(x), True)
    spectrum = rfft(x, n)
    hz = np.fft.rfftfreq(n, 1 / SAMPLE_RATE)
    spectrum[(hz < lowest_hz) | (hz > highest_hz)] = 0
    return np.asarray(irfft(spectrum, n)[: len(x)], np.float64)


def high_pass(x: Signal, lowest_hz: float) -> Signal:
    """What lies above a frequency."""
    return _band(x, lowest_hz, SAMPLE_RATE)


def repeats(x: Signal, lag: int = REPEAT) -> float:
    """Autocorrelation of what lies above 5 kHz."""
    high = _band(x, 5000, 20000)
    energy = float(high @ high)
    return float(high[:-lag] @ high[lag:]) / energy if energy > _SILENT * len(x) else float("nan")


def envelope_line_db(x: Signal, hz: float = SAMPLE_RATE / HOP) -> float:
    """Power of the envelope of 8-16 kHz within 0.25 Hz of a rate, over the mean of what lies 2 to 12 Hz beside it."""
    squared = _band(x, 8000, 16000) ** 2
    if squared.mean() < _SILENT:
        return float("nan")
    smooth = uniform_filter1d(squared, 65)
    envelope = np.sqrt(smooth[: len(smooth) // 16 * 16].reshape(-1, 16).mean(1))
    window = np.hanning(len(envelope))
    power = np.abs(rfft((envelope - envelope.mean()) * window)) ** 2
    apart = np.abs(np.fft.rfftfreq(len(envelope), 16 / SAMPLE_RATE) - hz)
    return float(10 * np.log10(power[apart < 0.25].mean() / power[(apart > 2) & (apart < 12)].mean()))


def rise_ms(x: Signal) -> float:
    """Median rise, 10 to 90 %, of the strongest strokes above 3 kHz."""
    high = _band(x, 3000, 20000)
    envelope = np.sqrt(np.maximum(uniform_filter1d(high**2, 88), 0.0))[::8]  # 2 ms, a value every 0.18 ms
    step = int(0.012 * SAMPLE_RATE / 8)
    jump = np.zeros_like(envelope)
    jump[step:-step] = uniform_filter1d(envelope, step)[2 * step :] - uniform_filter1d(envelope, step)[: -2 * step]
    peaks = np.flatnonzero((jump == maximum_filter1d(jump, int(0.1 * SAMPLE_RATE / 8))) & (jump > 1e-3))
    strongest = peaks[np.argsort(-jump[peaks])][: max(3, int(_STROKES_A_SECOND * len(x) / SAMPLE_RATE))]
    rises = [rise for p in strongest if (rise := _rise(envelope[max(0, p - 2 * step) : p + 3 * step])) is not None]
    return float(np.median(rises)) if rises else float("nan")


def _rise(envelope: Signal) -> float | None:
    """Milliseconds from a tenth to nine tenths of the way from the quietest to the loudest that follows; None where
    nothing rises, as in a stroke that was cut at its top."""
    top = int(envelope.argmax())
    floor = envelope[: top + 1].min()
    if envelope[top] - floor < 1e-6:
        return None
    share = (envelope[: top + 1] - floor) / (envelope[top] - floor)
    high = int(np.flatnonzero(share >= 0.9)[0])
    low = int(np.flatnonzero(share[: high + 1] <= 0.1)[-1]) if (share[: high + 1] <= 0.1).any() else 0
    return (high - low) * 8 / SAMPLE_RATE * 1000


def flatness_db(x: Signal) -> float:
    """Geometric over arithmetic mean of the power between 5 and 16 kHz, FFT 2048, mean over frames that sound."""
    power = spectrogram(x, 2048, 1024)[:, 232:744] ** 2
    if power.max() < _SILENT:
        return float("nan")
    heard = power[power.mean(1) > 1e-3 * power.mean(1).max()] + 1e-14
    return float(10 * np.log10(np.exp(np.log(heard).mean(1)) / heard.mean(1)).mean())


def grain_db(x: Signal) -> float:
    """Standard deviation of how a bin of 8-15 kHz changes from frame to frame where the level stays."""
    log = 20 * np.log10(spectrogram(x, 512, 512)[:, 93:174] + 1e-7)
    level = log.mean(1)
    steady = (np.abs(np.diff(level)) < 4) & (level[1:] > level.max() - 35)
    return float(np.diff(log, axis=0)[steady].std()) if steady.any() else float("nan")


def noise_texture(audio: Audio) -> NoiseTexture:
    """All of them; NaN where a stem has nothing up there."""
    x = mono(audio)
    power = spectrogram(x, 2048, 1024) ** 2
    hz = np.fft.rfftfreq(2048, 1 / SAMPLE_RATE)
    whole = power.sum() + 1e-12

    def level(lowest: float, highest: float) -> float:
        return float(10 * np.log10(power[:, (hz >= lowest) & (hz < highest)].sum() / whole + 1e-9))

    return NoiseTexture(
        repeats(x),
        envelope_line_db(x),
        rise_ms(x),
        flatness_db(x),
        grain_db(x),
        level(2000, 8000),
        level(8000, 16000),
    )


TEXTURE_FIGURES = tuple(f.name for f in fields(NoiseTexture))
