"""A corpus of piano music on disk: a folder of sound files as any other, so that every training takes it.

piano-0001.flac           44.1 kHz stereo, a minute
piano-0001.labels.json    its onsets as they were played
corpus.json               seed, recipe, soundfont; of every file its score, tempo, pedal, textures, licence
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from musika_daw.storage.files import write_text
from musika_daw.storage.folders import check_free, whole_folder
from musika_daw.train.labels import LABEL_ENDING, MusicLabels, write_labels
from musika_daw.train.piano.fluidsynth import SAMPLE_RATE, SoundFont, find_program, find_soundfont, render
from musika_daw.train.piano.musicxml import read_score
from musika_daw.train.piano.performance import draw_manner, perform
from musika_daw.train.piano.scores import ScoreFile, find_scores

RECIPE = 1
SECONDS = 60.0
CORPUS_FILE = "corpus.json"
_PEAK = 0.7
_LEAST_NOTES = 16


@dataclass(frozen=True)
class _Job:
    """Performances of one score, so that it is read once."""

    score: ScoreFile
    numbers: tuple[int, ...]


def make_piano(
    out: Path,
    hours: float,
    seed: int,
    progress: Callable[[float], None],
    workers: int,
    soundfont: Path | None = None,
) -> Path:
    """Write a corpus; returns its folder.

    Raises:
        UserError: the folder is there already, or a program, a soundfont or the scores are missing.
    """
    program, font, scores = find_program(), find_soundfont(soundfont), find_scores()
    check_free(out)
    jobs = _share_out(scores, max(1, round(hours * 3600 / SECONDS)), seed)
    with whole_folder(out) as folder:
        work = partial(_perform_score, folder, seed, program, font)
        files: dict[str, Any] = {}
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            for done, made in enumerate(pool.imap_unordered(work, jobs), 1):
                files |= made
                progress(done / len(jobs))
        document = {
            "recipe": RECIPE,
            "seed": seed,
            "scores": f"music21 {version('music21')}",
            "soundfont": {"name": font.path.name, "sha256": font.sha256(), "licence": font.licence},
            "files": dict(sorted(files.items())),
        }
        write_text(folder / CORPUS_FILE, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return out


def _share_out(scores: Sequence[ScoreFile], count: int, seed: int) -> list[_Job]:
    """Performances for every score in turn, in a shuffled order."""
    order = np.random.default_rng([seed, 0]).permutation(len(scores))
    numbers: dict[int, list[int]] = {}
    for number in range(count):
        numbers.setdefault(int(order[number % len(scores)]), []).append(number)
    return [_Job(scores[place], tuple(wanted)) for place, wanted in numbers.items()]


def _perform_score(folder: Path, seed: int, program: str, font: SoundFont, job: _Job) -> dict[str, Any]:
    """Write a score's performances; returns what is to be said of each, by its file's name."""
    score, told = read_score(job.score.path), {}
    if len(score.notes) < _LEAST_NOTES:
        return {}
    for number in job.numbers:
        generator = np.random.default_rng([seed, 1, number])
        manner = draw_manner(score, generator)
        performance = perform(score, manner, SECONDS, generator)
        with tempfile.TemporaryDirectory() as place:
            audio = _fitted(render(performance, program, font, Path(place)))
        name = f"piano-{number + 1:04d}"
        soundfile.write(folder / f"{name}.flac", audio, SAMPLE_RATE, "PCM_16")
        onsets = performance.onsets()
        # Nothing is locked: rubato has no grid.
        write_labels(folder / f"{name}{LABEL_ENDING}", MusicLabels(SECONDS, onsets, ()))
        told[f"{name}.flac"] = {
            "score": job.score.name,
            "composer": job.score.composer,
            "licence": job.score.notice or "public domain; its encoding claims no rights",
            **{key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(manner).items()},
            "onsets_per_second": round(len(onsets) / SECONDS, 3),
            "sections": [asdict(section) for section in performance.sections],
        }
    return told


def _fitted(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """As long as a file is, its last half second faded, all files at one peak."""
    samples = round(SECONDS * SAMPLE_RATE)
    whole = np.pad(audio, ((0, max(samples - len(audio), 0)), (0, 0)))[:samples]
    fade = SAMPLE_RATE // 2
    whole[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    peak = float(np.abs(whole).max())
    return np.asarray(whole * (_PEAK / peak) if peak > 0 else whole, np.float32)
