"""How well a conditioned model does what it is told: its beats against the grid, its density against the wanted one."""

from __future__ import annotations

from typing import Any

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


def obedience(model: OfficialModel, bpm: float) -> dict[str, Any]:
    """Figures of songs at a tempo, of three seeds and five densities; those that its conditioning gives a meaning.

    `density_rho` is the rank correlation of asked density and onsets a second, of every stem if there are several, each
    asked for a density of its own; `locked` the share of songs in which a steady beat is heard, `beat_error_ms` the
    median distance of its beats to the beats or off-beats asked for, and `off_beat` the share of these songs in which
    they are off-beats: where a hi-hat is louder than the kick, no tracker can tell.
    """
    signals, stems = tuple(model.info.signals), model.info.stems
    asked, rates, apart, off_beat = [], [], [], []
    for seed in _SEEDS:
        orders = [np.random.default_rng([seed, stem]).permutation(DENSITIES) for stem in range(len(stems))]
        for densities in np.stack(orders, 1):
            sides = _play(model, seed, densities, bpm).reshape(len(stems), 2, -1)
            asked.append(densities)
            rates.append([len(label_audio(stem).onsets) / _SECONDS for stem in sides])
            labels = label_audio(sides.sum(0))
            if labels.locked:
                beats = np.array(labels.locked[0].beats) * bpm / 60
                apart.append(_from_whole(2 * beats) / 2 * 60_000 / bpm)
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
        figures["off_beat"] = float(np.mean(off_beat)) if off_beat else float("nan")
    return figures


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
