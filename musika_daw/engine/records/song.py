"""A song of a model of records: one stem, a function of its score and place, made on the beats of the tempo map."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import TYPE_CHECKING

import numpy as np

from musika_daw.engine.looped_chunks import LoopedChunks
from musika_daw.engine.own.looping import repeats_after
from musika_daw.engine.playable import AudioArray
from musika_daw.engine.records.noise import LOOP_BEATS
from musika_daw.engine.score import Score
from musika_daw.engine.sound_song import SoundSong
from musika_daw.model.autoencoder import FRAME as WINDOW_FRAME
from musika_daw.model.universal.layout import FRAME, SAMPLE_RATE
from musika_daw.music.notes import MIX

if TYPE_CHECKING:
    from musika_daw.engine.records.model import PlayedRecords

_NEAR_SECONDS = 3.0  # a block that begins so soon is prepared, too


class RecordsSong(SoundSong):
    """What a score plays: `mix`."""

    sample_rate = SAMPLE_RATE
    section_beats = 8

    def __init__(self, model: PlayedRecords, score: Score) -> None:
        self.score = score
        self._model = model

    def prepare(self, beat: float) -> None:
        """Makes the sound at a beat."""
        start = self.score.tempo_map.sample_at(max(beat, 0.0), SAMPLE_RATE)
        self.audio(start, start + 1)

    def ready(self, beat: float) -> None:
        """Makes the sound at a beat, and what comes soon after it."""
        start = self.score.tempo_map.sample_at(max(beat, 0.0), SAMPLE_RATE)
        self.audio(start, start + round(_NEAR_SECONDS * SAMPLE_RATE))

    def chunks(self, frames: int) -> RecordsChunks | LoopedChunks:
        made = RecordsChunks(self, frames * WINDOW_FRAME)
        return made if repeats_after(self.score) is None else LoopedChunks(self, made, LOOP_BEATS)

    def controls_at(self, beat: float) -> dict[str, object]:
        curves = {"density": self.score.density, "brightness": self.score.brightness}
        told = {name: curve[MIX].at(beat) for name, curve in curves.items() if MIX in curve}
        return {**told, "variation": self.score.variation}

    def facts(self) -> dict[str, object]:
        return {}

    def latents(self, start: int, end: int) -> None:
        """Makes what samples `[start, end)` are decoded from."""
        for block in self._blocks(start, end):
            self._model.prepare(self.score, block)

    def audio(self, start: int, end: int) -> AudioArray:
        """Samples `[start, end)`, left and right `[2, end - start]`; silence before 0."""
        out = np.zeros((2, end - start), np.float32)
        for block in self._blocks(start, end):
            sound = self._model.sound(self.score, block)
            origin = block * sound.shape[1]
            first, last = max(start, origin), min(end, origin + sound.shape[1])
            out[:, first - start : last - start] = sound[:, first - origin : last - origin]
        return out

    def _blocks(self, start: int, end: int) -> range:
        samples = self._model.block_frames * FRAME
        return range(max(start, 0) // samples, -(-end // samples))


class RecordsChunks:
    """Chunks of a song."""

    def __init__(self, song: RecordsSong, samples: int) -> None:
        self.samples = samples
        self._song = song

    def prepare(self, chunk: int) -> None:
        """Makes the latents of a chunk; they take about as long as their sound."""
        self._song.latents(chunk * self.samples, (chunk + 1) * self.samples)

    def audio(self, chunk: int, decoders: Executor) -> dict[str, AudioArray]:
        """Window number -> `mix`, `[2, samples]`."""
        return {MIX: self._song.audio(chunk * self.samples, (chunk + 1) * self.samples)}
