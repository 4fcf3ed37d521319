"""Table 2: sets of songs, listened to song by song with every ear, and their distances to real ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.evaluate.report.control import onset_rates
from musika_daw.evaluate.report.embeddings import Embedding
from musika_daw.evaluate.report.frechet import Distance, audio_distance
from musika_daw.evaluate.report.sounds import Progress, Song
from musika_daw.music.notes import MIX
from musika_daw.train.metrics.frechet import Gaussian, Vectors


@dataclass(frozen=True)
class HeardSet:
    """What is kept of a set of songs; their sound is not, so that memory stays flat.

    Attributes:
        vectors: part (a stem or `mix`) -> embedding -> windows of each song.
        rates: onsets a second around many moments, of each song.
        kept: the first songs, to play and to cut up: all parts of the very first, the mix of the others.
    """

    vectors: Mapping[str, Mapping[str, list[Vectors]]]
    rates: list[NDArray[np.float64]]
    kept: list[Song]

    @property
    def onsets_a_second(self) -> list[float]:
        """Of each song."""
        return [float(rates.mean()) for rates in self.rates]


def hear(
    songs: Iterable[Song],
    count: int,
    ears: Mapping[str, Sequence[Embedding]],
    threshold: float,
    progress: Progress,
    keep: int = 0,
) -> HeardSet:
    """Listen to songs.

    Args:
        count: of the songs.
        ears: part -> embeddings it is heard with.
        threshold: of the onset detector.
        keep: how many songs to keep.
    """
    vectors: dict[str, dict[str, list[Vectors]]] = {
        part: {ear.name: [] for ear in of_part} for part, of_part in ears.items()
    }
    rates: list[NDArray[np.float64]] = []
    kept: list[Song] = []
    for done, song in enumerate(songs, 1):
        for part, of_part in ears.items():
            for ear in of_part:
                vectors[part][ear.name].append(ear.embed(song.parts[part]))
        rates.append(onset_rates(song.mix, threshold)[1])
        if len(kept) < keep:
            kept.append(Song({MIX: song.mix}) if kept else song)
        progress(done / count)
    return HeardSet(vectors, rates, kept)


def distances(reference: HeardSet, heard: HeardSet, part: str = MIX) -> dict[str, Distance]:
    """Embedding -> distance of a part to the same part of the reference."""
    return {
        ear: audio_distance(Gaussian.of(np.concatenate(reference.vectors[part][ear])), songs)
        for ear, songs in heard.vectors[part].items()
    }


@dataclass(frozen=True)
class Row:
    """A set in the table.

    Attributes:
        key: in the JSON: `real`, `random` (or `free`, where a model knows no density), `density_0.15`, `shuffled`,
            `noise`.
        distances: embedding -> distance to the reference.
        onsets_a_second: mean over its songs.
        density: at which its songs were made, where it was one value.
    """

    key: str
    name: str
    distances: Mapping[str, Distance]
    onsets_a_second: float
    density: float | None = None
