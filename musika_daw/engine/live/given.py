"""Notes given to a stem: a MIDI file or text becomes the line itself, so that a log holds all that was played."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

from musika_daw.engine.live.moves import Move, RefusedError
from musika_daw.engine.take.midi_file import read_clip
from musika_daw.errors import UserError
from musika_daw.music.grid import BEATS_PER_BAR, STEPS_PER_BEAT
from musika_daw.music.line import Line, check_count, line_text, make_line, parse_line
from musika_daw.music.notes import DRUM_PITCHES, Note

OFF, ONCE, GRID = "off", "once", "grid"
_DRUMS = "/musika/stem/drums/notes"
_NEAREST_DRUM = {
    other: DRUM_PITCHES[name]
    for name, others in {
        "kick": (35,),
        "snare": (37, 40),
        "closed_hat": (44,),
        "ride": (49, 52, 53, 55, 57, 59),
        "tom": (41, 43, 47, 48, 50),
        "perc": (54, 56, *range(60, 75), *range(76, 82)),
    }.items()
    for other in others
}
_LAST_STEP = 1 / STEPS_PER_BEAT  # a note that rings so little into the next bar does not ask for one


def with_line(move: Move, next_bar: float) -> Move:
    """The move of `/musika/stem/{name}/notes` with its line as text in place of a file and what is to be done with it.

    Args:
        next_bar: song position where a line that is played once begins, unless it says so itself.

    Raises:
        RefusedError: the file or text holds no line.
    """
    source, *wishes = (str(value) for value in move.values)
    if source == OFF:
        return Move(move.address, (OFF,))
    try:
        line = _line(source)
        if move.address == _DRUMS:
            line = dataclasses.replace(line, notes=tuple(_as_class(note) for note in line.notes))
        if GRID in wishes and line.length_beats is not None:
            on_grid = make_line(line.notes, line.length_beats, line.looped, _LAST_STEP)
            line = dataclasses.replace(line, notes=on_grid.notes)
    except UserError as error:
        raise RefusedError(move.address, "range", str(error)) from error
    if wishes:
        line = dataclasses.replace(line, looped=wishes[0] != ONCE)
    if not line.looped and not line.start_beat:
        line = dataclasses.replace(line, start_beat=next_bar)
    return Move(move.address, (line_text(line),))


def _as_class(note: Note) -> Note:
    """A drum of General MIDI as the one of ours that is nearest to it; others are left out of the sound."""
    return dataclasses.replace(note, pitch=_NEAREST_DRUM.get(note.pitch, note.pitch))


def _line(source: str) -> Line:
    if source.startswith(("loop ", "once ")):
        return parse_line(source)
    notes, length_beats = read_clip(Path(source))
    check_count(notes)
    bars = max(1, math.ceil((length_beats - _LAST_STEP) / BEATS_PER_BAR))
    return make_line(notes, float(bars * BEATS_PER_BAR), looped=True)
