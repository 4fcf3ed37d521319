"""Makes a report: songs are made and listened to set by set, then the page is written, whole or not at all."""

from __future__ import annotations

import dataclasses
import datetime
import importlib.metadata
import json
import os
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from musika_daw import __version__
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.playable import PlayedModel
from musika_daw.evaluate.report import paper
from musika_daw.evaluate.report.baselines import coloured_noise, shuffled
from musika_daw.evaluate.report.clips import Clip, ClipFolder
from musika_daw.evaluate.report.control import (
    DensityClip,
    TempoClip,
    density_clip,
    density_scale,
    knows_tempo,
    rank_correlation,
    tempo_clip,
)
from musika_daw.evaluate.report.embeddings import Embedding, Listener, known_embeddings
from musika_daw.evaluate.report.findings import Facts, Findings
from musika_daw.evaluate.report.page import page
from musika_daw.evaluate.report.played import knows_density, play_songs
from musika_daw.evaluate.report.real_music import CorpusMusic, FolderMusic, RealMusic
from musika_daw.evaluate.report.scores import HeardSet, Row, distances, hear
from musika_daw.evaluate.report.settings import SONG_SECONDS, ReportSettings
from musika_daw.evaluate.report.sounds import Progress, Song
from musika_daw.evaluate.report.speed import SpeedRow, architecture_speeds, model_speed, processor_name
from musika_daw.music.notes import MIX, STEMS
from musika_daw.storage.folders import check_free, whole_folder

_POOL = 64  # real songs that baselines are made of, at most
_KEPT = 3
_DENSITY_SEEDS = (5, 9)
_BASELINES = {
    "shuffled": "Real music cut to half seconds, dealt out anew",
    "noise": "Noise with the spectra of real music",
}
ProgressOf = Callable[[str], AbstractContextManager[Progress]]


def run(settings: ReportSettings, progress: ProgressOf) -> dict[str, Any]:
    """Measure a model and write the page; returns its figures, and where it is.

    Args:
        progress: makes a progress report of a name.

    Raises:
        UserError: model, reference or folder; nothing is left under the folder's name then.
    """
    check_free(settings.out)
    torch.set_num_threads(settings.threads)
    model = load_model(settings.model)
    music, tempos = _real_music(settings)
    with whole_folder(settings.out) as folder:
        findings = _Report(settings, model, music, tempos, ClipFolder(folder), progress).findings()
        figures = findings.to_json()
        (folder / "report.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        (folder / "index.html").write_text(page(findings), encoding="utf-8")
    return {**figures, "page": str(settings.out / "index.html")}


def _real_music(settings: ReportSettings) -> tuple[RealMusic, tuple[float, ...]]:
    """Real songs, and the tempos they have where those are not the corpus's."""
    if settings.reference is None:
        return CorpusMusic(settings.songs, settings.seed), ()
    music = FolderMusic(settings.reference, settings.songs, settings.seed)
    return music, music.tempos()


@dataclass(frozen=True)
class _Report:
    """The parts of a report in the order they are made."""

    settings: ReportSettings
    model: PlayedModel
    music: RealMusic
    tempos: tuple[float, ...]
    clips: ClipFolder
    progress: ProgressOf

    def findings(self) -> Findings:
        ears = known_embeddings()
        # The encoder was trained on drums, the tagger on mixes.
        of_parts: dict[str, Sequence[Embedding]] = {MIX: ears, **dict.fromkeys(self._shared_stems, (Listener(),))}
        reference = self._hear("reference", self.music.make(0), of_parts)
        real = self._hear("real music", self.music.make(1), of_parts, keep=_POOL)
        free = self._hear("model", self._played(), of_parts, keep=_KEPT)
        told, name = knows_density(self.model), self.model.info.name
        rows = [
            _row("real", "Real music, other songs", reference, real),
            _row("random", f"{name}, random density", reference, free)
            if told
            else _row("free", f"{name}, unconditioned", reference, free),
        ]
        constant = self._at_constant_density(ears) if told else {}
        for density, heard in constant.items():
            named = f"{name}, density {density:.2f}"
            rows.append(_row(f"density_{density:.2f}", named, reference, heard, density))
        baselines = self._baselines(real.kept, ears)
        rows += [_row(key, text, reference, baselines[key]) for key, text in _BASELINES.items()]
        return Findings(
            self._facts(ears),
            rows,
            {
                stem: {"real": distances(reference, real, stem), "model": distances(reference, free, stem)}
                for stem in self._shared_stems
            },
            _obedience(constant) if told else None,
            self._listen(real, free, baselines),
            self._density(reference) if told else [],
            self._tempo(),
            knows_tempo(self.model),
            self._speeds(),
        )

    @property
    def _shared_stems(self) -> tuple[str, ...]:
        """Stems that both the model and the real music have."""
        stems = self.model.info.stems
        return stems if set(stems) <= set(STEMS) and isinstance(self.music, CorpusMusic) else ()

    def _at_constant_density(self, ears: Sequence[Embedding]) -> dict[float, HeardSet]:
        return {
            density: self._hear(f"density {density:.2f}", self._played(density), {MIX: ears})
            for density in paper.DENSITIES
        }

    def _baselines(self, pool: Sequence[Song], ears: Sequence[Embedding]) -> dict[str, HeardSet]:
        made = {"shuffled": shuffled, "noise": coloured_noise}
        return {
            key: self._hear(text, made[key](pool, self.music.songs, self.settings.seed), {MIX: ears}, keep=1)
            for key, text in _BASELINES.items()
        }

    def _hear(
        self, name: str, songs: Iterable[Song], ears: Mapping[str, Sequence[Embedding]], keep: int = 0
    ) -> HeardSet:
        with self.progress(name) as share:
            return hear(songs, self.music.songs, ears, self.settings.onset_threshold, share, keep)

    def _played(self, density: float | None = None) -> Iterable[Song]:
        return play_songs(self.model, self.music.songs, self.settings.seed, density, self.tempos)

    def _listen(self, real: HeardSet, free: HeardSet, lowest: Mapping[str, HeardSet]) -> dict[str, list[Clip]]:
        add, name = self.clips.add, self.model.info.name
        found = {
            "Real music": [add(f"real_{i}", f"Real {i}", song.mix) for i, song in enumerate(real.kept[:_KEPT], 1)],
            name: [add(f"model_{i}", f"{name} {i}", song.mix) for i, song in enumerate(free.kept, 1)],
        }
        if len(free.kept[0].parts) > 2:
            parts = {stem: audio for stem, audio in free.kept[0].parts.items() if stem != MIX}
            found[f"{name} 1, stem by stem"] = self.clips.add_stems("model_1", parts)
        found["Baselines"] = [
            add("shuffled", "Dealt out anew", lowest["shuffled"].kept[0].mix),
            add("noise", "Noise", lowest["noise"].kept[0].mix),
        ]
        return found

    def _density(self, reference: HeardSet) -> list[tuple[DensityClip, Clip]]:
        scale = density_scale(reference.rates)
        made = []
        with self.progress("figure 3, density") as share:
            for number, seed in enumerate(_DENSITY_SEEDS, 1):
                found = density_clip(self.model, seed, self._long(), scale, self.settings.onset_threshold)
                made.append((found, self.clips.add(f"density_{number}", f"Density walk {number}", found.song.mix)))
                share(number / len(_DENSITY_SEEDS))
        return made

    def _tempo(self) -> list[tuple[TempoClip, Clip]]:
        made = []
        with self.progress("figure 3, tempo") as share:
            for number, bpm in enumerate(paper.TEMPOS, 1):
                found = tempo_clip(self.model, 20 + number, bpm, self._long())
                made.append((found, self.clips.add(f"tempo_{bpm:g}", f"{bpm:g} bpm", found.song.mix)))
                share(number / len(paper.TEMPOS))
        return made

    def _speeds(self) -> list[SpeedRow]:
        threads, trials, seconds = self.settings.threads, self.settings.trials, self._long()
        with self.progress("speed") as share:
            own = model_speed(self.model, threads, seconds, trials, share)
        with self.progress("speed of the paper's networks") as share:
            return [own, *architecture_speeds(threads, seconds, trials, share)]

    def _long(self) -> float:
        """Seconds of a song that is looked at by itself."""
        return min(paper.FIGURE_SECONDS, self.settings.seconds)

    def _facts(self, ears: Sequence[Embedding]) -> Facts:
        info, settings = self.model.info, self.settings
        versions = {name: importlib.metadata.version(name) for name in ("torch", "numpy", "scipy")}
        return Facts(
            info.name,
            info.family,
            info.licence,
            info.stems,
            self.music.about,
            {ear.name: ear.about for ear in ears},
            self.music.songs,
            SONG_SECONDS,
            settings.seed,
            settings.trials,
            settings.onset_threshold,
            self._long(),
            processor_name(),
            os.cpu_count() or 1,
            datetime.datetime.now(datetime.UTC).date().isoformat(),
            _command(settings),
            {"musika-daw": __version__, **versions},
        )


def _row(key: str, name: str, reference: HeardSet, heard: HeardSet, density: float | None = None) -> Row:
    rates = heard.onsets_a_second
    return Row(key, name, distances(reference, heard), sum(rates) / len(rates), density)


def _obedience(constant: Mapping[float, HeardSet]) -> float:
    """Rank correlation of density asked and onsets a second, over all songs."""
    asked = [density for density, heard in constant.items() for _ in heard.rates]
    counted = [rate for heard in constant.values() for rate in heard.onsets_a_second]
    return rank_correlation(np.array(asked), np.array(counted))


def _command(settings: ReportSettings) -> str:
    """The command that makes this report again."""
    words = ["musika-daw", "eval", "report"]
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if field.name == "out" or value != field.default:
            shown = f"{value:g}" if isinstance(value, float) else Path(value).name if isinstance(value, Path) else value
            words += [f"--{field.name.replace('_', '-')}", str(shown)]
    return shlex.join(words)
