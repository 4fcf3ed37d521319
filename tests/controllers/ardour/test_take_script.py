"""Ardour's script in a real Lua, against a stand-in of Ardour's API; `test_real_ardour` runs it in Ardour itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from musika_daw.app.connect import install_ardour_script
from musika_daw.controls.colours import STEM_COLOURS
from musika_daw.engine.take.typed_json import to_json
from musika_daw.music.tempo_map import TempoMap, constant_tempo

LUA = next((path for name in ("lua5.3", "lua5.4", "lua") if (path := shutil.which(name))), None)
STAND_IN = Path(__file__).with_name("stand_in.lua")

pytestmark = pytest.mark.skipif(LUA is None, reason="there is no Lua interpreter (Debian: lua5.4)")


def a_take(folder: Path, tempo_map: TempoMap | None = None, first_beat: float = 16.0) -> Path:
    """As much of a take as the script reads."""
    tempo_map = tempo_map or constant_tempo(128)
    start = tempo_map.sample_at(first_beat, 44100)
    steps = tempo_map.steps(first_beat, first_beat + 8)
    markers = [[step.beat - first_beat, step.seconds - start / 44100] for step in steps]
    markers.append([8.0, tempo_map.seconds_at(first_beat + 8) - start / 44100])
    files = {name: f"{name}_128bpm.wav" for name in ("drums", "bass", "mix")}
    facts = {"tempo_map": to_json(tempo_map), "first_beat": first_beat, "start_sample": start, "sample_rate": 44100}
    facts |= {"files": files, "colours": STEM_COLOURS, "beat_markers": markers, "style": 'the "best" \\ ü\n'}
    folder.mkdir(parents=True)
    (folder / "take.json").write_text(json.dumps(facts, indent=2), encoding="utf-8")
    for file in (*files.values(), "drums.mid"):
        (folder / file).write_bytes(b"there")
    return folder


def run(
    folder: Path | str, tmp_path: Path, *, answer: str = "-", rate: int = 44100, already: int = 0
) -> list[list[str]]:
    config = tmp_path / "ardour7"
    config.mkdir(exist_ok=True)
    script = install_ardour_script(config)
    command = [str(LUA), str(STAND_IN), str(script), str(folder), answer, str(rate), str(already)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def test_stems_and_notes_come_in_where_they_sounded(tmp_path: Path) -> None:
    take = a_take(tmp_path / "it's here" / "take 001")
    lines = run(take, tmp_path)
    assert lines[:2] == [["tempo", "tick 0", "128.000000000"], ["tempo map"]]
    assert [(Path(line[1]).name, line[2]) for line in lines if line[0] == "import"] == [
        ("drums_128bpm.wav", "sample 330750"),
        ("drums.mid", "tick 30720"),
        ("bass_128bpm.wav", "sample 330750"),
        ("mix_128bpm.wav", "sample 330750"),
    ]
    assert [line[1] for line in lines if line[0] == "name"] == ["drums", "drums MIDI", "bass", "mix"]
    assert ["colour", "bass", f"{STEM_COLOURS['bass'][1:]}ff"] in lines
    assert [line for line in lines if line[0] == "mute"] == [["mute", "mix", "1"]], "the stems sound as well"
    assert [line[1:] for line in lines if line[0] == "fade in"] == [[n, "false"] for n in ("drums", "bass", "mix")]


def test_another_rate_and_a_session_that_has_a_tempo(tmp_path: Path) -> None:
    lines = run(a_take(tmp_path / "take"), tmp_path, rate=48000, already=1)
    assert not [line for line in lines if line[0].startswith("tempo")], "what is there already keeps its tempo"
    assert {line[2] for line in lines if line[0] == "import"} == {"sample 360000", "tick 30720"}
    assert [line[1] for line in lines if line[0] == "name"] == ["drums", "drums MIDI", "bass", "mix"]


def test_a_ramp_is_a_step_on_every_beat(tmp_path: Path) -> None:
    ramp = TempoMap(((0.0, 90.0), (32.0, 150.0)), ramps=True)
    lines = run(a_take(tmp_path / "take", ramp), tmp_path)
    steps = [(int(at.split()[1]) / 1920, float(bpm)) for kind, at, bpm in (x for x in lines if x[0] == "tempo")]
    assert [beat for beat, _ in steps] == [0.0, *(16.0 + n for n in range(8))]
    seconds = 0.0
    for (beat, bpm), (after, _) in pairwise(steps):
        assert abs(seconds - ramp.seconds_at(beat)) < 1 / 44100
        seconds += (after - beat) * 60 / bpm


def test_a_folder_is_asked_for(tmp_path: Path) -> None:
    take = a_take(tmp_path / "take")
    assert run("", tmp_path) == []
    assert len(run("", tmp_path, answer=str(take))) == len(run(take, tmp_path))


def test_what_goes_wrong_is_told(tmp_path: Path) -> None:
    ((kind, text),) = run(tmp_path, tmp_path)
    assert kind == "message" and "is no take of Musika DAW: expected a folder with take.json in it" in text
    (tmp_path / "broken").mkdir()
    for damage in ("", "{", '{"files": {"a": ', "[1, 2", "nothing", '{"a": "'):
        (tmp_path / "broken" / "take.json").write_text(damage)
        ((kind, text),) = run(tmp_path / "broken", tmp_path)
        assert kind == "message" and "is no take" in text, damage
    take = a_take(tmp_path / "take")
    (take / "bass_128bpm.wav").unlink()
    assert run(take, tmp_path)[-1] == ["message", "Ardour could not import bass_128bpm.wav"]
