"""`devices` and `doctor`: what they find, each time in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from musika_daw.app import doctor
from musika_daw.app.main import main
from musika_daw.engine.bus.loopback import loopback_steps
from tests.app.test_bad_input import musika_daw


def test_devices_lists_what_there_is_and_prints_nothing_else() -> None:
    run = musika_daw("devices")
    assert run.returncode == 0 and run.stderr == ""
    for part in (
        "audio devices: --bus default",
        "JACK server: --bus jack",
        "MIDI inputs",
        "how a DAW on this computer",
    ):
        assert part in run.stdout


def test_devices_as_json() -> None:
    found = json.loads(musika_daw("devices", "--json").stdout)
    assert set(found) == {"devices", "audio_problem", "jack", "jack_problem", "midi", "loopback"}
    assert (found["jack"] is None) != (found["jack_problem"] is None)


@pytest.mark.parametrize(
    ("platform", "part"),
    [("darwin", '--bus "BlackHole 16ch"'), ("win32", "CABLE Output"), ("linux", "pactl load-module module-null-sink")],
)
def test_every_system_has_a_loopback(platform: str, part: str) -> None:
    assert part in " ".join(loopback_steps(platform))


def test_doctor_as_json_says_of_everything_how_it_is(tmp_path: Path) -> None:
    run = musika_daw("doctor", "--json")
    findings = json.loads(run.stdout)
    assert {"Python", "torch", "pedalboard", "audio devices", "JACK", "MIDI", "speed"} <= {
        f["subject"] for f in findings
    }
    assert {f["status"] for f in findings} <= {"ok", "warning", "broken"}
    assert run.returncode == (1 if any(f["status"] == "broken" for f in findings) else 0)


def test_doctor_ends_with_1_when_something_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "torn.safetensors").write_bytes(b"not a model")
    monkeypatch.setenv("MUSIKA_DAW_MODELS", str(tmp_path))
    monkeypatch.setattr(doctor, "_CHECKS", (doctor._python, doctor._models))
    assert main(["doctor"]) == 1
    printed = capsys.readouterr()
    line = next(line for line in printed.out.splitlines() if "model torn" in line)
    assert line.startswith("broken") and line.endswith("reinstall musika-daw, or remove the file")
    assert "broken: " in printed.err and printed.err.count("\n") == 1


def test_doctor_names_a_version_that_is_not_the_one_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_exact_versions", lambda: {"mido": "0.1"})
    found = {finding.subject: finding for finding in doctor._packages()}
    assert found["mido"].status == "warning" and found["mido"].remedy.endswith("pip install mido==0.1")
    assert found["torch"].status == "ok"
