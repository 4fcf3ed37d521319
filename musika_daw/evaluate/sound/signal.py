"""Figures of an excerpt that taggers are deaf to: dynamics, spectrum, width, attacks, and traces of blocks."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, correlate, sosfiltfilt

from musika_daw.analysis.onsets import find_onsets
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono, spectrogram
from musika_daw.evaluate.sound.loudness import loudness_range

Signal = NDArray[np.float64]
_N, _HOP = 4096, 1024
BLOCK_LAGS = {"768": 768, "1024": 1024, "2048": 2048}
"""Hops and frames that generators work in, in samples: what repeats at them was made by blocks."""
LINES_HZ = (21.5, 43.1, 86.1, 172.3)
_LINE_BESIDE_HZ = 4.0
_STRONGEST = 12  # onsets that attacks are measured at
_ENVELOPE_STEP = 32  # samples: the envelope's rate is 1378 Hz


def signal_figures(sound: Audio, lufs: float) -> dict[str, float]:
    """Every figure of an excerpt `[2, samples]`; `lufs` is how loud it was before it was levelled."""
    x = mono(sound)
    figures = {"loudness_lufs": lufs, "loudness_range_db": loudness_range(sound), "crest_db": crest_db(x)}
    return figures | _spectrum(x) | _widths(sound) | _attacks(x) | _floors(x) | block_traces(x)


def crest_db(x: Signal) -> float:
    """Peak over root mean square."""
    return float(20 * np.log10(np.abs(x).max() / (np.sqrt(np.mean(x**2)) + 1e-12) + 1e-12))


def _band_levels(power: Signal, hz: Signal, edges: tuple[float, ...]) -> list[float]:
    """dB of each band beside all there is."""
    whole = power.sum() + 1e-20
    pairs = itertools.pairwise(edges)
    return [float(10 * np.log10(power[(hz >= low) & (hz < high)].sum() / whole + 1e-12)) for low, high in pairs]


def _spectrum(x: Signal) -> dict[str, float]:
    magnitude = spectrogram(x, _N, _HOP)
    power = np.asarray((magnitude**2).mean(0), np.float64)
    hz = np.asarray(np.fft.rfftfreq(_N, 1 / SAMPLE_RATE), np.float64)
    middle, high = _band_levels(power, hz, (2000, 8000, 16000))
    edges = np.geomspace(100, 10000, 21)
    centres = np.sqrt(edges[:-1] * edges[1:])
    bands = [power[(hz >= a) & (hz < b)].mean() for a, b in itertools.pairwise(edges)]
    tilt = np.polyfit(np.log2(centres), 10 * np.log10(np.array(bands) + 1e-14), 1)[0]
    return {"tilt_db_per_octave": float(tilt), "level_2_8_khz_db": middle, "level_8_16_khz_db": high}


def _widths(sound: Audio) -> dict[str, float]:
    """Side over mid, dB, in three bands."""
    left, right = sound.astype(np.float64)
    mid, side = ((spectrogram(s, _N, _HOP) ** 2).mean(0) for s in ((left + right) / 2, (left - right) / 2))
    hz = np.fft.rfftfreq(_N, 1 / SAMPLE_RATE)
    found = {}
    for name, low, high in (("low", 20, 120), ("middle", 120, 2000), ("high", 2000, 16000)):
        inside = (hz >= low) & (hz < high)
        found[f"width_{name}_db"] = float(10 * np.log10((side[inside].sum() + 1e-14) / (mid[inside].sum() + 1e-14)))
    return found


def _above(x: Signal, hz: float) -> Signal:
    return np.asarray(sosfiltfilt(butter(4, hz, "high", fs=SAMPLE_RATE, output="sos"), x), np.float64)


def _envelope(x: Signal, step: int = _ENVELOPE_STEP) -> Signal:
    """Root mean square of steps."""
    count = len(x) // step
    return np.asarray(np.sqrt((x[: count * step].reshape(count, step) ** 2).mean(1)), np.float64)


def _attacks(x: Signal) -> dict[str, float]:
    """How fast and how far the strongest onsets rise above 3 kHz, and how often there is one."""
    onsets = find_onsets(np.stack([x, x]).astype(np.float32))
    envelope = _envelope(_above(x, 3000.0))
    rate = SAMPLE_RATE / _ENVELOPE_STEP
    rises, jumps = [], []
    for at in onsets:
        centre = int(at * rate)
        part = envelope[max(0, centre - int(0.03 * rate)) : centre + int(0.04 * rate)]
        if len(part) < int(0.05 * rate):
            continue
        top = int(part.argmax())
        low = float(np.median(part[: max(4, int(0.015 * rate))])) + 1e-6
        height = part[top] - low
        if top == 0 or height <= 0:
            continue
        before = part[: top + 1]
        ninety = int(np.argmax(before >= low + 0.9 * height))
        ten = int(np.flatnonzero(before[: ninety + 1] <= low + 0.1 * height).max(initial=0))
        rises.append(1000 * (ninety - ten) / rate)
        jumps.append(20 * np.log10(part[top] / low))
    order = np.argsort(jumps)[::-1][:_STRONGEST]
    rise = float(np.mean(np.array(rises)[order])) if rises else float("nan")
    jump = float(np.mean(np.array(jumps)[order])) if rises else float("nan")
    return {"onsets_per_second": len(onsets) / (len(x) / SAMPLE_RATE), "attack_rise_ms": rise, "attack_jump_db": jump}


def _floors(x: Signal) -> dict[str, float]:
    """The quietest tenth of a second under the mean; how much of the music comes again within 5 s."""
    blocks = _envelope(x, SAMPLE_RATE // 10)
    quiet = 20 * np.log10((blocks.min() + 1e-9) / (np.sqrt((blocks**2).mean()) + 1e-9))
    return {"quietest_db": float(quiet), "repetition": repetition(x)}


def repetition(x: Signal) -> float:
    """Best correlation of the rises of 24 bands with those 1 to 5 s later."""
    magnitude = spectrogram(x, 2048, 512)
    hz = np.fft.rfftfreq(2048, 1 / SAMPLE_RATE)
    edges = np.geomspace(40, 16000, 25)
    bands = [magnitude[:, (hz >= a) & (hz < b)].sum(1) for a, b in itertools.pairwise(edges)]
    level = np.log(np.stack(bands, 1) + 1e-4)
    change = np.maximum(np.diff(level, axis=0), 0)
    change = (change - change.mean(0)) / (change.std(0) + 1e-9)
    rate = SAMPLE_RATE / 512
    found = [float((change[:-lag] * change[lag:]).mean()) for lag in range(int(rate), int(5 * rate))]
    return max(found)


def block_traces(x: Signal) -> dict[str, float]:
    """What betrays that sound was made block by block.

    `periodic_<lag>`: autocorrelation above 3 kHz at a lag. `line_<hz>`: a line in the envelope above 8 kHz (there most
    of it is noise), dB over what lies beside it.
    """
    high = _above(x, 3000.0)
    power = float((high**2).sum()) + 1e-12
    most = max(BLOCK_LAGS.values())
    whole = correlate(high, high, "full", "fft")[len(high) - 1 : len(high) + most] / power
    found = {f"periodic_{name}": float(whole[lag]) for name, lag in BLOCK_LAGS.items()}
    envelope = _envelope(_above(x, 8000.0))
    spectrum = np.abs(np.fft.rfft((envelope - envelope.mean()) * np.hanning(len(envelope)))) ** 2
    hz = np.fft.rfftfreq(len(envelope), _ENVELOPE_STEP / SAMPLE_RATE)
    for line in LINES_HZ:
        at = np.abs(hz - line) <= 0.3
        beside = (np.abs(hz - line) > 1.0) & (np.abs(hz - line) <= _LINE_BESIDE_HZ)
        found[f"line_{line:g}_hz_db"] = float(
            10 * np.log10((spectrum[at].max() + 1e-14) / (spectrum[beside].mean() + 1e-14))
        )
    return found
