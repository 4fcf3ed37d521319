"""A control of each kind, added for trial as whoever adds one does it: a row in the book, and the code that sounds it.

Everything else has to follow by itself. It runs in a process of its own, whose book is another.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("new_controls.py")


@pytest.fixture(scope="module")
def found(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the trial saw on each surface, by its name."""
    folder = tmp_path_factory.mktemp("trial")
    run = subprocess.run(
        [sys.executable, str(PROGRAM), str(tiny_model), str(folder)], capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr
    seen: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return seen


def test_they_are_addresses_with_ranges_and_values(found: dict[str, Any]) -> None:
    assert found["osc"] == {"/musika/stem/bass/sparkle": [0.5], "/musika/mood": ["dark"], "/musika/doubled": [True]}
    assert found["refused"] == [
        "sparkle 7 is out of range: expected 0 to 1",
        "mood 'odd' is out of range: expected plain or dark",
        "doubled 'no' has the wrong type: expected true or false (T, F, 0 or 1)",
    ]


def test_they_are_in_oscquery_and_in_the_documentation(found: dict[str, Any]) -> None:
    sparkle, mood, doubled = found["oscquery"]
    assert (sparkle["TYPE"], sparkle["RANGE"], sparkle["VALUE"]) == ("f", [{"MIN": 0.0, "MAX": 1.0}], [0.5])
    assert (mood["TYPE"], mood["RANGE"], mood["VALUE"]) == ("s", [{"VALS": ["plain", "dark"]}], ["dark"])
    assert (doubled["TYPE"], doubled["VALUE"]) == ("T", [True]) and "twice" in doubled["DESCRIPTION"]
    assert all(f"| `{address}` |" in found["docs"] for address in ("/musika/stem/{name}/sparkle", "/musika/mood"))


def test_they_are_options_of_render_and_live(found: dict[str, Any]) -> None:
    assert found["options"] == {
        "render": {"stem/bass/sparkle": [0.25], "mood": ["dark"], "doubled": [True]},
        "live": {"stem/bass/sparkle": [0.25], "mood": ["dark"], "doubled": [True]},
    }
    assert "mood 'odd' is not known: expected plain or dark" in found["bad option"]


def test_presets_keep_them(found: dict[str, Any]) -> None:
    assert found["preset"] == {"stem/bass/sparkle": [0.5], "mood": ["dark"], "doubled": [True]}
    assert "sparkle '7' is out of range" in found["bad preset"]


def test_scenes_recall_them(found: dict[str, Any]) -> None:
    assert found["scene"] == {"stem/bass/sparkle": [0.5], "mood": ["dark"], "doubled": [True]}


def test_midi_maps_move_them(found: dict[str, Any]) -> None:
    assert found["midi"] == [["stem/bass/sparkle", [1.0]], ["mood", ["dark"]], ["doubled", [True]]]


def test_logs_hold_them(found: dict[str, Any]) -> None:
    assert found["log"] == {"mood": ["dark"], "doubled": [True]} and found["level in the log"] == [0.5]


def test_a_model_that_does_not_know_one_says_why(found: dict[str, Any]) -> None:
    assert "does not know mood: it has no moods" in found["unknown"]


def test_they_are_heard(found: dict[str, Any]) -> None:
    assert found["heard"] == {"mood": True, "doubled": True, "sparkle": True}
