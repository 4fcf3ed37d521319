"""The progress bar, on a clock of its own."""

import io

from musika_daw.app.progress import Progress, time_text
from musika_daw.app.report import print_report


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_plain_lines_come_every_tenth_with_the_time_left() -> None:
    stream, clock = io.StringIO(), Clock()
    with Progress("render", stream, clock) as progress:
        for step in range(1, 101):
            clock.now = step
            progress(step / 100)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[0] == "render 10 %, 1:30 left"
    assert lines[-1] == "render 100 %, took 1:40"


def test_a_terminal_gets_a_bar_that_is_redrawn_ten_times_a_second_at_most() -> None:
    stream, clock = Terminal(), Clock()
    with Progress("render", stream, clock) as progress:
        for step in range(1, 1001):
            clock.now = step / 1000
            progress(step / 1000)
    text = stream.getvalue()
    assert text.count("\r") <= 12
    assert "100 %, took 0:01" in text and text.endswith("\n")
    assert text.count("\n") == 1


def test_nothing_done_is_nothing_written() -> None:
    stream = Terminal()
    with Progress("render", stream, Clock()):
        pass
    assert stream.getvalue() == ""


def test_times() -> None:
    assert [time_text(s) for s in (0.4, 7, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]


def test_reports_are_indented(capsys: object) -> None:
    print_report({"speed": 41.237, "beats": {"median_ms": 3.0, "of": [1, 2.5]}}, as_json=False)
    assert capsys.readouterr().out == "speed  41.24\nbeats\n  median_ms  3\n  of         1 2.5\n"  # type: ignore[attr-defined]
