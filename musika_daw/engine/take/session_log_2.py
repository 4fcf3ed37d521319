"""Session logs of formats 1 and 2, from before motion, mastering and harmony that moves: they mean what they meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.controls.target import Target
from musika_daw.engine.console import Sound
from musika_daw.engine.score import Score
from musika_daw.engine.take.session_log import SESSION_FORMAT, SessionEvent, SessionStart
from musika_daw.music.harmony import STILL

_CHORDS, _FREE = Target("chords"), ("off",)


def renewed(start: SessionStart, events: Iterable[SessionEvent]) -> tuple[SessionStart, tuple[SessionEvent, ...]]:
    """The same take as a log of today says it."""
    live = start.live
    if live is not None:
        live = replace(live, controls=_still(live.controls), levels=(*live.levels, Move.of("mastering", False)))
    sound = start.sound or (Sound() if live is None else None)
    told = tuple(
        replace(e, move=_still_move(e.move), controls=None if e.controls is None else _still(e.controls))
        for e in events
    )
    return replace(start, format=SESSION_FORMAT, score=_still_score(start.score), live=live, sound=sound), told


def _still(state: ControlState) -> ControlState:
    held = {stem: _still(kept) for stem, kept in state.held.items()}
    chords = state.settings.get(_CHORDS, _FREE)
    still = {Target("motion"): (0.0,), _CHORDS: (STILL,) if chords == _FREE else chords}
    return ControlState({**state.settings, **still}, held)


def _still_move(move: Move) -> Move:
    return replace(move, values=(STILL,)) if move.target == _CHORDS and move.values == _FREE else move


def _still_score(score: Score) -> Score:
    held = {stem: _still_score(kept) for stem, kept in score.held.items()}
    return replace(score, still=score.chords is None, held=held)
