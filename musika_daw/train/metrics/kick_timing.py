"""When kicks really sound: the error of the drums against the grid of beats."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.onsets import HOP, spectral_flux
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio

_REACH_SECONDS = 0.08
_TOP_HZ = 900.0  # the kick's body and the foot of its sweep lie below; hats and claps above
_LEAST_FLUX = 0.08


def kick_errors(audio: Audio, beats_seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signed error in seconds of the kick at each beat that should have one; NaN where none is heard within 80 ms.

    The time of a kick is the peak of the spectral flux below 900 Hz, interpolated between hops.
    """
    flux = spectral_flux(audio, _TOP_HZ)
    reach = int(_REACH_SECONDS * SAMPLE_RATE / HOP)
    errors = np.full(len(beats_seconds), np.nan)
    for i, beat in enumerate(beats_seconds):
        first = max(1, round(beat * SAMPLE_RATE / HOP) - reach)
        near = flux[first : first + 2 * reach + 1]
        if len(near) < 3 or near.max() < _LEAST_FLUX:
            continue
        peak = min(first + int(near.argmax()), len(flux) - 2)
        left, middle, right = flux[peak - 1 : peak + 2]
        bend = left - 2 * middle + right
        shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
        errors[i] = (peak + float(np.clip(shift, -0.5, 0.5))) * HOP / SAMPLE_RATE - beat
    return errors


@dataclass(frozen=True)
class BeatFigures:
    """Of the kicks that were heard, milliseconds; `heard` and `hit` are shares of the beats that should have one."""

    median_ms: float
    p95_ms: float
    hit_30_ms: float
    heard: float
    drift_ms_per_minute: float


def beat_figures(errors: NDArray[np.float64], beats_seconds: NDArray[np.float64]) -> BeatFigures:
    heard = ~np.isnan(errors)
    apart = errors[heard]
    if not len(apart):
        return BeatFigures(float("nan"), float("nan"), 0.0, 0.0, float("nan"))
    slope = float(np.polyfit(beats_seconds[heard], apart, 1)[0]) if heard.sum() > 3 else 0.0
    return BeatFigures(
        float(np.median(np.abs(apart)) * 1000),
        float(np.percentile(np.abs(apart), 95) * 1000),
        float((np.abs(apart) < 0.03).sum() / len(errors)),
        float(heard.mean()),
        slope * 1000 * 60,
    )
