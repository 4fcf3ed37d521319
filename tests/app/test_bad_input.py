"""The real command line, given what it cannot use: one line that says what was expected, exit 2 or 1, no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def musika_daw(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "MUSIKA_DAW_TRACEBACK"}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-m", "musika_daw.app", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=environment, check=False, timeout=120
    )


def refusal(*arguments: str, exit_code: int = 2, folder: Path | None = None) -> str:
    """The one line on stderr."""
    run = musika_daw(*arguments, folder=folder)
    assert run.returncode == exit_code, run.stderr
    assert run.stdout == ""
    assert run.stderr.startswith("musika-daw: ") and run.stderr.count("\n") == 1, run.stderr
    return run.stderr


RENDER = ("render", "--bars", "1", "--out", "P")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--bpm", "0"], "bpm '0' is out of range: expected 40 to 240"),
        (["--bpm", "-1"], "bpm '-1' is out of range: expected 40 to 240"),
        (["--bpm", "nan"], "bpm 'nan' is not a number: expected 40 to 240"),
        (["--bpm", "1e9"], "bpm '1e9' is out of range: expected 40 to 240"),
        (["--bpm", "inf"], "bpm 'inf' is out of range: expected 40 to 240"),
        (["--bpm", "fast"], "bpm 'fast' is not a number: expected 40 to 240"),
        (["--bars", "0"], "bars '0' is out of range: expected 1 to 100000"),
        (["--bars", "1.5"], "bars '1.5' is not a whole number"),
        (["--bars", "9" * 5000], "bars '999"),
        (["--start-bar", "0"], "start bar '0' is out of range: expected 1 to"),
        (["--seconds", "2"], "expected one of them"),
        (["--seed", "-1"], "seed '-1' is out of range: expected 0 to"),
        (["--seed", "9223372036854775808"], "is out of range: expected 0 to 9223372036854775807"),
        (["--style", "polka"], "style 'polka' is not known: expected one of"),
        (["--key", "H"], "key 'H' is not a key: expected e.g. Am"),
        (["--chords", "Am Xyz"], "chord 'Xyz' is not known: expected"),
        (["--chords", ""], "no chords given"),
        (["--density", "2"], "density '2' is out of range: expected 0 to 1"),
        (["--density", "drums=0.5,flute=1"], "stem 'flute' is not known: expected one of drums, bass, chords, lead"),
        (["--density", "drums=loud"], "density of drums 'loud' is not a number: expected 0 to 1"),
        (["--density", "drums=1,0.5"], "expected a number, or e.g. drums=0.9,bass=0.3"),
        (["--density", "drums=1,drums=0"], "names drums twice"),
        (["--brightness", "-0.1"], "brightness '-0.1' is out of range: expected 0 to 1"),
        (["--variation", "x"], "variation 'x' is not a number: expected 0 to 1"),
        (["--stems", "drums,flute"], "stem 'flute' is not known"),
        (["--stems", ""], "stem '' is not known"),
        (["--format", "8"], "sample format '8' is not known: expected 16 or 24 or float"),
        (["--name", "a/b"], "take name 'a/b' is not possible"),
        (["--name", ""], "take name '' is not possible"),
        (["--preset", "nothing"], "preset 'nothing' is not known: expected"),
        (["--notes", "bass"], "notes 'bass' is not possible: expected STEM=FILE.mid"),
        (["--notes", "bass=loop 3.5: 33"], "note '33': expected pitch, start, length, velocity"),
        (["--loop-bars", "17"], "loop bars '17' is out of range: expected 1 to 16 bars"),
        (["--notes", "flute=a.mid"], "stem 'flute' is not known"),
        (["--stems", "drums", "--notes", "bass=a.mid"], "--notes bass=... is not rendered: expected one of drums"),
        (["--model", "nothing"], "model 'nothing' is not known: expected one of"),
        (["--model", "gone.safetensors"], "model file gone.safetensors is not there"),
        (["--volume", "11"], "unrecognized arguments: --volume 11"),
        (["--bpm"], "argument --tempo/--bpm: expected one argument; 'musika-daw render --help'"),
    ],
)
def test_render_says_what_it_expected(options: list[str], expected: str, tmp_path: Path) -> None:
    assert expected in refusal(*RENDER, *options, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["dance"], "command 'dance' is not known: expected one of app, render, live"),
        (["--loud"], "command '--loud' is not known"),
        (["models", "eat"], "command 'eat' is not known: expected one of list, info"),
        (["models", "info", "nothing"], "model 'nothing' is not known"),
        (["render", "--out", "P"], "no length given: expected --bars N, --seconds S, --form SECTIONS or --loops N"),
        (["render", "--out", "P", "--loops", "2", "--seconds", "9"], "--loops and --seconds exclude each other"),
        (["render", "--out", "P", "--loops", "2", "--tail", "1"], "--loops and --tail exclude each other"),
        (["render", "--out", "P", "--loops", "17"], "loops '17' is out of range: expected 1 to 16"),
        (
            ["render", "--out", "P", "--bars", "8", "--kit-bars", "4"],
            "--kit-bars is of a loop kit: expected --loops N",
        ),
        (["render", "--out", "P", "--loops", "2", "--kit-bars", "3"], "kit bars '3' is not known: expected 1 or 2"),
        (["render", "--out", "P", "--loops", "2", "--bars", "9"], "2 loops of 8 bars do not fit into 9: expected at"),
        (["render", "--bars", "1"], "required: --out"),
        (["data", "make", "techno", "--hours", "0", "--out", "C"], "hours '0' is out of range: expected 0.01 to 1000"),
        (["data", "make", "polka"], "command 'polka' is not known: expected one of techno"),
        (["protocol", "--json", "--markdown"], "not allowed with argument"),
    ],
)
def test_commands_say_what_they_expected(arguments: list[str], expected: str, tmp_path: Path) -> None:
    assert expected in refusal(*arguments, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_damaged_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "bad.mid").write_bytes(b"MThd\0\0\0\6\0\1\0\1")
    (tmp_path / "bad.safetensors").write_bytes(b"\xff" * 100)
    (tmp_path / "bad.toml").write_text("bpm = ")
    (tmp_path / "odd.toml").write_text("bmp = 120")
    (tmp_path / "fast.toml").write_text("bpm = 999")
    (tmp_path / "session.jsonl").write_text("{}")
    for options, expected in [
        (["--notes", "bass=bad.mid"], "bad.mid is damaged"),
        (["--notes", "bass=gone.mid"], "cannot read gone.mid: it does not exist"),
        (["--model", "bad.safetensors"], "model file bad.safetensors is damaged"),
        (["--preset", "bad.toml"], "preset bad.toml is not a TOML file"),
        (["--preset", "gone.toml"], "preset gone.toml cannot be read"),
        (["--preset", "odd.toml"], "preset odd.toml: 'bmp' is not known: did you mean bpm?"),
        (["--preset", "fast.toml"], "preset fast.toml: bpm '999' is out of range: expected 40 to 240"),
        (["--session", "session.jsonl"], "expected the start of a session log"),
        (["--session", "gone.jsonl"], "cannot read gone.jsonl"),
    ]:
        assert expected in refusal(*RENDER, *options, exit_code=1, folder=tmp_path)
    assert not (tmp_path / "P").exists()
