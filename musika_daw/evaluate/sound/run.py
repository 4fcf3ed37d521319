"""The judgement: renders or a folder against records, records against records, and the synthesised corpus beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from musika_daw.errors import UserError
from musika_daw.evaluate.sound.distances import Embedded, kernel_distance, median_distance, neighbourhood, outliers
from musika_daw.evaluate.sound.ears import EARS, Ear
from musika_daw.evaluate.sound.excerpts import Excerpt, corpus_excerpts, excerpts_of, folder_sources
from musika_daw.evaluate.sound.obedience import Asked, missing_reason, obedience_figures, takes_of
from musika_daw.evaluate.sound.renders import render_set
from musika_daw.evaluate.sound.settings import SoundSettings
from musika_daw.evaluate.sound.signal import signal_figures
from musika_daw.resources import corpora_folder

Progress = Callable[[str], AbstractContextManager[Callable[[float], None]]]
_MAX_NEIGHBOURS = 48
_TOP_TAGS = 5
_SAME_TAGS = 3


@dataclass(frozen=True)
class JudgedSet:
    """A set of excerpts as the ears hear it: per ear the embedding and mean tags; per excerpt the signal's figures."""

    embedded: Mapping[str, Embedded]
    tags: Mapping[str, list[dict[str, float]]]
    signal: list[dict[str, float]]

    def part(self, tracks: set[str]) -> JudgedSet:
        """The excerpts of some tracks."""
        names = next(iter(self.embedded.values())).tracks
        kept = [k for k, name in enumerate(names) if name in tracks]
        return JudgedSet(
            {ear: Embedded(e.vectors[kept], [e.tracks[k] for k in kept]) for ear, e in self.embedded.items()},
            {ear: [rows[k] for k in kept] for ear, rows in self.tags.items()},
            [self.signal[k] for k in kept],
        )

    @property
    def tracks(self) -> list[str]:
        return list(dict.fromkeys(next(iter(self.embedded.values())).tracks))


def judge(excerpts: Iterable[Excerpt], ears: Sequence[Ear]) -> JudgedSet:
    """Hear every excerpt."""
    vectors: dict[str, list[np.ndarray[Any, Any]]] = {ear.name: [] for ear in ears}
    tags: dict[str, list[dict[str, float]]] = {ear.name: [] for ear in ears}
    tracks, signal = [], []
    for excerpt in excerpts:
        tracks.append(excerpt.track)
        signal.append(signal_figures(excerpt.sound, excerpt.lufs))
        for ear in ears:
            heard = ear.hear(excerpt.sound)
            vectors[ear.name].append(heard.vector)
            tags[ear.name].append(dict(zip(ear.tags, heard.tags.tolist(), strict=True)))
    if not tracks:
        raise UserError("nothing to judge: every excerpt is silent or too short")
    return JudgedSet({ear: Embedded(np.stack(v), tracks) for ear, v in vectors.items()}, tags, signal)


def compare(records: JudgedSet, judged: JudgedSet) -> dict[str, Any]:
    """Distances of a set to records, ear by ear."""
    found: dict[str, Any] = {}
    for ear in records.embedded:
        real, made = records.embedded[ear], judged.embedded[ear]
        distance = kernel_distance(real, made, median_distance(real.vectors))
        near = neighbourhood(real, made, _MAX_NEIGHBOURS)
        found[ear] = {
            "mmd2_x1000": distance.value,
            "standard_error": distance.error,
            "density": near.density,
            "coverage": near.coverage,
            "tracks_a_side": near.count,
        }
    return found


def top_tags(judged: JudgedSet) -> dict[str, dict[str, float]]:
    """The likeliest tags of a set, ear by ear, with their mean probability."""
    found = {}
    for ear, rows in judged.tags.items():
        mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
        found[ear] = dict(sorted(mean.items(), key=lambda item: -item[1])[:_TOP_TAGS])
    return found


def shared_tags(records: JudgedSet, judged: JudgedSet) -> dict[str, float]:
    """Share of excerpts whose five likeliest tags hold the three likeliest of the records."""
    found = {}
    for ear, rows in judged.tags.items():
        wanted = set(list(top_tags(records)[ear])[:_SAME_TAGS])
        hits = [wanted <= set(sorted(row, key=lambda name: -row[name])[:_TOP_TAGS]) for row in rows]
        found[ear] = float(np.mean(hits))
    return found


def mean_figures(judged: JudgedSet) -> dict[str, dict[str, float]]:
    """Mean and deviation of the signal's figures over excerpts."""
    names = judged.signal[0]
    columns = {name: np.array([row[name] for row in judged.signal]) for name in names}
    return {
        name: {"mean": float(np.nanmean(values)), "deviation": float(np.nanstd(values))}
        for name, values in columns.items()
        if not np.isnan(values).all()
    }


def _describe(records: JudgedSet, judged: JudgedSet) -> dict[str, Any]:
    return {
        "tracks": len(judged.tracks),
        "excerpts": len(judged.signal),
        "distance_to_records": compare(records, judged),
        "tags": top_tags(judged),
        "three_first_tags_of_records": shared_tags(records, judged),
        "signal": mean_figures(judged),
    }


def _records_folder(settings: SoundSettings) -> Path:
    folder = settings.records or corpora_folder() / "records"
    if not folder.is_dir():
        raise UserError(
            f"{folder} is not there: expected a folder of records to judge by; 'musika-daw data fetch free' brings "
            "ten hours, or name one with --records"
        )
    return folder


def _judged_excerpts(settings: SoundSettings) -> tuple[list[Excerpt], list[Asked]]:
    """What is judged, and of what the tempo and key are known."""
    folder = Path(settings.judged)
    if folder.is_dir():
        return list(excerpts_of(folder_sources(folder), settings.excerpts)), list(takes_of(folder))
    rendered = list(render_set(settings.judged, settings.seeds))
    return [excerpt for excerpt, _ in rendered], [asked for _, asked in rendered]


def run(settings: SoundSettings, progress: Progress) -> dict[str, Any]:
    """Judge a model or a folder.

    Raises:
        UserError: there are no records, no weights of the taggers, or nothing to judge.
    """
    ears = [Ear(name) for name in EARS]
    folder = _records_folder(settings)
    with progress("judged") as shown:
        excerpts, asked = _judged_excerpts(settings)
        judged = judge(_counted(excerpts, shown, len(excerpts)), ears)
    sources = folder_sources(folder)
    with progress("records") as shown:
        heard = excerpts_of(sources, settings.excerpts)
        records = judge(_counted(heard, shown, len(sources) * settings.excerpts), ears)
    halves = [records.part(set(records.tracks[k::2])) for k in (0, 1)]
    report: dict[str, Any] = {
        "records": _describe(records, records) | {"distance_to_records": compare(*halves)},
        "judged": _describe(records, judged),
        "outliers": {ear: dict(outliers(records.embedded[ear], judged.embedded[ear])) for ear in judged.embedded},
    }
    if settings.tracks:
        with progress("corpus") as shown:
            corpus = judge(_counted(corpus_excerpts(settings.tracks), shown, settings.tracks), ears)
        report["corpus"] = _describe(records, corpus)
        report["judged"]["distance_to_corpus"] = compare(corpus, judged)
    reason = missing_reason() if asked else "nothing that was asked for is known of this folder"
    report["obedience"] = {"left_out": reason} if reason else obedience_figures(asked)
    return report


def _counted(excerpts: Iterable[Excerpt], shown: Callable[[float], None], count: int) -> Iterable[Excerpt]:
    for number, excerpt in enumerate(excerpts, 1):
        yield excerpt
        shown(min(1.0, number / max(count, 1)))
