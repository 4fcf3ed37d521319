"""Figures of the drums' noise over a set of excerpts: its texture, and how fast hats, claps and snares die away."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from musika_daw.analysis.spectra import mono
from musika_daw.evaluate.renders import SAMPLE_RATE, Excerpt
from musika_daw.music.notes import DRUM_PITCHES
from musika_daw.train.metrics.noise_texture import TEXTURE_FIGURES, high_pass, noise_texture

# Class -> hertz above which it is what sounds.
_DECAYS_ABOVE = {"closed_hat": 6000.0, "open_hat": 6000.0, "clap": 1000.0, "snare": 1500.0}
_ALONE_SECONDS = 0.1  # without another stroke
_STEP = 63  # samples
_FALL_DB = 15.0


def drum_noise_figures(excerpts: Sequence[Excerpt]) -> dict[str, float]:
    """Means over excerpts: `drums_*` of `NoiseTexture`, and `decay_*`, the fall of lone strokes in dB a second."""
    textures = np.array([astuple(noise_texture(excerpt.stems["drums"])) for excerpt in excerpts])
    figures = {f"drums_{name}": _mean(column) for name, column in zip(TEXTURE_FIGURES, textures.T, strict=True)}
    falls = [decays(excerpt) for excerpt in excerpts]
    return figures | {
        f"decay_{drum}": _mean(np.array([fall.get(drum, np.nan) for fall in falls])) for drum in _DECAYS_ABOVE
    }


def _mean(values: NDArray[np.float64]) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no excerpt has it: NaN
        return float(np.nanmean(values))


def decays(excerpt: Excerpt) -> dict[str, float]:
    """Class -> fall of its lone strokes over their first 15 dB, in dB a second, where there are two or more."""
    x = mono(excerpt.stems["drums"])
    notes = [(excerpt.tempo_map.seconds_at(n.start_beat), n.pitch) for n in excerpt.notes["drums"]]
    starts = np.unique([at for at, _ in notes])
    length = int(_ALONE_SECONDS * SAMPLE_RATE)
    found = {}
    for drum, above in _DECAYS_ABOVE.items():
        high = high_pass(x, above)
        energies = []
        for at, pitch in notes:
            first = int(at * SAMPLE_RATE)
            alone = not ((starts > at + 0.005) & (starts < at + _ALONE_SECONDS)).any()
            if pitch == DRUM_PITCHES[drum] and alone and 0 <= first < len(x) - length:
                energies.append(
                    (high[first : first + length] ** 2)[: length // _STEP * _STEP].reshape(-1, _STEP).mean(1)
                )
        if len(energies) >= 2:
            found[drum] = _fall(np.mean(energies, 0))
    return found


def _fall(energy: NDArray[np.float64]) -> float:
    """Slope of the level from its peak until it has fallen by `_FALL_DB`, dB a second."""
    level = 10 * np.log10(uniform_filter1d(energy, 5) + 1e-12)
    level = level[int(level[:20].argmax()) :]
    fallen = np.flatnonzero(level < level[0] - _FALL_DB)
    end = max(8, int(fallen[0]) if len(fallen) else len(level))
    return float(-np.polyfit(np.arange(len(level[:end])) * _STEP / SAMPLE_RATE, level[:end], 1)[0])
