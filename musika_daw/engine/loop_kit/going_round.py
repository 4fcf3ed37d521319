"""Bars of a song that go round for ever, as a song: what is played and rings at their end is heard at their start."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.offline.renderer import stream_dry
from musika_daw.engine.own.song import Song
from musika_daw.engine.playable import AudioArray, PlayedModel, PlayedSong
from musika_daw.engine.score import Curve, Score, StyleCurve, constant
from musika_daw.engine.sound_song import SoundSong
from musika_daw.model.autoencoder import FRAME
from musika_daw.music.grid import BEATS_PER_BAR, LATEST_BEATS
from musika_daw.music.harmony import ChordTrack
from musika_daw.music.line import Line, make_line
from musika_daw.music.tempo_map import constant_tempo

_SEAM_SECONDS = 0.05  # over which sound goes over to what came before it in the song


@dataclass(frozen=True)
class GoingRound:
    """Some bars, again and again from the start of a song.

    Attributes:
        song: that does so; its notes are those of the bars.
        period: samples of a round, not always a whole number.
    """

    song: PlayedSong
    period: float

    def start(self, rounds: int) -> int:
        """The sample at which the round after so many begins."""
        return round(rounds * self.period)


def going_round(model: PlayedModel, song: PlayedSong, first_bar: int, bars: int) -> GoingRound:
    """The bars of a song from `first_bar` on (0 is the first), in the tempo at their start.

    Of models that make notes, the notes go round and the sound is made anew: it never breaks off. Of others the sound
    itself does, its end going over into what came before its start.
    """
    first_beat, beats = float(first_bar * BEATS_PER_BAR), bars * BEATS_PER_BAR
    bpm = song.score.tempo_map.bpm_at(first_beat)
    if isinstance(song, Song):
        return GoingRound(model.song(_score(song, first_beat, beats)), beats * 60.0 / bpm * song.sample_rate)
    period = round(beats * 60.0 / bpm * song.sample_rate)
    return GoingRound(_SoundGoingRound(song, first_beat, period), period)


def _score(song: Song, first_beat: float, beats: int) -> Score:
    """The bars as a score of lines and chords that repeat; motion and form stand where they stood in them."""
    score, automation = song.score, song.automation
    chords = tuple(song.chord_at(first_beat + beat) for beat in range(beats))
    return replace(
        score,
        tempo_map=constant_tempo(score.tempo_map.bpm_at(first_beat)),
        style=StyleCurve(((0.0, score.style.at(first_beat)),)),
        density={stem: _mean(automation.density, stem, first_beat, beats) for stem in score.stems},
        brightness={stem: _mean(automation.brightness, stem, first_beat, beats) for stem in score.stems},
        key=song.key,
        chords=ChordTrack(chords, (1,) * beats),
        notes={stem: _line(song, stem, first_beat, beats) for stem in score.stems},
        held={},
        patterns={},
        variation=0.0,
        loop_bars=beats // BEATS_PER_BAR,
        motion=0.0,
        form=None,
    )


def _mean(value: Callable[[str, float], float], stem: str, first_beat: float, beats: int) -> Curve:
    return constant(sum(value(stem, first_beat + beat) for beat in range(beats)) / beats)


def _line(song: Song, stem: str, first_beat: float, beats: int) -> Line:
    """The notes whose step lies in the bars: one that micro-timing pulls ahead of the first bar line is among them."""
    begin = first_beat - LATEST_BEATS
    notes = [replace(n, start_beat=n.start_beat - first_beat) for n in song.notes(stem, begin, begin + beats)]
    return make_line(notes, beats, looped=True)


class _SoundGoingRound(SoundSong):
    """A stretch of dry stems, repeated; made when it is first asked for."""

    def __init__(self, song: PlayedSong, first_beat: float, period: int) -> None:
        self._song, self._first_beat, self._period = song, first_beat, period
        self.sample_rate, self.section_beats = song.sample_rate, song.section_beats
        self.score = replace(song.score, tempo_map=constant_tempo(song.score.tempo_map.bpm_at(first_beat)))
        self._stems: dict[str, AudioArray] = {}

    def fx_at(self, beat: float) -> FxOf:
        return self._song.fx_at(self._first_beat)

    def prepare(self, beat: float) -> None:
        """Makes the stretch."""
        if not self._stems:
            self._stems = self._make()

    def ready(self, beat: float) -> None:
        self.prepare(beat)

    def controls_at(self, beat: float) -> dict[str, object]:
        return dict(self._song.controls_at(self._first_beat))

    def facts(self) -> dict[str, object]:
        return dict(self._song.facts())

    def chunks(self, frames: int) -> _RepeatedChunks:
        return _RepeatedChunks(self, frames * FRAME)

    def between(self, start: int, end: int) -> dict[str, AudioArray]:
        """Samples `[start, end)` of every stem, `[2, end - start]`."""
        self.prepare(0.0)
        places = np.arange(start, end) % self._period
        return {stem: audio[:, places] for stem, audio in self._stems.items()}

    def _make(self) -> dict[str, AudioArray]:
        start = self._song.score.tempo_map.sample_at(self._first_beat, self.sample_rate)
        fade = min(round(_SEAM_SECONDS * self.sample_rate), self._period, start)  # nothing comes before a song
        blocks = list(stream_dry(self._song, start - fade, start + self._period))
        whole = {stem: np.concatenate([block[stem] for block in blocks], axis=1) for stem in blocks[0]}
        return {stem: with_seam(audio, fade, self._period) for stem, audio in whole.items()}


class _RepeatedChunks:
    """Chunks of a stretch that is repeated."""

    def __init__(self, song: _SoundGoingRound, samples: int) -> None:
        self.samples = samples
        self._song = song

    def prepare(self, chunk: int) -> None:
        self._song.prepare(0.0)

    def audio(self, chunk: int, decoders: Executor) -> dict[str, AudioArray]:
        return self._song.between(chunk * self.samples, (chunk + 1) * self.samples)


def with_seam(audio: AudioArray, fade: int, length: int, *, alike: bool = False) -> AudioArray:
    """A loop `[2, length]` of sound that begins `fade` samples before it: its end goes over into what came before its
    start, so that nothing jumps where it begins again.

    Args:
        alike: whether both are nearly the same sound: their levels add up then, otherwise their powers.
    """
    before, loop = audio[:, :fade], audio[:, fade : fade + length].copy()
    if not fade:
        return loop
    into = (np.arange(fade, dtype=np.float32) + 1.0) / (fade + 1.0)
    rise, fall = (into, 1.0 - into) if alike else (np.sin(into * np.pi / 2), np.cos(into * np.pi / 2))
    loop[:, -fade:] = loop[:, -fade:] * fall + before * rise
    return loop
