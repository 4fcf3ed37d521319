"""Loops: exactly as long as their bars, without a jump where they begin again, with the tails of the round before."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any, cast

import numpy as np
import pytest

from musika_daw.engine.console import Sound
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.loop_kit.going_round import going_round
from musika_daw.engine.loop_kit.loops import render_loop
from musika_daw.engine.offline.renderer import stream
from musika_daw.engine.own.model import OwnModel
from musika_daw.engine.playable import AudioArray, PlayedModel
from musika_daw.engine.score import Score
from musika_daw.engine.sound_song import SoundSong
from musika_daw.model.autoencoder import FRAME
from musika_daw.model.model_file import Networks
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import TempoMap, constant_tempo
from tests.engine.offline.test_renderer import a_score

RATE = 44100
ECHO = Sound({"mix": parse_fx([{"type": "Delay", "beats": 0.75, "feedback": 0.6, "mix": 0.5}], "test")})
NOBODY = cast(PlayedModel, None)  # is not asked where there are no notes


class Clicks(SoundSong):
    """A song of one stem at 120 bpm: a wave that never repeats, and a click before every bar line, or before bar 5."""

    sample_rate, section_beats = RATE, 8

    def __init__(self, wave: float = 0.0, once: bool = False) -> None:
        self.score = a_score(constant_tempo(120.0), stems=("mix",))
        self._wave, self._once = wave, once

    def prepare(self, beat: float) -> None: ...

    def ready(self, beat: float) -> None: ...

    def controls_at(self, beat: float) -> Mapping[str, object]:
        return {}

    def facts(self) -> Mapping[str, object]:
        return {}

    def chunks(self, frames: int) -> Clicks:
        self.samples = frames * FRAME
        return self

    def audio(self, chunk: int, decoders: Executor) -> dict[str, AudioArray]:
        n = np.arange(chunk * self.samples, (chunk + 1) * self.samples)
        sound = self._wave * np.sin(n * 0.05 + 1e-9 * n.astype(float) ** 2)
        sound[(n == 8 * RATE - 8000) if self._once else ((n + 8000) % (2 * RATE) == 0)] += 0.5
        return {"mix": np.stack([sound, sound]).astype(np.float32)}


def step_at_the_seam(loop: AudioArray) -> tuple[float, float]:
    """From the last sample to the first one, and the largest between any other two."""
    return float(np.abs(loop[:, 0] - loop[:, -1]).max()), float(np.abs(np.diff(loop, axis=1)).max())


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("bars", [1, 2])
def test_loops_have_their_length_and_no_jump(tiny_networks: Networks, bars: int, rate: int) -> None:
    model = OwnModel(tiny_networks)
    song = model.song(a_score(constant_tempo(131.7)))
    length = round(bars * 4 * 60 / 131.7 * rate)
    loops = render_loop(going_round(model, song, 4, bars), length, rate)
    assert set(loops) == {*STEMS, "mix"}
    for stem, loop in loops.items():
        assert loop.shape == (2, length) and np.abs(loop).max() > 1e-4
        seam, inside = step_at_the_seam(loop)
        assert seam <= inside, stem
        ends = np.concatenate([loop[:, -2:], loop[:, :2]], axis=1)
        assert np.abs(np.diff(ends, 2)).max() <= np.abs(np.diff(loop, 2)).max(), f"{stem} bends where it begins again"


def test_the_notes_of_the_bars_go_round(tiny_networks: Networks) -> None:
    model = OwnModel(tiny_networks)
    song = model.song(a_score(motion=0.8))
    looped = going_round(model, song, 2, 2).song
    for stem in STEMS:
        of_song = [(round(n.start_beat - 8, 4) % 8, n.pitch) for n in song.notes(stem, 8 - 0.125, 16 - 0.125)]
        for first in (0.0, 8.0, 40.0):
            heard = [(round(n.start_beat - first, 4), n.pitch) for n in looped.notes(stem, first, first + 8)]
            assert sorted(heard) == sorted(of_song), stem
        assert of_song
    assert [looped_chord(looped, beat) for beat in range(8)] == [str(song.chord_at(8 + beat)) for beat in range(8)]


def looped_chord(song: Any, beat: int) -> str:
    return str(song.chord_at(16 + beat))


def test_the_tail_of_the_end_is_heard_at_the_start() -> None:
    """An echo that rings longer than the bar: a loop is the sum of one bar's sound over all rounds there were."""
    length = 2 * RATE
    loop = render_loop(going_round(NOBODY, Clicks(), 3, 1), length, RATE, ECHO)["mix"]
    blocks = list(stream(Clicks(once=True), 3 * length, 10 * length, ECHO))
    ringing = np.concatenate([block["mix"] for block in blocks], axis=1)
    expected = ringing.reshape(2, 7, length).sum(axis=1)
    assert np.abs(expected[:, : length - 8000]).max() > 0.05, "most of it is the round before"
    assert np.abs(loop - expected).max() < 1e-4 * np.abs(expected).max()


def test_sound_without_notes_goes_over_into_what_came_before() -> None:
    loop = render_loop(going_round(NOBODY, Clicks(wave=0.3), 3, 1), 2 * RATE, RATE)["mix"]
    seam = float(np.abs(loop[:, 0] - loop[:, -1]).max())
    wave = 0.3 * 0.06 * 1.5  # the steepest it is, with the bend of an equal-power crossfade
    assert seam < wave
    start = render_loop(going_round(NOBODY, Clicks(wave=0.3), 0, 1), 2 * RATE, RATE)["mix"]
    assert start.shape == (2, 2 * RATE), "nothing comes before the start of a song"


def test_a_song_in_a_ramp_stands_still_in_its_loops(tiny_networks: Networks) -> None:
    model = OwnModel(tiny_networks)
    score: Score = a_score(TempoMap(((0.0, 90.0), (16.0, 150.0)), ramps=True))
    looped = going_round(model, model.song(score), 2, 1)
    assert looped.song.score.tempo_map == constant_tempo(120.0)
    assert looped.period == 2 * RATE
