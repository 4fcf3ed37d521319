"""Everything a report found: what the page shows and `report.json` holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from musika_daw.evaluate.report.clips import Clip
from musika_daw.evaluate.report.control import DensityClip, TempoClip
from musika_daw.evaluate.report.frechet import Distance
from musika_daw.evaluate.report.scores import Row
from musika_daw.evaluate.report.speed import SpeedRow


@dataclass(frozen=True)
class Facts:
    """How the report was made.

    Attributes:
        reference: what real music is.
        embeddings: name -> how it is computed.
        songs, song_seconds: in each set.
        versions: of the program and the libraries that make sound.
    """

    model: str
    family: str
    licence: str
    stems: tuple[str, ...]
    reference: str
    embeddings: Mapping[str, str]
    songs: int
    song_seconds: float
    seed: int
    trials: int
    onset_threshold: float
    speed_seconds: float
    processor: str
    cores: int
    made: str
    command: str
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Findings:
    """What was measured.

    Attributes:
        rows: table 2, the real songs first.
        stems: stem -> (`real`, `model`) -> embedding -> distance; empty where the reference has no stems.
        density_rho: rank correlation of density asked and onsets a second over the songs of constant density; None
            where the model does not know density.
        listen: heading -> clips.
        density, tempo: figure 3, each with its clip.
        tempo_known: whether the model is told the tempo, or its beats are moved afterwards.
        speeds: table 1, this model first.
    """

    facts: Facts
    rows: Sequence[Row]
    stems: Mapping[str, Mapping[str, Mapping[str, Distance]]]
    density_rho: float | None
    listen: Mapping[str, Sequence[Clip]]
    density: Sequence[tuple[DensityClip, Clip]]
    tempo: Sequence[tuple[TempoClip, Clip]]
    tempo_known: bool
    speeds: Sequence[SpeedRow]

    def to_json(self) -> dict[str, Any]:
        """Figures alone, for other programs; what is not known is null."""
        return {
            "facts": {**vars(self.facts), "stems": list(self.facts.stems)},
            "fad": {
                row.key: {
                    "name": row.name,
                    "density": row.density,
                    "onsets_a_second": _number(row.onsets_a_second),
                    **{ear: _distance(d) for ear, d in row.distances.items()},
                }
                for row in self.rows
            },
            "fad_of_stems": {
                stem: {who: {ear: _distance(d) for ear, d in found.items()} for who, found in both.items()}
                for stem, both in self.stems.items()
            },
            "density": {
                "rho_of_songs": _number(self.density_rho),
                "rho_of_bars": [_number(found.rho) for found, _ in self.density],
            },
            "tempo": [
                {
                    "asked_bpm": found.asked_bpm,
                    "heard_bpm": [_number(bpm) for bpm in found.heard_bpm],
                    "right": found.right,
                    "beat_error_ms": _number(found.error_ms),
                }
                for found, _ in self.tempo
            ],
            "real_time_factor": {
                row.name: {
                    **{f"{count}_threads": _number(factor) for count, factor in row.factors.items()},
                    **({} if row.processor_share is None else {"processor_share": _number(row.processor_share)}),
                }
                for row in self.speeds
            },
        }


def _distance(distance: Distance) -> dict[str, float | None]:
    return {
        "fad": _number(distance.value),
        "standard_error": _number(distance.error),
        "fad_infinity": _number(distance.endless),
    }


def _number(value: float | None) -> float | None:
    """Four significant digits; JSON has no NaN."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.4g}")
