"""Control moves of a take in its project files."""

from __future__ import annotations

import dataclasses
import tomllib
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import mido
import pytest

from musika_daw.controls.move import Move
from musika_daw.controls.target import address_of
from musika_daw.engine.project_files.automation import CONTROLLERS, Lane, lanes_of
from musika_daw.engine.project_files.dawproject import write_dawproject
from musika_daw.engine.project_files.midi import write_song_midi
from musika_daw.engine.project_files.reaper import write_reaper_project
from musika_daw.resources import presets_folder
from tests.engine.project_files.arranged import STEADY, arranged

MOVES = [
    (16.0, Move.of("density", 0.25)),
    (20.0, Move.of("morph", 0.5, 1.0)),
    (20.0, Move.of("key", "Am")),
    (24.5, Move.of("stem/drums/density", 1.0)),
    (24.5, Move.of("density", 0.5)),
    (24.5, Move.of("density", 0.75)),
]
LANES = (
    Lane("density", 70, ((16.0, 0.25), (24.5, 0.75))),
    Lane("morph x", 73, ((20.0, 0.5),)),
    Lane("morph y", 74, ((20.0, 1.0),)),
    Lane("drums density", 75, ((24.5, 1.0),)),
)


def test_moves_become_lanes() -> None:
    assert lanes_of(MOVES) == LANES
    assert lanes_of([]) == ()


def test_the_shipped_map_listens_to_these_controllers() -> None:
    shipped = tomllib.loads((presets_folder() / "midi" / "generic_8_knobs.toml").read_text(encoding="utf-8"))
    routes = {(route["source"], route["to"], route.get("argument", 0)) for route in shipped["map"]}
    for (target, place), number in CONTROLLERS.items():
        assert (f"cc {number}", address_of(target), place) in routes


def test_they_are_in_every_file(tmp_path: Path) -> None:
    take = dataclasses.replace(arranged(STEADY), automation=LANES)
    write_dawproject(tmp_path / "a.dawproject", take)
    with zipfile.ZipFile(tmp_path / "a.dawproject") as archive:
        root = ET.fromstring(archive.read("project.xml"))
    found = {}
    for points in root.iter("Points"):
        (target,) = points.findall("Target")
        values = [(float(p.attrib["time"]) + 16.0, float(p.attrib["value"])) for p in points.findall("RealPoint")]
        found[points.get("name"), int(target.attrib["controller"])] = tuple(values)
    assert found == {(lane.name, lane.controller): lane.points for lane in LANES}

    write_song_midi(tmp_path / "a.mid", take)
    (track,) = (t for t in mido.MidiFile(tmp_path / "a.mid").tracks if t.name == "Musika controls")
    tick, heard = 0, []
    for message in track:
        tick += message.time
        if message.type == "control_change":
            heard.append((tick / 960 + 16.0, message.control, message.value))
    assert heard == [(16.0, 70, 32), (20.0, 73, 64), (20.0, 74, 127), (24.5, 70, 95), (24.5, 75, 127)]

    rpp = pytest.importorskip("rpp")
    write_reaper_project(tmp_path / "a.rpp", take)
    tracks = rpp.loads((tmp_path / "a.rpp").read_text(encoding="utf-8")).findall("TRACK")
    (controls,) = (t for t in tracks if t.find("NAME")[1] == "Musika controls")
    events = [" ".join(e[1:]) for e in controls.find("ITEM").find("SOURCE").findall("E")]
    assert events[:2] == ["0 b0 46 20", "3840 b0 49 40"] and events[-1].endswith("b0 7b 00")
