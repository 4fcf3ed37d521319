"""The Remote Script of Ableton Live against a stand-in of its API, with a real take and a real OSC server."""

from __future__ import annotations

import ast
import importlib
import socket
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from musika_daw.engine.mixer import mix_down
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.engine.take.session_log import SessionStart
from musika_daw.engine.take.take_writer import TakePlan, TakeWriter
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import TempoMap, constant_tempo
from tests.controllers.ableton.live_stand_in import Clip, Rack, Song, Track, modules

FOLDER = Path(__file__).parents[3] / "presets" / "controllers" / "ableton"
SCRIPT = FOLDER / "MusikaDAW"
RATE = 44100
RAMP = TempoMap(((0.0, 120.0), (24.0, 140.0)), ramps=True)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The script as Live loads it: no package of ours is there."""
    for name, module in modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.syspath_prepend(str(FOLDER))
    yield importlib.import_module("MusikaDAW")
    for name in [n for n in sys.modules if n.split(".")[0] == "MusikaDAW"]:
        del sys.modules[name]


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """Two bars from bar 3 on, in a tempo ramp."""
    half = {stem: constant(0.5) for stem in STEMS}
    score = Score(7, RAMP, StyleCurve(((0.0, "fathom"),)), half, half)
    length = RAMP.sample_at(16.0, RATE) - RAMP.sample_at(8.0, RATE)
    plan = TakePlan(tmp_path, SessionStart("techno", score, 8.0, length, RATE, "pcm24", "jam"))
    with TakeWriter(plan) as writer:
        stems = {stem: np.zeros((2, length), np.float32) for stem in STEMS}
        writer.write(stems, mix_down(stems))
        writer.write_notes("bass", [Note(8.5, 0.25, 40, 0.5), Note(15.5, 4.0, 43, 1.0)])
        writer.write_notes("drums", [Note(8.0 + beat, 0.25, 36, 1.0) for beat in range(8)])
        return writer.finish()


@pytest.fixture
def steady_take(tmp_path: Path) -> Path:
    """A bar at 128 bpm."""
    half = {stem: constant(0.5) for stem in STEMS}
    score = Score(7, constant_tempo(128), StyleCurve(((0.0, "fathom"),)), half, half)
    length = score.tempo_map.sample_at(4.0, RATE)
    with TakeWriter(TakePlan(tmp_path, SessionStart("techno", score, 0.0, length, RATE, "pcm24", "jam"))) as writer:
        stems = {stem: np.zeros((2, length), np.float32) for stem in STEMS}
        writer.write(stems, mix_down(stems))
        return writer.finish()


class Engine:
    """A UDP port in the place of `musika-daw live`."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(2.0)
        self.port = int(self.socket.getsockname()[1])
        self.peer: Any = None

    def receive(self) -> tuple[str, tuple[Any, ...]]:
        from pythonosc.osc_message import OscMessage

        data, self.peer = self.socket.recvfrom(65535)
        message = OscMessage(data)
        return message.address, tuple(message.params)

    def send(self, address: str, *values: Any) -> None:
        from pythonosc.osc_message_builder import build_msg

        self.socket.sendto(build_msg(address, values).dgram, self.peer)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.socket.close()


def surface_of(script: ModuleType, song: Song, engine: Engine, **settings: bool | str) -> Any:
    of_script = importlib.import_module("MusikaDAW.settings")
    of_script.PORT = engine.port  # type: ignore[attr-defined]
    for name, value in settings.items():
        setattr(of_script, name, value)
    surface = script.create_instance(song)
    surface.run_ticks()
    assert engine.receive() == ("/musika/subscribe", ())
    return surface


def clip_on(song: Song, name: str) -> Clip:
    (track,) = (t for t in song.tracks if t.name == name)
    (clip,) = track.arrangement_clips
    assert not any(slot.has_clip for slot in track.clip_slots), "nothing is left in the session"
    return clip


def beat_at(second: float, clip: Clip) -> float:
    """Read between warp markers, and on behind the last one, as Live does."""
    markers = clip.warp_markers
    for a, b in pairwise(markers):
        if second <= b.sample_time or b is markers[-1]:
            return a.beat_time + (second - a.sample_time) * (b.beat_time - a.beat_time) / (
                b.sample_time - a.sample_time
            )
    raise AssertionError


@pytest.mark.parametrize("version", ["12.0", "12.1", "12.4"])
def test_a_finished_take_lands_in_the_arrangement(script: ModuleType, engine: Engine, take: Path, version: str) -> None:
    song = Song(version)
    surface = surface_of(script, song, engine)
    engine.send("/musika/done", str(take))
    surface.run_ticks()
    assert surface.messages[-1] == "Musika DAW: jam 001 is in the arrangement, bar 3"
    assert [t.name for t in song.tracks] == [
        "Musika drums",
        "Musika drums MIDI",
        "Musika bass",
        "Musika bass MIDI",
        "Musika chords",
        "Musika lead",
    ]
    clip = clip_on(song, "Musika bass")
    assert clip.start_time == 8.0 and clip.warping and clip.name == "jam 001 bass"
    for beat in range(9):
        second = RAMP.seconds_at(8.0 + beat) - RAMP.seconds_at(8.0)
        assert abs(beat_at(second, clip) - beat) < 1e-4
    notes = clip_on(song, "Musika bass MIDI").notes
    assert [(n.pitch, n.start_time, n.duration, n.velocity) for n in notes] == [
        (40, 0.5, 0.25, 64),
        (43, 7.5, 0.5, 127),
    ]
    assert song.undo_depth == 0 and len({t.color for t in song.tracks}) == 4
    surface.disconnect()


def test_the_next_take_uses_the_same_tracks(script: ModuleType, engine: Engine, take: Path) -> None:
    song = Song("12.4")
    surface = surface_of(script, song, engine)
    for _ in range(2):
        engine.send("/musika/done", str(take))
        surface.run_ticks()
    assert len(song.tracks) == 6 and all(len(t.arrangement_clips) == 2 for t in song.tracks)
    surface.disconnect()


def in_scene(song: Song, name: str, row: int) -> Clip:
    (track,) = (t for t in song.tracks if t.name == name)
    assert not track.arrangement_clips
    clip = track.clip_slots[row].clip
    assert clip is not None
    return clip


@pytest.mark.parametrize("version", ["12.0", "12.1", "12.4"])
def test_takes_go_into_free_scenes(script: ModuleType, engine: Engine, take: Path, version: str) -> None:
    song = Song(version)
    surface = surface_of(script, song, engine, TAKES_GO_TO="scene")
    for number in (1, 2, 3):
        engine.send("/musika/done", str(take))
        surface.run_ticks()
        assert surface.messages[-1] == f"Musika DAW: jam 001 is in scene {number}"
    assert len(song.scenes) == 3 and {scene.name for scene in song.scenes} == {"jam 001"}
    assert not any(scene.tempo_enabled for scene in song.scenes), "a ramp is left to the set"
    for row in range(3):
        clip = in_scene(song, "Musika bass", row)
        assert clip.warping and clip.looping and clip.loop_end == pytest.approx(8.0, abs=1e-3)
        for beat in range(9):
            second = RAMP.seconds_at(8.0 + beat) - RAMP.seconds_at(8.0)
            assert abs(beat_at(second, clip) - beat) < 1e-4
        notes = in_scene(song, "Musika bass MIDI", row)
        assert len(notes.notes) == 2 and notes.looping and notes.length == pytest.approx(8.0, abs=1e-3)
    surface.disconnect()


def test_a_scene_has_the_tempo_of_a_steady_take(script: ModuleType, engine: Engine, steady_take: Path) -> None:
    song = Song("12.4")
    surface = surface_of(script, song, engine, TAKES_GO_TO="scene")
    engine.send("/musika/done", str(steady_take))
    surface.run_ticks()
    assert (song.scenes[0].tempo, song.scenes[0].tempo_enabled) == (pytest.approx(128.0, abs=0.01), True)
    surface.disconnect()


def test_macros_place_the_last_take(script: ModuleType, engine: Engine, take: Path) -> None:
    song = Song("12.4")
    song.create_midi_track(-1)
    rack = Rack("Scene", "Arrangement")
    song.tracks[0].name = "Musika"
    song.tracks[0].devices.append(rack)
    surface = surface_of(script, song, engine, TAKES_GO_TO="nowhere")
    _, scene, arrangement = rack.parameters
    scene.turn(127.0)
    assert surface.messages[-1] == "Musika DAW: no take has been finished yet"
    engine.send("/musika/done", str(take))
    surface.run_ticks()
    assert surface.messages[-1] == f"Musika DAW: {take} is finished" and len(song.tracks) == 1
    for value in (100.0, 127.0, 0.0, 127.0, 0.0):
        scene.turn(value)
    assert surface.messages[-1] == "Musika DAW: jam 001 is in scene 1", "pressed once: it was up already"
    arrangement.turn(64.0)
    assert surface.messages[-1] == "Musika DAW: jam 001 is in the arrangement, bar 3"
    surface.disconnect()


def test_what_a_version_cannot_do_is_named_and_the_rest_is_there(
    script: ModuleType, engine: Engine, take: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Track, "duplicate_clip_to_arrangement")
    song = Song("12.1")
    surface = surface_of(script, song, engine)
    engine.send("/musika/done", str(take))
    surface.run_ticks()
    assert "could not place drums MIDI: " in surface.messages[-1] and "bass audio" not in surface.messages[-1]
    assert clip_on(song, "Musika drums").warping
    assert not any(slot.has_clip for track in song.tracks for slot in track.clip_slots)
    surface.disconnect()


@pytest.mark.parametrize("content", [None, "", "{}", '{"first_beat": "x"}'])
def test_a_take_that_cannot_be_read_is_one_line(
    script: ModuleType, engine: Engine, tmp_path: Path, content: str | None
) -> None:
    song = Song("12.4")
    surface = surface_of(script, song, engine)
    if content is not None:
        (tmp_path / "take.json").write_text(content)
    engine.send("/musika/done", str(tmp_path))
    surface.run_ticks()
    assert surface.messages[-1].startswith(f"Musika DAW: take {tmp_path} cannot be read") and not song.tracks
    surface.disconnect()


def test_errors_of_the_engine_show_in_the_status_bar(script: ModuleType, engine: Engine) -> None:
    surface = surface_of(script, Song("12.4"), engine)
    engine.send("/musika/error", "/musika/tempo", "refused", "another clock leads")
    engine.socket.sendto(b"no osc at all", engine.peer)
    surface.run_ticks()
    assert surface.messages[-1] == "Musika DAW: another clock leads"
    surface.disconnect()


def test_transport_and_tempo_are_mirrored_where_wanted(script: ModuleType, engine: Engine) -> None:
    song = Song("12.4")
    surface = surface_of(script, song, engine, MIRROR_TRANSPORT=True, MIRROR_TEMPO=True)
    song.current_song_time, song.is_playing = 16.0, True
    song.told("is_playing")
    assert [engine.receive(), engine.receive()] == [("/musika/locate", (16.0,)), ("/musika/play", ())]
    song.is_playing = False
    song.told("is_playing")
    assert engine.receive() == ("/musika/stop", ())
    song.tempo = 133.5
    song.told("tempo")
    assert engine.receive() == ("/musika/tempo", (133.5,))
    surface.disconnect()
    assert engine.receive() == ("/musika/unsubscribe", ())
    song.told("tempo")


def test_macros_move_controls_by_name(script: ModuleType, engine: Engine) -> None:
    song = Song("12.4")
    song.create_midi_track(-1)
    rack = Rack("Density", "Drums Density", "Morph X", "Morph Y", "Macro 5")
    song.tracks[0].name = "Musika"
    song.tracks[0].devices.append(rack)
    surface = surface_of(script, song, engine)
    _, density, drums, x, y, unnamed = rack.parameters
    density.turn(127.0)
    assert engine.receive() == ("/musika/density", (1.0,))
    drums.turn(0.0)
    assert engine.receive() == ("/musika/stem/drums/density", (0.0,))
    unnamed.turn(64.0)
    x.turn(127.0)
    assert engine.receive() == ("/musika/morph", (1.0, 0.0))
    y.turn(63.5)
    assert engine.receive() == ("/musika/morph", (1.0, 0.5))
    surface.disconnect()


def test_it_imports_nothing_that_live_lacks() -> None:
    allowed = {*sys.stdlib_module_names, "Live", "ableton"}
    for file in SCRIPT.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            assert {name.split(".")[0] for name in names} <= allowed, file.name
