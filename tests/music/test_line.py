"""Lines that stems play, and the same as text."""

from __future__ import annotations

import pytest

from musika_daw.errors import UsageError
from musika_daw.music.line import Line, line_text, make_line, parse_line
from musika_daw.music.notes import Note

LOOP = "loop 8: 33 0 0.5 100, 36 1.4821 0.25 90, 40 7.9 2 1"


def test_a_line_is_the_same_after_text() -> None:
    for text in (LOOP, "once 4 from 64.5: 36 0 0.5 127", "loop 4:"):
        assert line_text(parse_line(text)) == text
    assert parse_line(LOOP).notes[1] == Note(1.4821, 0.25, 36, 90 / 127)


def test_a_loop_fills_the_song() -> None:
    line = parse_line(LOOP)
    starts = [n.start_beat for n in line.between(7.0, 17.0)]
    assert starts == pytest.approx([7.9, 8.0, 9.4821, 15.9, 16.0])
    assert [n.start_beat for n in line.between(-8.0, 1.0)] == [0.0]  # nothing is before the song
    assert line.covers(1e6) and line.longest_beats == 2.0
    assert [n.start_beat for n in parse_line("loop 8 from 2: 33 0 1 1").between(0.0, 12.0)] == [2.0, 10.0]


def test_once_is_once() -> None:
    line = parse_line("once 4 from 8: 33 1 0.5 100")
    assert [n.start_beat for n in line.between(0.0, 100.0)] == [9.0]
    assert [line.covers(beat) for beat in (7.9, 8.0, 11.9, 12.0)] == [False, True, True, False]
    assert Line((Note(0.0, 1.0, 33, 1.0),)).covers(1000.0)


def test_notes_are_put_on_the_grid_and_the_end_is_the_start() -> None:
    notes = [Note(3.97, 0.5, 36, 1.0), Note(1.07, 9.0, 33, 0.5)]
    on_grid = make_line(notes, 4.0, looped=True, grid_beats=0.25)
    assert [(n.start_beat, n.length_beats, n.pitch) for n in on_grid.notes] == [(0.0, 0.5, 36), (1.0, 4.0, 33)]
    assert [n.start_beat for n in make_line(notes, 4.0, looped=True).notes] == [1.07, 3.97]


@pytest.mark.parametrize(
    "text",
    ["", "loop: 1 2 3 4", "loop 0: 1 0 1 1", "loop 9999: 1 0 1 1", "loop 4: 128 0 1 1", "loop 4: 1 4 1 1",
     "loop 4: 1 0 0 1", "loop 4: 1 0 1 0", "loop 4: 1 0 1", "loop 4: 1 -1 1 1", "loop 4: 1 nan 1 1",
     "loop 4:" + " 1 0 1 1," * 2000 + " 1 0 1 1"],
)  # fmt: skip
def test_what_is_no_line_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_line(text)
    assert "\n" not in str(error.value) and len(str(error.value)) < 200
