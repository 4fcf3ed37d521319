"""Cues become sections of the form, from a bar to come on."""

from __future__ import annotations

import pytest

from musika_daw.engine.live.state.cues import CUES, form_after, next_bar_of
from osc_protocol.table import ROWS


@pytest.mark.parametrize(
    ("cue", "when", "form", "bar", "after"),
    [
        ("break", "phrase", "off", 3, "from 17: break"),
        ("break", "bar", "off", 3, "from 4: break"),
        ("break", "phrase", "off", 16, "from 17: break"),
        ("drop", "bar", "from 17: break", 24, "from 17: break 8, drop 16"),
        ("build", "phrase", "from 17: break", 24, "from 17: break 16, build 8, drop 16"),
        ("fill", "phrase", "off", 3, "from 16: fill 1"),
        ("fill", "phrase", "off", 16, "from 32: fill 1"),
        ("fill", "bar", "drop 32", 6, "drop 32, from 7: fill 1"),
        ("end", "bar", "intro 8, drop 32", 20, "from 9: drop 12, outro 8"),
        ("drop", "phrase", "from 2: break 2, drop 16", 90, "from 4: drop 16, from 97: drop 16"),
    ],
)
def test_a_cue_is_a_move_of_the_form(cue: str, when: str, form: str, bar: int, after: str) -> None:
    move = form_after(cue, when, form, bar)
    assert (move.control, move.values) == ("form", (after,))


def test_bars_are_counted_from_bar_lines() -> None:
    assert [next_bar_of(beat) for beat in (0.0, 0.1, 4.0, 4.5)] == [0, 1, 1, 2]


def test_the_protocol_has_the_cues_that_there_are() -> None:
    assert ROWS["/musika/cue"].arguments[0].choices == CUES
