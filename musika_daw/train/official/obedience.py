"""How well a conditioned model does what it is told: its beats against the grid, its density against the wanted one."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.stats import spearmanr

from musika_daw.model.official.conditions import condition_rows
from musika_daw.model.official.official_file import OfficialModel
from musika_daw.model.official.song import OfficialSong
from musika_daw.train.labelling import label_audio
from musika_daw.train.measures.spectra import SAMPLE_RATE

DENSITIES = (0.1, 0.3, 0.5, 0.7, 0.9)
_SEEDS = (1, 2, 3)
_SECONDS = 20.0


def obedience(model: OfficialModel, bpm: float) -> dict[str, float]:
    """Figures of songs at a tempo, of three seeds and five densities; those that its conditioning gives a meaning.

    `density_rho` is the rank correlation of asked density and onsets a second; `locked` the share of songs in which a
    steady beat is heard, and `beat_error_ms` the median distance of its beats to those asked for.
    """
    signals = tuple(model.info.signals)
    asked, rates, apart, locked = [], [], [], 0
    for seed in _SEEDS:
        for density in DENSITIES:
            labels = label_audio(_play(model, seed, density, bpm))
            asked.append(density)
            rates.append(len(labels.onsets) / _SECONDS)
            if labels.locked:
                locked += 1
                beats = np.array(labels.locked[0].beats) * bpm / 60
                apart.append(float(np.median(np.abs((beats + 0.5) % 1 - 0.5))) * 60_000 / bpm)
    figures = {}
    if "density" in signals:
        # Onsets at one rate throughout have no rank.
        figures["density_rho"] = float(np.nan_to_num(spearmanr(asked, rates).statistic))
    if "beat_phase" in signals:
        figures["locked"] = locked / len(asked)
        figures["beat_error_ms"] = float(np.median(apart)) if apart else float("nan")
    return figures


def _play(model: OfficialModel, seed: int, density: float, bpm: float) -> NDArray[np.float32]:
    size, signals = model.size, tuple(model.info.signals)

    def conditions(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        seconds = (rows + 0.5) * size.latent_samples / size.sample_rate
        level, tempo = np.full(len(rows), density), np.full(len(rows), bpm)
        return condition_rows(signals, level, tempo, seconds * bpm / 60)

    song = OfficialSong(model.networks["gen"], model.decoders(), seed, conditions=conditions)
    sound = song.audio(0, int(_SECONDS * size.sample_rate))
    return np.asarray(soxr.resample(sound.T, size.sample_rate, SAMPLE_RATE), np.float32).T
