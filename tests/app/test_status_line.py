"""The line at the bottom of the terminal."""

from __future__ import annotations

import io

import pytest

from musika_daw.app.status_line import Stage, StatusLine, status_text
from musika_daw.controls.move import Notice

RECORDING = (30.0, 0.31, 3, 0.0, "midi, running", "techno", 0.0, 0.0, 0.0, 0.0, "/songs/Musika")
STATUS = (30.0, 0.31, 0, 110.0, "internal", "techno", 50.0, 0.0, 0.0, 60.0, "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        (
            Stage(STATUS, 49.2, 128.0, True, -7.2, "night_bus"),
            "bar 13.2  128 bpm  internal  -7 dB  load 31 %  night_bus",
        ),
        (
            Stage(STATUS, 0.0, 128.0, False, -120.0),
            "stopped at bar 1.1: musika-daw send /musika/play  128 bpm  internal  load 31 %  techno",
        ),
        (
            Stage(RECORDING, 4.0, 93.7, True, -120.0),
            "bar 2.1  93.7 bpm  midi, running  silent  load 31 %  3 underruns  recording into /songs/Musika  techno",
        ),
        (
            Stage((*STATUS[:4], "midi, stopped", *STATUS[5:]), 0.0, 128.0, False, -120.0),
            "stopped at bar 1.1  128 bpm  midi, stopped  load 31 %  techno",
        ),
    ],
)
def test_what_it_says(stage: Stage, text: str) -> None:
    assert status_text(stage) == text


def test_a_terminal_keeps_one_line_and_what_is_said_stays_above() -> None:
    out = Terminal()
    line = StatusLine(out)
    assert line.due
    line.show("bar 1.1")
    line.show("bar 1.2")
    line.say("take: /songs/take 001")
    line.close()
    assert out.getvalue().replace("\x1b[K", "") == "\rbar 1.1\rbar 1.2\rtake: /songs/take 001\nbar 1.2\r"
    assert "\n" not in out.getvalue().replace("001\n", "")


def test_elsewhere_there_is_none_unless_it_is_asked_for() -> None:
    assert not StatusLine(io.StringIO()).due
    out = io.StringIO()
    line = StatusLine(out, wanted=True)
    line.show("bar 1.1")
    line.say("done")
    line.close()
    assert out.getvalue() == "bar 1.1\ndone\n" and not line.due


def test_the_level_is_the_loudest_since_the_last_line() -> None:
    line = StatusLine(io.StringIO())
    for name, peak in (("mix", -12.0), ("mix", -6.0), ("mix", -20.0), ("drums", -1.0)):
        line.hear(Notice.of("meter", name, peak, -30.0))
    assert line.take_level() == -6.0 and line.take_level() == -120.0
