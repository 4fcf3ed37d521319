"""Options of a command from the book of controls: a row is an option, its range, its default and its help."""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable
from typing import Any

from musika_daw.app.command import PROGRAM, Parser
from musika_daw.app.values import (
    is_random,
    parse_choice,
    parse_number,
    parse_style,
    parse_switch,
    parse_whole,
    random_seed,
    shown,
)
from musika_daw.controls.book import CONTROLS, on_surface
from musika_daw.controls.control import Control, Field, Kind, PerStem, Surface
from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState, state_of
from musika_daw.errors import UsageError
from musika_daw.music.notes import ALL, STEMS
from musika_daw.near_names import same_name
from musika_daw.written_numbers import read_number

_DESTINATION = "control_"
_OFF, _ON = "off", "on"
_STEM_BORDER = re.compile(r"[,;]\s*(?=[^,;=]*=)")  # a comma before a number is a decimal comma


def add_control_options(parser: Parser, surface: Surface, default_note: str = "") -> None:
    """One option for each control that the surface has; what is not given may come from elsewhere.

    Args:
        default_note: said before each default, e.g. `the preset's, or `.
    """
    for control in CONTROLS:
        if surface in control.absent:
            parser.reasons[option(control.name)] = control.absent[surface]
    for control in on_surface(surface):
        bare = {"nargs": "?", "const": (Move.of(control.name, control.bare),)} if control.bare is not None else {}
        parser.add_argument(
            *(option(name) for name in (control.name, *control.aliases)),
            dest=_destination(control),
            action=_Append,
            type=_reader(control),
            metavar=_hint(control),
            default=argparse.SUPPRESS,
            help=_help(control, default_note),
            **bare,  # type: ignore[arg-type]
        )


def given_controls(options: argparse.Namespace, surface: Surface) -> ControlState:
    """What the options say.

    Raises:
        UsageError: two of them exclude each other.
    """
    rows = [control for control in on_surface(surface) if hasattr(options, _destination(control))]
    names = {control.name for control in rows}
    for control in rows:
        for other in names.intersection(control.clears):
            first, second = sorted((option(control.name), option(other)))
            raise UsageError(f"{first} and {second} exclude each other: expected one of them")
    return state_of(move for control in rows for move in getattr(options, _destination(control)))


def option(name: str) -> str:
    """`start_bar` -> `--start-bar`, `clock/offset` -> `--clock-offset`."""
    return "--" + name.replace("_", "-").replace("/", "-")


class _Append(argparse.Action):
    """Keeps the moves of every time that an option is given; a stem can be named once."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: Any = None
    ) -> None:
        before: tuple[Move, ...] = getattr(namespace, self.dest, ())
        for move in values:
            if move.stem is not None and any(move.target == other.target for other in before):
                raise UsageError(f"{option} names {move.stem} twice: expected every stem once at most")
        kept = () if any(move.stem is None for move in values) else before
        setattr(namespace, self.dest, (*kept, *values))


def _destination(control: Control) -> str:
    return _DESTINATION + control.name.replace("/", "_")


def _hint(control: Control) -> str:
    first = control.fields[0]
    hint = f"{_ON}|{_OFF}" if first.kind is Kind.SWITCH else "|".join(first.choices) or control.hint
    return f"STEM={hint}" if control.per_stem is PerStem.ONLY else hint


def _help(control: Control, default_note: str) -> str:
    parts = [control.help]
    first = control.fields[0]
    if len(control.fields) == 1 and first.help:
        parts.append(first.help)
    if first.low is not None and first.high is not None and first.kind is Kind.NUMBER:
        parts.append(f"{first.low:g} to {first.high:g}{f' {first.unit}' if first.unit else ''}")
    if control.per_stem is PerStem.ALSO:
        parts.append("per stem as drums=0.9,bass=0.3")
    if control.models.imported and not control.models.own:
        parts.append("imported models only")
    default = f" (default {default_note}{default_text(control)})" if default_text(control) else ""
    return ("; ".join(parts) + default).replace("%", "%%")


def default_text(control: Control) -> str:
    """The default as an option has it; empty where there is none, or where every stem stands at it."""
    if control.default is None or control.per_stem is PerStem.ONLY:
        return ""
    return ",".join(_text(value) for value in control.default)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _ON if value else _OFF
    return f"{value:g}" if isinstance(value, float) else str(value)


def _reader(control: Control) -> Callable[[str], tuple[Move, ...]]:
    """How the text of an option becomes moves."""
    if control.kind is Kind.STEMS:
        return lambda text: (Move.of(control.name, *(part.strip() for part in text.split(","))),)
    if control.per_stem is PerStem.NO:
        return lambda text: (Move(control.name, None, _values(control, control.name, text)),)
    return lambda text: _per_stem(control, text)


def _per_stem(control: Control, text: str) -> tuple[Move, ...]:
    """`0.7` for all stems where a control has that, or `drums=0.9,bass=0.3`; the model knows whether it has them."""
    if control.per_stem is PerStem.ALSO and "=" not in text:
        return (Move(control.name, None, _values(control, control.name, text)),)
    moves: dict[str, Move] = {}
    # A file's name may hold commas: a stem each time then.
    for part in [text] if control.kind is Kind.TEXT else _STEM_BORDER.split(text):
        stem, equals, value = part.partition("=")
        stem = same_name(stem.strip(), STEMS) or stem.strip()
        list_of_numbers = control.kind is Kind.NUMBER and "," in value and math.isnan(read_number(value))
        if not equals or not value or stem == ALL or list_of_numbers:
            raise UsageError(f"{control.name} {shown(text)} is not possible: expected {_example(control)}")
        if stem in moves:
            raise UsageError(f"{control.name} {shown(text)} names {stem} twice: expected every stem once at most")
        moves[stem] = Move(control.name, stem, _values(control, f"{control.name} of {stem}", value))
    return tuple(moves.values())


def _example(control: Control) -> str:
    if control.kind is Kind.TEXT:
        return "STEM=FILE.mid, e.g. bass=line.mid, or bass=song.mid:2 for one of its tracks"
    values = {Kind.SWITCH: ("on", "off")}.get(control.kind, ("0.9", "0.3"))
    start = "a number, or " if control.per_stem is PerStem.ALSO else ""
    return f"{start}e.g. drums={values[0]},bass={values[1]}"


def _values(control: Control, name: str, text: str) -> tuple[Any, ...]:
    parts = control.needed
    if len(parts) == 1:
        return (_value(control, parts[0], _said(parts[0].name) if name == control.name else name, text),)
    texts = re.split(r"[;,]\s*|\s+", text.strip())
    if len(texts) != len(parts):
        names = ",".join(part.name for part in parts)
        raise UsageError(f"{name} {shown(text)} is not possible: expected {names}, e.g. 0.5,0.25")
    return tuple(_value(control, part, f"{name} {part.name}", each) for part, each in zip(parts, texts, strict=True))


def _said(name: str) -> str:
    return name.replace("_", " ")


def _value(control: Control, part: Field, name: str, text: str) -> Any:
    if part.kind is Kind.NUMBER:
        assert part.low is not None and part.high is not None
        return parse_number(name, text, part.low, part.high, part.unit)
    if control.name == "seed" and is_random(text):
        seed = random_seed()
        print(f"{PROGRAM}: seed {seed}", file=sys.stderr)
        return seed
    if part.kind is Kind.INTEGER:
        assert part.low is not None and part.high is not None
        return parse_whole(name, text, int(part.low), int(part.high), part.unit)
    if part.kind is Kind.SWITCH:
        return parse_switch(name, text)
    if part.kind is Kind.CHOICE:
        return parse_choice(name, text, part.choices)
    if part.kind is Kind.STYLE:
        return parse_style(text)
    from musika_daw.engine.presets.control_texts import check_text  # only when a text is given: it loads much

    check_text(control, text)
    return text
