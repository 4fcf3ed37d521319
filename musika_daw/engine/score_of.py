"""Scores from states and states from scores: what stands still, as functions of song position."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from musika_daw.controls.move import Move
from musika_daw.controls.music import CORNERS
from musika_daw.controls.state import ControlState, state_of
from musika_daw.engine.score import Curve, Imported, Morph, Score, StyleCurve, constant
from musika_daw.music.form import parse_form
from musika_daw.music.harmony import STILL, parse_chords, parse_key
from musika_daw.music.line import parse_line
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import constant_tempo

OFF = "off"
_PER_STEM = ("density", "brightness")
_IMPORTED = tuple(field.name for field in dataclasses.fields(Imported))


def score_of(state: ControlState, stems: tuple[str, ...] = ()) -> Score:
    """The song that controls make, as if they had always stood there.

    Args:
        stems: that have curves; none: all there are.

    Raises:
        UserError: a text in it cannot be read.
    """
    played: tuple[str, ...] = state.own("stems") or STEMS
    stems = stems or tuple(dict.fromkeys((*STEMS, *played)))
    notes = {stem: text for stem, (text, *_) in state.of("notes").items() if text != OFF}
    return Score(
        int(state.get("seed")[0]),
        constant_tempo(state.number("tempo")),
        StyleCurve(((0.0, style_of(state)),)),
        {stem: constant(state.number("density", stem), "density") for stem in stems},
        {stem: constant(state.number("brightness", stem), "brightness") for stem in stems},
        parse_key(state.text("key")),
        parse_chords(state.text("chords")),
        state.number("variation"),
        {stem: parse_line(text) for stem, text in notes.items()},
        played,
        {stem: score_of(kept) for stem, kept in state.held.items()},
        Imported(state.number("truncation"), state.switch("noise"), state.switch("warp")),
        {stem: int(number) for stem, (number,) in state.of("pattern").items() if number},
        motion=state.number("motion"),
        still=state.text("chords").strip().lower() == STILL,
        form=parse_form(state.text("form")),
        loop_bars=int(state.number("loop_bars")),
    )


def style_of(state: ControlState) -> str | Morph:
    """One style alone, or the place in the morph square."""
    if alone := state.text("style"):
        return alone
    a, b, c, d = (state.text(f"anchor/{corner}") for corner in CORNERS)
    return Morph((a, b, c, d), state.number("morph"), float(state.get("morph")[1]))


def score_with(score: Score, state: ControlState, stems: tuple[str, ...] = ()) -> Score:
    """A score with what a state sets in place of its own curves, those of `stems`; the rest of it stays as it is."""
    new = score_of(state, stems)
    names = {target.control for target in state.settings}
    changes: dict[str, Any] = {
        name: getattr(new, name)
        for name in ("seed", "key", "chords", "variation", "stems", "motion", "form", "loop_bars")
        if name in names
    }
    if "chords" in names:
        changes["still"] = new.still
    if "tempo" in names:
        changes["tempo_map"] = new.tempo_map
    if names & {"style", "morph", *(f"anchor/{corner}" for corner in CORNERS)}:
        changes["style"] = new.style
    for name in _PER_STEM:
        if name in names:
            changes[name] = {**getattr(score, name), **_said(state, name, getattr(new, name))}
    if "pattern" in names:
        changes["patterns"] = new.patterns
    if imported := {name: getattr(new.imported, name) for name in _IMPORTED if name in names}:
        changes["imported"] = dataclasses.replace(score.imported, **imported)
    return dataclasses.replace(score, **changes)


def _said(state: ControlState, name: str, curves: Mapping[str, Curve]) -> Mapping[str, Curve]:
    """The curves of those stems that the state speaks of."""
    whole = state.own(name) is not None
    return {stem: curve for stem, curve in curves.items() if whole or state.own(name, stem) is not None}


def state_of_score(score: Score) -> ControlState:
    """How everything stands at the start of a score; its key, chords and notes are not among it."""
    moves = [
        Move.of("seed", score.seed),
        Move.of("tempo", score.tempo_map.points[0][1]),
        Move.of("variation", score.variation),
        Move.of("motion", score.motion),
        Move.of("loop_bars", score.loop_bars),
        Move.of("form", OFF if score.form is None else str(score.form)),
        Move.of("stems", *score.stems),
        *(Move.of(name, getattr(score.imported, name)) for name in _IMPORTED),
        *(Move("pattern", stem, (number,)) for stem, number in score.patterns.items()),
        *(Move(name, stem, (curve.at(0.0),)) for name in _PER_STEM for stem, curve in getattr(score, name).items()),
    ]
    style = score.style.at(0.0)
    if isinstance(style, str):
        moves.append(Move.of("style", style))
    else:
        moves += [Move.of(f"anchor/{corner}", each) for corner, each in zip(CORNERS, style.anchors, strict=True)]
        moves.append(Move.of("morph", style.x, style.y))
    return state_of(moves)
