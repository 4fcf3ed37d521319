"""How well a model's density is obeyed: onsets heard in what it plays, against the density that was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.stats import spearmanr

from musika_daw.analysis.onsets import find_notes
from musika_daw.analysis.spectra import SAMPLE_RATE
from musika_daw.errors import UserError
from musika_daw.model.model_file import FAMILY_RECORDS
from musika_daw.model.official.conditions import condition_rows
from musika_daw.model.official.official_file import OfficialModel, load_official, read_any_info
from musika_daw.model.official.song import OfficialSong
from musika_daw.model.universal.model_file import RecordsModel, load_records_model
from musika_daw.train.labels import labels_beside, read_labels
from musika_daw.train.metrics.onset_agreement import onset_agreement
from musika_daw.train.music_folder import find_music, read_music
from musika_daw.train.official.obedience import obedience_of
from musika_daw.train.records.playing import play as play_records

PIANO_THRESHOLD = 0.5
"""Of the onset detector, as a share of the strongest onsets.

Of several, the one at which `measure_detector` finds most on the corpus.
"""

_TOLERANCE_SECONDS = 0.045
_RECORDS_BPM = 125.0


@dataclass(frozen=True)
class DensitySettings:
    """Options of the measure."""

    model: str = field(default="piano", metadata={"help": "model whose density to measure"})
    songs: int = field(default=8, metadata={"help": "seeds that are played at every density"})
    seconds: float = field(default=24.0, metadata={"help": "how much of each is heard"})
    threshold: float = field(default=PIANO_THRESHOLD, metadata={"help": "of the onset detector"})
    corpus: Path | None = field(
        default=None,
        metadata={"help": "measure the detector instead, on a corpus of 'data make piano', whose onsets are known"},
    )


DENSITIES = (0.1, 0.3, 0.5, 0.7, 0.9)


def measure_density(settings: DensitySettings) -> dict[str, Any]:
    """`density_rho`: rank correlation of density asked and onsets heard over all songs, `within_rho`: within each song
    (median), and the onsets a second heard at each density (medians).

    With `corpus` it is the detector that is measured.

    Raises:
        UsageError: there is no such model. UserError: it knows no density, or the corpus has no labels.
    """
    if settings.corpus is not None:
        return measure_detector(settings.corpus, settings.threshold)
    family = read_any_info(settings.model).family
    if family == FAMILY_RECORDS:
        return _of_records(load_records_model(settings.model))
    model = load_official(settings.model)
    if "density" not in model.info.signals:
        raise UserError(f"model {settings.model} knows no density: expected one that was trained with it")
    rates = np.array(
        [
            [
                len(find_notes(play(model, seed, density, settings.seconds), settings.threshold)) / settings.seconds
                for density in DENSITIES
            ]
            for seed in range(1, settings.songs + 1)
        ]
    )
    asked = np.broadcast_to(DENSITIES, rates.shape)
    within = [float(np.nan_to_num(spearmanr(DENSITIES, song).statistic)) for song in rates]
    return {
        "density_rho": float(np.nan_to_num(spearmanr(asked.ravel(), rates.ravel()).statistic)),
        "within_rho": float(np.median(within)),
        "onsets_per_second": dict(zip(map(str, DENSITIES), np.median(rates, 0).round(2).tolist(), strict=True)),
    }


def _of_records(model: RecordsModel) -> dict[str, Any]:
    """The same of a model of records, in the styles of three of its songs, and its beats: it is told them, too."""
    return obedience_of(
        lambda seed, densities: play_records(model, seed, float(densities[0]), _RECORDS_BPM),
        model.info.stems,
        tuple(model.info.signals),
        _RECORDS_BPM,
    )


def measure_detector(corpus: Path, threshold: float) -> dict[str, Any]:
    """How well onsets that are heard in a corpus are those that were played.

    `onset_f` is the mean F-measure of files, `density_rho` the rank correlation of onsets a second, heard and played,
    over all files.

    Raises:
        UserError: the corpus has no labels.
    """
    agreements, heard, played = [], [], []
    for file in find_music(corpus).files:
        found = find_notes(read_music(file, SAMPLE_RATE), threshold)
        labels = read_labels(labels_beside(file.path))
        agreements.append(onset_agreement(found, np.array(labels.onsets), _TOLERANCE_SECONDS).f_measure)
        heard.append(len(found) / labels.seconds)
        played.append(len(labels.onsets) / labels.seconds)
    rho = float(np.nan_to_num(spearmanr(heard, played).statistic)) if len(heard) > 1 else float("nan")
    return {"onset_f": float(np.mean(agreements)), "density_rho": rho, "files": len(heard)}


def play(model: OfficialModel, seed: int, density: float, seconds: float) -> NDArray[np.float32]:
    """A song of one density, all its stems together, `[2, samples]` at 44.1 kHz."""
    size, signals, stems = model.size, tuple(model.info.signals), len(model.info.stems)

    def conditions(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        unlocked = np.full(len(rows), np.nan)
        return condition_rows(signals, np.full((len(rows), stems), density), unlocked, unlocked)

    song = OfficialSong(model.networks["gen"], model.decoders(), seed, conditions=conditions)
    sound = song.audio(0, int(seconds * size.sample_rate)).reshape(stems, 2, -1).sum(0)
    return np.asarray(soxr.resample(sound.T, size.sample_rate, SAMPLE_RATE), np.float32).T
