"""Reaper's script in a real Lua, against a stand-in of Reaper's API; the program it calls is a real process."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from musika_daw.app import connect
from musika_daw.controls.colours import STEM_COLOURS

LUA = next((path for name in ("lua5.4", "lua") if (path := shutil.which(name))), None)
STAND_IN = Path(__file__).with_name("stand_in.lua")

pytestmark = pytest.mark.skipif(LUA is None, reason="there is no Lua interpreter (Debian: lua5.4)")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The script where `connect reaper` puts it, calling a program of the test's own."""
    take = tmp_path / "it's here" / "take 001"
    take.mkdir(parents=True)
    files = {name: f"{name}_128bpm.wav" for name in ("drums", "bass", "mix")}
    (take / "take.json").write_text(json.dumps({"files": files, "colours": STEM_COLOURS}, indent=2))
    for file in (*files.values(), "drums.mid"):
        (take / file).touch()
    program = tmp_path / "musika daw"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/asked"\necho working >&2\necho "{take}"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(connect, "this_program", lambda: [str(program)])
    resources = tmp_path / "REAPER"
    resources.mkdir()
    return connect.install_reaper_script(resources)


def run(
    script: Path, *, project: str = "/songs/mine/mine.rpp", answers: str = "", cursor: str = "7.5"
) -> list[list[str]]:
    command = [str(LUA), str(STAND_IN), str(script), project, cursor, "128", "Other", answers]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return [line.split("\t") for line in done.stdout.splitlines()]


def test_stems_come_in_at_the_cursor(installed: Path, tmp_path: Path) -> None:
    lines = run(installed)
    assert lines[0] == ["begin"] and lines[-1][0] == "end"
    assert [line[2] for line in lines if line[0] == "name"] == ["drums", "drums MIDI", "bass"]
    assert {line[2] for line in lines if line[0] == "D_POSITION"} == {"7.500000"}
    assert [line[2] for line in lines if line[0] == "D_LENGTH"] == ["3.750000", "3.750000", "3.750000"]
    assert [Path(line[2]).name for line in lines if line[0] == "source"] == [
        "drums_128bpm.wav",
        "drums.mid",
        "bass_128bpm.wav",
    ]
    assert ["colour", "track 2", "79 163 232"] in lines
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == [
        *("render", "--out", "/songs/mine", "--bars", "16", "--seed", "1", "--style", "warehouse"),
        *("--key", "off", "--chords", "off", "--bpm", "128.000000"),
    ]


def test_answers_reach_the_program_as_they_are(installed: Path, tmp_path: Path) -> None:
    run(installed, answers="4, 7 ,it's $HOME,Am,Am F C G", project="/my songs/a/b.rpp")
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[2:13] == [
        *("/my songs/a", "--bars", "4", "--seed", "7", "--style", "it's $HOME", "--key", "Am", "--chords", "Am F C G"),
    ]


def test_what_goes_wrong_is_told(installed: Path, tmp_path: Path) -> None:
    assert run(installed, project="") == [["message", "Save the project first: the stems go into its folder."]]
    assert run(installed, answers="-") == []
    (tmp_path / "musika daw").write_text("#!/bin/sh\necho 'musika-daw: style x is not known' >&2\nexit 2\n")
    assert run(installed) == [["message", "musika-daw: style x is not known"]]
    (tmp_path / "musika daw").unlink()
    ((kind, text),) = run(installed)
    assert kind == "message" and "could not be started: run 'musika-daw connect reaper' again" in text
