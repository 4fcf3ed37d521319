"""How well a conditioned model does what it is told: its beats against the grid, its density against the wanted one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.stats import spearmanr

from musika_daw.analysis.onsets import HOP, spectral_flux
from musika_daw.analysis.spectra import SAMPLE_RATE
from musika_daw.model.official.conditions import condition_rows
from musika_daw.model.official.official_file import OfficialModel
from musika_daw.model.official.song import OfficialSong
from musika_daw.train.labelling import label_audio

DENSITIES = (0.1, 0.3, 0.5, 0.7, 0.9)
_SEEDS = (1, 2, 3)
_SECONDS = 20.0
_MOVED = 32  # grids
_NEAR_SECONDS = 0.03


def obedience(model: OfficialModel, bpm: float) -> dict[str, Any]:
    """Figures of an official model; see `obedience_of`."""
    return obedience_of(
        lambda seed, densities: _play(model, seed, densities, bpm), model.info.stems, tuple(model.info.signals), bpm
    )


def obedience_of(
    play: Callable[[int, NDArray[np.float64]], NDArray[np.float32]],
    stems: Sequence[str],
    signals: Sequence[str],
    bpm: float,
) -> dict[str, Any]:
    """Figures of songs at a tempo, of three seeds and five densities; those that its conditioning gives a meaning.

    Args:
        play: seed, density of each stem -> left and right of each from a beat on, `[2 stems, samples]` at 44.1 kHz.
        stems: their names.
        signals: what the model is told.

    `density_rho` is the rank correlation of asked density and onsets a second, of every stem if there are several, each
    asked for a density of its own; `locked` the share of songs in which a steady beat is heard, `beat_error_ms` the
    median distance of its beats to the beats or off-beats asked for, and `off_beat` the share of these songs in which
    they are off-beats: where a hi-hat is louder than the kick, no tracker can tell. `beat_error_ms_shuffled` is the
    distance to grids moved at random: a model without a beat gets the same for both. `beat_contrast` says whether a
    beat is heard at all: how much more begins at the beats asked for than at moved ones (1: no more).
    """
    asked, rates, apart, shuffled, off_beat, contrast = [], [], [], [], [], []
    for seed in _SEEDS:
        orders = [np.random.default_rng([seed, stem]).permutation(DENSITIES) for stem in range(len(stems))]
        for densities in np.stack(orders, 1):
            sides = play(seed, densities).reshape(len(stems), 2, -1)
            seconds = sides.shape[2] / SAMPLE_RATE
            asked.append(densities)
            rates.append([len(label_audio(stem).onsets) / seconds for stem in sides])
            labels = label_audio(sides.sum(0))
            moved = np.random.default_rng([seed, len(asked)]).random(_MOVED)
            contrast.append(beat_contrast(sides.sum(0), bpm, moved))
            if labels.locked:
                beats = np.array(labels.locked[0].beats) * bpm / 60
                apart.append(_from_whole(2 * beats) / 2 * 60_000 / bpm)
                shuffled += [_from_whole(2 * beats + move) / 2 * 60_000 / bpm for move in moved]
                off_beat.append(_from_whole(beats) > 0.25)
    figures: dict[str, Any] = {}
    if "density" in signals:
        pairs = zip(stems, np.array(asked).T, np.array(rates).T, strict=True)
        # Onsets at one rate throughout have no rank.
        found = {stem: float(np.nan_to_num(spearmanr(wanted, heard).statistic)) for stem, wanted, heard in pairs}
        figures["density_rho"] = found if len(found) > 1 else next(iter(found.values()))
    if "beat_phase" in signals:
        figures["locked"] = len(apart) / len(asked)
        figures["beat_error_ms"] = float(np.median(apart)) if apart else float("nan")
        figures["beat_error_ms_shuffled"] = float(np.median(shuffled)) if shuffled else float("nan")
        figures["beat_contrast"] = float(np.nanmedian(contrast))
        figures["off_beat"] = float(np.mean(off_beat)) if off_beat else float("nan")
    return figures


def beat_contrast(sound: NDArray[np.float32], bpm: float, moved: NDArray[np.float64]) -> float:
    """Spectral flux near the beats of a grid that starts with the sound, over that of grids moved by shares of a beat;
    NaN where nothing begins."""
    flux = maximum_filter1d(spectral_flux(sound), 2 * round(_NEAR_SECONDS * SAMPLE_RATE / HOP) + 1)
    beats = np.arange(1, sound.shape[1] / SAMPLE_RATE * bpm / 60 - 1)

    def at(move: float) -> float:
        return float(flux[np.round((beats + move) * 60 / bpm * SAMPLE_RATE / HOP).astype(int)].mean())

    usual = float(np.mean([at(move) for move in moved]))
    return at(0.0) / usual if usual > 0 else float("nan")


def _from_whole(numbers: NDArray[np.float64]) -> float:
    """Median distance of numbers from whole ones."""
    return float(np.median(np.abs((numbers + 0.5) % 1 - 0.5)))


def _play(model: OfficialModel, seed: int, densities: NDArray[np.float64], bpm: float) -> NDArray[np.float32]:
    """`[2 stems, samples]` at 44.1 kHz."""
    size, signals = model.size, tuple(model.info.signals)

    def conditions(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        seconds = (rows + 0.5) * size.latent_samples / size.sample_rate
        level, tempo = np.tile(densities, (len(rows), 1)), np.full(len(rows), bpm)
        return condition_rows(signals, level, tempo, seconds * bpm / 60)

    song = OfficialSong(model.networks["gen"], model.decoders(), seed, conditions=conditions)
    sound = song.audio(0, int(_SECONDS * size.sample_rate))
    return np.asarray(soxr.resample(sound.T, size.sample_rate, SAMPLE_RATE), np.float32).T
