"""A song of an official model on the grid of a project: its beats moved to those of the tempo map, section by section.

Where no beat is clear, or where nobody wants it, the sound plays at its own pace.
"""

from __future__ import annotations

from concurrent.futures import Executor
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from musika_daw.analysis.beat_tracking import CLEAR
from musika_daw.analysis.spectra import SAMPLE_RATE as RATE
from musika_daw.analysis.spectra import Audio
from musika_daw.engine.official.rhythm import SECTION_BEATS, Section
from musika_daw.engine.official.warp import FADE
from musika_daw.engine.score import Score
from musika_daw.engine.sound_song import SoundSong
from musika_daw.model.autoencoder import FRAME
from musika_daw.music.notes import MIX

if TYPE_CHECKING:
    from musika_daw.engine.official.model import OfficialModel

_NEAR_BEATS = 8.0  # a section that begins so soon is prepared, too
_RISE = (0.5 - 0.5 * np.cos(np.pi * (np.arange(FADE) + 0.5) / FADE)).astype(np.float32)


class WarpedSong(SoundSong):
    """What a score plays: the stems of the model, mostly one, `mix`."""

    sample_rate = RATE
    section_beats = SECTION_BEATS

    def __init__(self, model: OfficialModel, score: Score) -> None:
        self.score = score
        self.stems = model.info.stems
        self._model = model
        self._heard: dict[int, Section] = {}  # sections that were made

    def chunks(self, frames: int) -> SongChunks:
        return SongChunks(self, frames * FRAME)

    def prepare(self, beat: float) -> None:
        """Makes the section at a beat."""
        start = self.score.tempo_map.sample_at(max(beat, 0.0), RATE)
        self.audio(start, start + 1)

    def ready(self, beat: float) -> None:
        """Makes the section at a beat, and the next one if that begins soon."""
        for place in (beat, beat + _NEAR_BEATS):
            self.prepare(place)

    def controls_at(self, beat: float) -> dict[str, object]:
        imported = self.score.imported
        density = {}
        if "density" in self._model.info.signals:
            stems = zip(self.stems, self._model.densities(self.score), strict=True)
            density = {"density": {stem: curve.at(beat) for stem, curve in stems}}
        return {**density, "truncation": imported.truncation, "noise": imported.noise, "warp": imported.warp}

    def facts(self) -> dict[str, object]:
        """Whether there are beats on the grid: the model's own, or moved there; from which tempo, and how clear."""
        if not self._wants_warp:
            return {"warp": {"on": False}, "has_beat": self._model.knows_beats}
        pulse = self._model.rhythm(self.score).pulse
        heard = dict(self._heard)  # sections may be made meanwhile
        sections = [
            {"beat": number * SECTION_BEATS, "bpm": round(section.bpm, 2), "confidence": round(section.confidence, 3)}
            for number, section in sorted(heard.items())
        ]
        sure = [section.confidence for section in heard.values()] or [pulse.confidence]
        return {
            "warp": {
                "on": self._warps,
                "model_bpm": round(pulse.bpm, 2),
                "confidence": round(float(np.median(sure)), 3),
                "clear_from": CLEAR,
                "sections": sections,
            },
            "has_beat": self._warps,
        }

    def audio(self, start: int, end: int) -> Audio:
        """Samples `[start, end)`, left and right of every stem `[2 stems, end - start]`; silence before 0."""
        if not self._warps:
            return self._model.plain(self.score, start, end)
        out = np.zeros((2 * len(self.stems), end - start), np.float32)
        beat_at = self.score.tempo_map.beat_at
        first = max(0, int(beat_at(start / RATE) // SECTION_BEATS))
        last = int(beat_at((end + FADE) / RATE) // SECTION_BEATS)
        for number in range(first, last + 1):
            self._lay(out, start, number)
        return out

    @cached_property
    def _warps(self) -> bool:
        return self._wants_warp and self._model.rhythm(self.score).clear

    @property
    def _wants_warp(self) -> bool:
        return self.score.imported.warp and not self._model.knows_beats

    def _lay(self, out: Audio, start: int, number: int) -> None:
        """Lays a section over what is there, its first samples faded in."""
        places = self._places(number)
        origin = places[0] - FADE
        begin, end = max(origin, start, 0), min(places[-1], start + out.shape[1])
        if begin >= end:
            return
        bpm = self.score.tempo_map.bpm_at(number * SECTION_BEATS)
        self._heard[number], sound = self._model.section(self.score, number, bpm, places)
        part = sound[:, begin - origin : end - origin]
        under = out[:, begin - start : end - start]
        rise = _RISE[begin - origin : end - origin]
        faded = len(rise)
        under[:, :faded] += rise * (part[:, :faded] - under[:, :faded])
        under[:, faded:] = part[:, faded:]

    def _places(self, number: int) -> tuple[int, ...]:
        first = number * SECTION_BEATS
        return tuple(self.score.tempo_map.sample_at(first + i, RATE) for i in range(SECTION_BEATS + 1))


class SongChunks:
    """Chunks of a song."""

    def __init__(self, song: WarpedSong, samples: int) -> None:
        self.samples = samples
        self._song = song

    def prepare(self, chunk: int) -> None:
        """Nothing: one thing at a time is made of a model of this family."""

    def audio(self, chunk: int, decoders: Executor) -> dict[str, Audio]:
        """Window number -> the stems that are played, `[2, samples]` each."""
        sides = self._song.audio(chunk * self.samples, (chunk + 1) * self.samples)
        stems = {stem: sides[2 * i : 2 * i + 2] for i, stem in enumerate(self._song.stems)}
        return {stem: audio for stem, audio in stems.items() if stem in self._song.score.stems or stem == MIX}
