"""Cues: what is called for while the music plays becomes sections of its form, from a bar to come on."""

from __future__ import annotations

from collections.abc import Mapping

from musika_daw.controls.move import Move
from musika_daw.music.form import Form, parse_form
from musika_daw.music.grid import BEATS_PER_BAR

CUE, FORM = "cue", "form"
PHRASE, BAR = "phrase", "bar"
_PHRASE_BARS = 16

# A break stays until something else is called for; a build leads to its drop.
_SECTIONS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "break": (("break", 0),),
    "build": (("build", 8), ("drop", 16)),
    "drop": (("drop", 16),),
    "end": (("outro", 8),),
}
FILL = "fill"
CUES = (FILL, *_SECTIONS)


def form_after(cue: str, when: str, form: str, next_bar: int) -> Move:
    """The move of `form` that a cue means.

    Args:
        cue: one of `CUES`.
        when: `phrase`, or `bar`.
        form: as it stands.
        next_bar: the first bar that can still be another one, from 0.
    """
    before = (parse_form(form) or Form()).since(next_bar - 1)
    phrase = -(-next_bar // _PHRASE_BARS) * _PHRASE_BARS
    if cue == FILL:
        # Before the phrase: a fill leads to it.
        last = phrase - 1 if phrase > next_bar else phrase + _PHRASE_BARS - 1
        return Move.of(FORM, str(before.with_fill(next_bar if when == BAR else last)))
    return Move.of(FORM, str(before.then(next_bar if when == BAR else phrase, _SECTIONS[cue])))


def next_bar_of(beat: float) -> int:
    """The bar that begins at a bar line, or after a beat."""
    return -int(-beat // BEATS_PER_BAR)
