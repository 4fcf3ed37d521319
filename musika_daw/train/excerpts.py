"""Excerpts of a corpus, as the autoencoders are trained on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musika_daw.model.autoencoder import FRAME
from musika_daw.model.drum_autoencoder import KIT_SETTINGS
from musika_daw.model.excitation import TimedNote, excite
from musika_daw.model.style import settings_of
from musika_daw.music.notes import PITCHED_STEMS, STEMS
from musika_daw.train.corpus.make import SAMPLE_RATE, Corpus
from musika_daw.train.corpus.sources import timed_notes

SILENCE = 0.01


@dataclass(frozen=True)
class Excerpts:
    """A batch: mid and side `[B, 2, L + 2 * margin]`, excitation `[B, 3, L + 2 * margin]` or None, stems `[B]`, and the
    styles' `KIT_SETTINGS` `[B, 3]`; `places`: (track, stem, first latent frame) of each;
    `strokes`: where their notes start, in samples from there."""

    audio: Tensor
    excitation: Tensor | None
    stem: Tensor
    kit: NDArray[np.float64]
    places: list[tuple[int, int, int]]
    strokes: list[NDArray[np.int64]]

    def kits(self, frames: int) -> NDArray[np.float64]:
        """The settings at every latent frame."""
        return np.repeat(self.kit[:, None], frames, 1)


class ExcerptSource:
    """Cuts excerpts of a corpus, at latent frames, with the context their spectra reach into."""

    def __init__(self, corpus: Corpus, pitched: bool, edge: int, device: torch.device) -> None:
        self.corpus, self.pitched, self.edge, self.device = corpus, pitched, edge, device
        self.stems = [STEMS.index(s) for s in PITCHED_STEMS] if pitched else [0]
        self._notes: dict[tuple[int, int], list[TimedNote]] = {}
        self._starts: dict[tuple[int, int], NDArray[np.int64]] = {}

    def _excitation(self, track: int, stem: int, start: int, samples: int) -> NDArray[Any]:
        notes = self._notes.get((track, stem))
        if notes is None:
            notes = self._notes[track, stem] = timed_notes(self.corpus.tracks[track], STEMS[stem])
        return excite([n for n in notes if n.start < start + samples and n.end > start], start, samples)

    def _strokes(self, track: int, stem: int, first: int) -> NDArray[np.int64]:
        starts = self._starts.get((track, stem))
        if starts is None:
            of = self.corpus.tracks[track]
            found = [of.tempo_map.sample_at(note.start_beat, SAMPLE_RATE) for note in of.notes[STEMS[stem]]]
            starts = self._starts[track, stem] = np.array(found, np.int64)
        return starts - first * FRAME

    def cut(self, places: list[tuple[int, int, int]], frames: int, gains: NDArray[Any]) -> Excerpts:
        """`places`: (track, stem, first latent frame)."""
        samples = frames * FRAME + 2 * self.edge
        audio = np.stack([self.corpus.audio(t, s, f * FRAME - self.edge, samples) for t, s, f in places])
        excitation = None
        if self.pitched:
            sources = [self._excitation(t, s, f * FRAME - self.edge, samples) for t, s, f in places]
            excitation = torch.from_numpy(np.stack(sources)).to(self.device)
        sound = torch.from_numpy(audio * gains[:, None, None]).to(self.device)
        stem = torch.tensor([s - 1 for _, s, _ in places], device=self.device)
        kit = np.array([settings_of(self.corpus.tracks[t].style_vector, KIT_SETTINGS) for t, _, _ in places])
        return Excerpts(sound, excitation, stem, kit, places, [self._strokes(*place) for place in places])

    def draw(self, generator: np.random.Generator, tracks: range, count: int, frames: int, loud: bool) -> Excerpts:
        """Random excerpts that are not silent."""
        last = self.corpus.stems.shape[3] // FRAME - frames
        places: list[tuple[int, int, int]] = []
        while len(places) < count:
            place = (
                tracks[int(generator.integers(len(tracks)))],
                self.stems[len(places) % len(self.stems)],
                int(generator.integers(last)),
            )
            level = np.abs(self.corpus.stems[place[0], place[1], 0, place[2] * FRAME : (place[2] + frames) * FRAME : 7])
            if level.max() > SILENCE * 32767:
                places.append(place)
        gains = generator.uniform(0.5, 1.2, count) if loud else np.ones(count)
        return self.cut(places, frames, gains.astype(np.float32))
