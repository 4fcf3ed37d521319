"""Reaper projects, read back by an independent parser (`rpp`): items, tempo and notes at their places."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from musika_daw.engine.project_files.reaper import write_reaper_project
from musika_daw.music.tempo_map import TempoMap
from tests.engine.project_files.arranged import RAMP, RATE, STEADY, STEPS, arranged

rpp = pytest.importorskip("rpp")


def written(folder: Path, tempo_map: TempoMap) -> Any:
    write_reaper_project(folder / "take.rpp", arranged(tempo_map))
    return rpp.loads((folder / "take.rpp").read_text(encoding="utf-8"))


def value(element: Any, name: str) -> str:
    return str(element.find(name)[1])


@pytest.mark.parametrize("tempo_map", [STEADY, STEPS, RAMP])
def test_items_lie_where_the_take_sounded(tmp_path: Path, tempo_map: TempoMap) -> None:
    project = written(tmp_path, tempo_map)
    tracks = {value(t, "NAME"): t for t in project.findall("TRACK")}
    assert list(tracks) == ["drums", "bass", "mix", "drums MIDI", "bass MIDI"]
    start = tempo_map.sample_at(16.0, RATE)
    for track in tracks.values():
        item = track.find("ITEM")
        assert float(value(item, "POSITION")) * RATE == pytest.approx(start, abs=1e-4)
        assert float(value(item, "LENGTH")) * RATE == pytest.approx(tempo_map.sample_at(88.0, RATE) - start, abs=1e-4)
    assert value(tracks["bass"].find("ITEM").find("SOURCE"), "FILE") == "bass_128bpm.wav"
    assert [t.find("MUTESOLO")[1] for t in tracks.values()] == ["0", "0", "1", "0", "0"]
    assert int(value(tracks["drums"], "PEAKCOL")) == 0x1000000 | 0x4F70E8


@pytest.mark.parametrize("tempo_map", [STEPS, RAMP])
def test_the_tempo_envelope_gives_every_beat_its_second(tmp_path: Path, tempo_map: TempoMap) -> None:
    points = [tuple(map(float, p[1:4])) for p in written(tmp_path, tempo_map).find("TEMPOENVEX") if p[0] == "PT"]
    beat = 0.0
    for (second, bpm, shape), (after, _, _) in pairwise(points):
        assert shape == 1 and abs(tempo_map.seconds_at(beat) - second) < 1e-9
        beat += (after - second) * bpm / 60.0


def test_a_steady_tempo_is_the_project_tempo(tmp_path: Path) -> None:
    project = written(tmp_path, STEADY)
    assert project.find("TEMPOENVEX") is None and project.find("TEMPO")[1:] == ["128", "4", "4"]
    assert [m[2:4] for m in project.findall("MARKER")] == [["7.5", "bar 5"], ["30", "bar 17"]]


def test_notes_are_in_the_item(tmp_path: Path) -> None:
    tracks = {value(t, "NAME"): t for t in written(tmp_path, RAMP).findall("TRACK")}
    source = tracks["bass MIDI"].find("ITEM").find("SOURCE")
    assert source.find("HASDATA")[1:] == ["1", "960", "QN"]
    tick, events = 0, []
    for _, step, *message in source.findall("E"):
        tick += int(step)
        events.append((tick, " ".join(message)))
    assert events == [
        (0, "91 28 40"),
        (432, "81 28 00"),
        (1210, "91 2b 59"),
        (1690, "81 2b 00"),
        (71 * 960, "91 2d 72"),
        (72 * 960, "81 2d 00"),
        (72 * 960, "b0 7b 00"),
    ]
