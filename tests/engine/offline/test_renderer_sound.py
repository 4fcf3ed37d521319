"""Effects and levels of a preset in a render: heard, on the grid, and rendered again from the take's log."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from pedalboard_native._internal import AddLatency

from musika_daw.engine.console import Sound
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.fx.plugin_pool import Loaded, PluginPool, primed_plugin
from musika_daw.engine.mixer import Level
from musika_daw.engine.offline.renderer import render_take, stream
from musika_daw.engine.own.song import Song
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.engine.take.session_log import read_session
from musika_daw.model.model_file import Networks
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import constant_tempo

PLAIN = Sound(dict.fromkeys(STEMS, ()), {stem: Level(gain=-20.0) for stem in STEMS})
START, END = 70_000, 170_000


@pytest.fixture(scope="module")
def song(tiny_networks: Networks) -> Song:
    middle = {stem: constant(0.6) for stem in STEMS}
    return Song(tiny_networks, Score(7, constant_tempo(128), StyleCurve(((0.0, "pebble"),)), middle, middle))


class LateShelf(PluginPool):
    def take(self, spec: FxSpec) -> Loaded | None:
        return primed_plugin(AddLatency(int(spec.path)), 44100, "late", {})


def heard(song: Song, sound: Sound | None) -> dict[str, np.ndarray]:
    blocks = list(stream(song, START, END, sound, LateShelf()))
    return {name: np.concatenate([block[name] for block in blocks], 1) for name in (*STEMS, "mix")}


def test_levels_and_the_mix_chain_are_heard(song: Song) -> None:
    plain = heard(song, PLAIN)
    assert np.abs(plain["mix"] - sum(plain[stem] for stem in STEMS)).max() < 1e-6
    quiet = parse_fx([{"type": "Gain", "gain_db": -6}], "test")
    other = heard(song, Sound({**PLAIN.fx, "mix": quiet}, {**PLAIN.levels, "bass": Level(mute=True)}))
    assert not other["bass"].any() and np.array_equal(other["drums"], plain["drums"])
    rest = sum(plain[stem] for stem in STEMS if stem != "bass")
    assert np.abs(other["mix"] - 10 ** (-6 / 20) * rest).max() < 1e-6


def test_latency_of_plugins_leaves_the_take_on_the_grid(song: Song) -> None:
    late = Sound(
        {**PLAIN.fx, "bass": (FxSpec("Plugin", {}, "700"),), "mix": (FxSpec("Plugin", {}, "300"),)}, PLAIN.levels
    )
    plain, moved = heard(song, PLAIN), heard(song, late)
    for name in plain:
        assert plain[name].shape == (2, END - START)
        assert np.abs(plain[name] - moved[name]).max() < 1e-6, name


def test_the_log_of_a_take_holds_its_sound(tiny_model: Path, tmp_path: Path) -> None:
    middle = {stem: constant(0.6) for stem in STEMS}
    score = Score(7, constant_tempo(128), StyleCurve(((0.0, "pebble"),)), middle, middle)
    sound = Sound({"lead": parse_fx([{"type": "Delay"}], "test"), "mix": ()}, {"bass": Level(-3.0, 0.5)})
    take = render_take(str(tiny_model), score, seconds=0.5, project=tmp_path, sound=sound)
    session = read_session(take / "session.jsonl")
    assert session.start.sound == sound
    again = render_take(str(tiny_model), score, seconds=0.5, project=tmp_path, sound=session.start.sound)
    for path in take.glob("*.wav"):
        assert np.array_equal(soundfile.read(path)[0], soundfile.read(again / path.name)[0])
