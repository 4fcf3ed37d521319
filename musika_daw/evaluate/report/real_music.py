"""The music that a model is compared with: the synthesised corpus, or a folder of anybody's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from musika_daw.analysis.beat_tracking import find_beats, onset_envelope
from musika_daw.analysis.onsets import band_rises
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio
from musika_daw.errors import UserError
from musika_daw.evaluate.report.settings import LEAST_SONGS, SONG_SECONDS
from musika_daw.evaluate.report.sounds import Song, make_song
from musika_daw.model.style import GENRES
from musika_daw.music.notes import MIX, STEMS
from musika_daw.train.corpus.composer import compose
from musika_daw.train.corpus.make import STYLES, bank_style
from musika_daw.train.corpus.track import bars_for, draw_track
from musika_daw.train.music_folder import MusicFile, MusicFolder, Stretch, find_music, read_stretch

_CORPUS_SEEDS = (990, 991)  # held out: the shipped model was trained on others
_TEMPO_SECONDS = 30.0
_TEMPO_FILES = 12


class RealMusic(Protocol):
    """Two sets of real songs that share none.

    Attributes:
        songs: how many a set has.
    """

    @property
    def songs(self) -> int: ...

    @property
    def about(self) -> str:
        """What they are, for the page."""
        ...

    def make(self, half: int) -> Iterator[Song]:
        """The songs of set 0 or 1."""
        ...


@dataclass(frozen=True)
class CorpusMusic:
    """Tracks of the synthesised corpus from held-out seeds: compositions and styles that no model was trained on."""

    songs: int
    seed: int

    @property
    def about(self) -> str:
        return (
            f"the synthesised techno corpus ('data make techno'), compositions and styles of the held-out seeds "
            f"{' and '.join(str(s + 2 * (self.seed - 1)) for s in _CORPUS_SEEDS)}, without effects"
        )

    def make(self, half: int) -> Iterator[Song]:
        for index in range(self.songs):
            yield _corpus_song(_CORPUS_SEEDS[half] + 2 * (self.seed - 1), index)


def _corpus_song(seed: int, index: int) -> Song:
    """The beginning of a track, drawn as `corpus.make` draws, no two of them with the same notes."""
    generator = np.random.default_rng([seed, 4, index])
    genre = GENRES[index % len(GENRES)]
    style = bank_style(seed, int(generator.integers(STYLES)))
    track = draw_track(generator, compose(generator, genre, bars_for(SONG_SECONDS)), style, SONG_SECONDS)
    middle, side = track.stems.swapaxes(0, 1)
    sides = np.stack([middle + side, middle - side], 1)
    return make_song({stem: sides[i] for i, stem in enumerate(STEMS)})


class FolderMusic:
    """Excerpts of a folder of music: its files are dealt out to the two sets; one file is cut in two."""

    def __init__(self, folder: Path, songs: int, seed: int) -> None:
        """
        Raises:
            UserError: there is too little music.
        """
        self.folder = find_music(folder)
        self._halves = _halves(self.folder)
        room = min(int(sum(s.seconds // SONG_SECONDS for s in half)) for half in self._halves)
        if room < LEAST_SONGS:
            raise UserError(
                f"{folder} holds too little music ({self.folder.seconds:.0f} s): expected "
                f"{2 * LEAST_SONGS * SONG_SECONDS:g} s at least, in files of {SONG_SECONDS:g} s or more"
            )
        self.songs, self._seed = min(songs, room), seed
        self.about = (
            f"excerpts of {SONG_SECONDS:g} s from {len(self.folder.files)} files ({self.folder.seconds / 60:.0f} "
            f"minutes) of the folder {folder.resolve().name}; the two sets share no file"
            + (", but parts of the one there is" if len(self.folder.files) == 1 else "")
        )

    def make(self, half: int) -> Iterator[Song]:
        places = [
            (stretch.file, stretch.start + k * SONG_SECONDS)
            for stretch in self._halves[half]
            for k in range(int(stretch.seconds // SONG_SECONDS))
        ]
        chosen = np.random.default_rng([self._seed, half]).permutation(len(places))[: self.songs]
        for index in sorted(chosen):
            yield make_song({MIX: _read(places[index][0], places[index][1], SONG_SECONDS)})

    def tempos(self) -> tuple[float, ...]:
        """Tempos heard in some of the files."""
        found = []
        for file in self.folder.files[:: max(1, len(self.folder.files) // _TEMPO_FILES)]:
            start = max(0.0, file.seconds / 2 - _TEMPO_SECONDS / 2)
            heard = find_beats(onset_envelope(band_rises(_read(file, start, min(_TEMPO_SECONDS, file.seconds)))))
            found += [heard.bpm] if heard.clear else []
        return tuple(found)


def _halves(folder: MusicFolder) -> tuple[list[Stretch], list[Stretch]]:
    if len(folder.files) == 1:
        (file,) = folder.files
        middle = file.seconds / 2
        return [Stretch(file, 0.0, middle)], [Stretch(file, middle, file.seconds)]
    halves: tuple[list[Stretch], list[Stretch]] = ([], [])
    # The longest first, each to the set that has less.
    for file in sorted(folder.files, key=lambda f: -f.seconds):
        min(halves, key=lambda half: sum(s.seconds for s in half)).append(Stretch(file, 0.0, file.seconds))
    return halves


def _read(file: MusicFile, start: float, seconds: float) -> Audio:
    return read_stretch(file, round(start * SAMPLE_RATE), int(seconds * SAMPLE_RATE), SAMPLE_RATE)
