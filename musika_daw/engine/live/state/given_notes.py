"""Notes given to a stem: a MIDI file or text becomes the line itself, so that a log holds all that was played."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from musika_daw.controls.move import Move, RefusedError
from musika_daw.engine.smf.stem_notes import read_stem_notes
from musika_daw.errors import UserError
from musika_daw.music.general_midi import nearest_drum
from musika_daw.music.grid import STEPS_PER_BEAT
from musika_daw.music.line import Line, check_count, line_text, make_line, parse_line

OFF, ONCE, GRID = "off", "once", "grid"
_DRUMS = "drums"
_STEP = 1 / STEPS_PER_BEAT


def with_line(move: Move, next_bar: float, tell: Callable[[str], None] = lambda line: None) -> Move:
    """The move of `notes` with its line as text in place of a file and what is to be done with it.

    Args:
        next_bar: song position where a line that is played once begins, unless it says so itself.
        tell: takes a line on what was made of a file, where that is not plain.

    Raises:
        RefusedError: the file or text holds no line.
    """
    source, *wishes = (str(value) for value in move.values)
    if source == OFF:
        return Move.of(move.target, OFF)
    try:
        line = _line(source, move.stem or "", tell)
        if GRID in wishes and line.length_beats is not None:
            on_grid = make_line(line.notes, line.length_beats, line.looped, _STEP)
            line = dataclasses.replace(line, notes=on_grid.notes)
    except UserError as error:
        raise RefusedError(move.target, "range", str(error)) from error
    if wishes:
        line = dataclasses.replace(line, looped=wishes[0] != ONCE)
    if not line.looped and not line.start_beat:
        line = dataclasses.replace(line, start_beat=next_bar)
    return Move.of(move.target, line_text(line))


def line_of_text(source: str, stem: str) -> Line | None:
    """The line that a text holds, its drums the nearest there are; None where it is the name of a file.

    Raises:
        UsageError: a text that cannot be read.
    """
    if not source.startswith(("loop ", "once ")):
        return None
    line = parse_line(source)
    return dataclasses.replace(line, notes=tuple(map(nearest_drum, line.notes))) if stem == _DRUMS else line


def _line(source: str, stem: str, tell: Callable[[str], None]) -> Line:
    if (line := line_of_text(source, stem)) is not None:
        return line
    found = read_stem_notes(source, stem)
    notes, length_beats = found.looped()
    check_count(notes)
    for remark in (*found.remarks, *found.loop_remarks):
        tell(remark)
    return make_line(notes, length_beats, looped=True)
