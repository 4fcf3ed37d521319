"""A corpus on disk: audio as one memory-mapped array, labels as one line of JSON per track.

    corpus.json     seed, recipe version, sizes
    stems.npy       int16 [tracks, 4 stems, mid/side, samples]
    tracks.jsonl    notes, tempo map, key, controls, style and genre of every track

Tracks come in pairs that share their notes, and every style is used by many tracks, so that notes and style come apart.
The last twentieth is held out: compositions that no other track plays.
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.model.autoencoder import FRAME
from musika_daw.model.style import GENRES, STYLE_SIZE, Style
from musika_daw.music.harmony import Key
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import TempoMap
from musika_daw.storage.files import write_text
from musika_daw.storage.folders import whole_folder
from musika_daw.train.corpus.composer import compose
from musika_daw.train.corpus.controls import TrackControls
from musika_daw.train.corpus.sounds import draw_style
from musika_daw.train.corpus.track import Track, bars_for, draw_track

RECIPE = 2
SAMPLE_RATE = 44100
TRACK_FRAMES = 516
TRACK_SAMPLES = TRACK_FRAMES * FRAME
STYLES = 480
HELD_OUT_SHARE = 0.05


def bank_style(seed: int, index: int) -> Style:
    """Style `index` of the corpus; genres take turns."""
    return draw_style(np.random.default_rng([seed, 1, index]), GENRES[index % len(GENRES)])


def draw_corpus_track(seed: int, index: int) -> tuple[Track, int]:
    """Track `index` and the number of its style: the first of a pair plays in its own genre, the second in any."""
    pair = index // 2
    genre = GENRES[pair % len(GENRES)]
    composition = compose(np.random.default_rng([seed, 2, pair]), genre, bars_for(TRACK_SAMPLES / SAMPLE_RATE))
    generator = np.random.default_rng([seed, 3, index])
    if index % 2 == 0:
        style = int(generator.integers(STYLES // len(GENRES))) * len(GENRES) + GENRES.index(genre)
    else:
        style = int(generator.integers(STYLES))
    track = draw_track(generator, composition, bank_style(seed, style), TRACK_SAMPLES / SAMPLE_RATE)
    return track, style


def _labels(track: Track, index: int, style: int) -> dict[str, Any]:
    return {
        "index": index,
        "pair": index // 2,
        "style": style,
        "genre": track.composition.genre,
        "key": [track.key.tonic, track.key.mode],
        "tempo": {"points": track.tempo_map.points, "ramps": track.tempo_map.ramps},
        "coordinates_seed": track.seed,
        "density": track.controls.density.round(4).tolist(),
        "brightness": track.controls.brightness.round(4).tolist(),
        "style_vector": track.style.vector().round(4).tolist(),
        "notes": {
            stem: [
                [round(n.start_beat, 5), round(n.length_beats, 5), n.pitch, round(n.strength, 4), n.slide_semitones]
                for n in track.notes[stem]
            ]
            for stem in STEMS
        },
        "harmony": [[step.degree, step.colour] for step in track.composition.harmony],
    }


def _make_one(seed: int, index: int) -> tuple[int, NDArray[np.int16], str]:
    track, style = draw_corpus_track(seed, index)
    audio = (np.clip(track.stems, -1, 1) * 32767).astype(np.int16)
    return index, audio, json.dumps(_labels(track, index, style))


def make_corpus(
    folder: Path, hours: float, seed: int, progress: Callable[[float], None] = lambda share: None, workers: int = 2
) -> Path:
    """Compose and synthesise `hours` of four-stem techno into a new or empty folder; it appears when it is whole."""
    if (folder / "corpus.json").exists():
        raise UserError(f"{folder} holds a corpus already: choose another folder or delete it")
    tracks = max(4, round(hours * 3600 * SAMPLE_RATE / TRACK_SAMPLES))
    with whole_folder(folder) as partial_folder:
        shape = (tracks, len(STEMS), 2, TRACK_SAMPLES)
        stems = open_memmap(partial_folder / "stems.npy", "w+", np.int16, shape)
        lines = [""] * tracks
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            made = pool.imap_unordered(partial(_make_one, seed), range(tracks))
            for done, (index, audio, line) in enumerate(made, 1):
                stems[index] = audio
                lines[index] = line
                progress(done / tracks)
        stems.flush()
        del stems  # Windows does not rename what is mapped
        write_text(partial_folder / "tracks.jsonl", "\n".join(lines) + "\n")
        recipe = {"recipe": RECIPE, "name": "techno", "seed": seed, "tracks": tracks, "samples": TRACK_SAMPLES}
        write_text(partial_folder / "corpus.json", json.dumps(recipe) + "\n")
    return folder


@dataclass(frozen=True)
class CorpusTrack:
    """A track's labels, read back."""

    index: int
    style: int
    genre: str
    key: Key
    tempo_map: TempoMap
    coordinates_seed: int
    controls: TrackControls
    style_vector: NDArray[np.float32]
    notes: dict[str, tuple[Note, ...]]
    harmony: tuple[tuple[int, str], ...]


def _read_track(line: str) -> CorpusTrack:
    row = json.loads(line)
    vector = np.array(row["style_vector"], np.float32)
    if len(vector) != STYLE_SIZE:
        raise UserError(f"the corpus was made by another version (style of {len(vector)} numbers): make it again")
    return CorpusTrack(
        row["index"],
        row["style"],
        row["genre"],
        Key(*row["key"]),
        TempoMap(tuple((b, t) for b, t in row["tempo"]["points"]), row["tempo"]["ramps"]),
        row["coordinates_seed"],
        TrackControls(np.array(row["density"]), np.array(row["brightness"])),
        vector,
        {stem: tuple(Note(*n) for n in notes) for stem, notes in row["notes"].items()},
        tuple((d, c) for d, c in row["harmony"]),
    )


class Corpus:
    """A corpus folder: `stems` memory-mapped, `tracks` with their labels; the last of them held out."""

    def __init__(self, folder: Path) -> None:
        try:
            recipe = json.loads((folder / "corpus.json").read_text())
            self.stems: NDArray[np.int16] = np.load(folder / "stems.npy", mmap_mode="r")
            lines = (folder / "tracks.jsonl").read_text().splitlines()
        except (OSError, ValueError) as error:
            raise UserError(
                f"{folder} is not a corpus: make one with 'musika-daw data make techno' ({error})"
            ) from error
        self.folder = folder
        self.seed: int = recipe["seed"]
        self.tracks = [_read_track(line) for line in lines]
        # Pairs share their notes: hold out whole pairs.
        self.held_out = 2 * max(1, round(len(self.tracks) * HELD_OUT_SHARE / 2))

    @property
    def training(self) -> range:
        return range(len(self.tracks) - self.held_out)

    @property
    def validation(self) -> range:
        return range(len(self.tracks) - self.held_out, len(self.tracks))

    def audio(self, track: int, stem: int, start: int, samples: int) -> NDArray[np.float32]:
        """Mid and side `[2, samples]`; silence outside the track."""
        out = np.zeros((2, samples), np.float32)
        first, last = max(start, 0), min(start + samples, self.stems.shape[3])
        if first < last:
            out[:, first - start : last - start] = self.stems[track, stem, :, first:last] / np.float32(32767)
        return out
