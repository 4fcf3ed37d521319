"""Parameters of the plug-in, made out of the book of controls.

A host's projects know a parameter by its number: `parameters.txt` keeps the order for ever. What is new in the book
goes behind what is there, and stays there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from musika_daw.control.midi.channels import STEM_CHANNELS
from musika_daw.controls.book import row
from musika_daw.controls.control import Control, Field, Kind
from musika_daw.controls.move import Move
from musika_daw.controls.music import CORNERS
from musika_daw.controls.state import HOLD, ControlState
from musika_daw.controls.target import Target
from musika_daw.music.notes import STEMS

KEPT = Path(__file__).with_name("parameters.txt")
KEPT_STYLES = Path(__file__).with_name("styles.txt")

HIGHEST_SEED = 9999.0  # of the parameter: a knob has single precision, and a host shows what it holds
GRIDS = (0.0, 1.0, 4.0, 64.0)
"""Quarters between the places where moves land, by the value of `quantize`: the live process's own."""

CHORDS_CHANNEL = 1
"""The keyboard's own: chords that are held on it are the harmony."""
_WHOLE = (
    *("density", "brightness", "variation", "morph", "seed", "key"),
    *(f"anchor/{corner}" for corner in CORNERS),
    *("master", "motion", "loop_bars", "quantize"),
)
_OFFSETS = ("density", "brightness")
_LEVELS = ("gain", "pan", "mute", "solo")
_OF_THE_PLUGIN = ("master", "quantize")
_TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
KEYS = ("off", *(f"{tonic}m" for tonic in _TONICS), *_TONICS)


@dataclass(frozen=True)
class PluginParameter:
    """One parameter as hosts see it.

    Attributes:
        symbol: never changes: LV2 finds the parameter by it.
        target, field: what it moves: a control and which of its values.
        labels: of whole numbers from 0 on, where they stand for texts.
        offset: whether it is added to the control of the whole, for one stem.
        level: whether it is done in the plug-in itself, at once; the song does not depend on it.
        hold: whether it keeps what the others made of its stem when it was set.
    """

    symbol: str
    name: str
    target: Target
    field: int
    low: float
    high: float
    default: float
    unit: str = ""
    kind: Kind = Kind.NUMBER
    labels: tuple[str, ...] = ()
    offset: bool = False
    level: bool = False
    hold: bool = False


@cache
def parameters() -> tuple[PluginParameter, ...]:
    """All of them, by number; those that `parameters.txt` does not know yet are the last."""
    made = {each.symbol: each for each in _from_the_book()}
    kept = kept_symbols()
    return tuple(made[symbol] for symbol in (*kept, *(symbol for symbol in made if symbol not in kept)))


def kept_symbols() -> tuple[str, ...]:
    """The symbols whose numbers are taken, number 0 first."""
    return tuple(KEPT.read_text(encoding="utf-8").split())


@cache
def style_labels() -> tuple[str, ...]:
    """Styles that a parameter can choose, number 0 first; they stay in this order for ever."""
    return tuple(KEPT_STYLES.read_text(encoding="utf-8").split())


def with_parameters(state: ControlState, values: Sequence[float]) -> ControlState:
    """A state as the parameters set it; what they do not know stays."""
    whole: dict[Target, list[object]] = {}
    offsets: list[tuple[PluginParameter, float]] = []
    for parameter, value in zip(parameters(), values, strict=False):
        if parameter.offset:
            offsets.append((parameter, value))
        elif not (parameter.level or parameter.hold):
            whole.setdefault(parameter.target, []).append(_value(parameter, value))
    for target, found in whole.items():
        if target.control in state_owned(state):
            continue
        state = state.with_move(Move(target.control, target.stem, tuple(found)))  # type: ignore[arg-type]
    for parameter, value in offsets:
        stem_value = min(1.0, max(0.0, state.number(parameter.target.control) + value))
        if value:
            state = state.with_move(Move.of(parameter.target, stem_value))
    return state


def held_stems(values: Sequence[float]) -> tuple[str, ...]:
    """Stems whose pattern is kept."""
    on = (each for each, value in zip(parameters(), values, strict=False) if each.hold and value > 0.5)
    return tuple(each.target.stem for each in on if each.target.stem is not None)


def state_owned(state: ControlState) -> frozenset[str]:
    """Controls that the project's text holds more exactly than a parameter can: a seed beyond the knob's reach, styles
    and keys that are not on its list."""
    names = []
    if (seed := state.own("seed")) is not None and int(seed[0]) > HIGHEST_SEED:
        names.append("seed")
    if (key := state.own("key")) is not None and str(key[0]) not in KEYS:
        names.append("key")
    for corner in CORNERS:
        style = state.own(f"anchor/{corner}")
        if style is not None and str(style[0]) not in style_labels():
            names.append(f"anchor/{corner}")
    return frozenset(names)


def parameter_value(parameter: PluginParameter, state: ControlState) -> float:
    """Where a parameter stands so that it sets what a state holds, as nearly as it can."""
    control, stem = parameter.target
    if parameter.offset:
        return state.number(control, stem) - state.number(control)
    value = state.get(control, stem)[parameter.field]
    if parameter.labels:
        return float(parameter.labels.index(str(value))) if str(value) in parameter.labels else parameter.default
    return min(parameter.high, max(parameter.low, float(value)))


def _value(parameter: PluginParameter, value: float) -> object:
    value = min(parameter.high, max(parameter.low, float(value)))
    if parameter.labels:
        return parameter.labels[round(value)]
    if parameter.kind is Kind.INTEGER:
        return round(value)
    # What a host hands over in single precision is meant as it is shown: .7 is .7.
    return round(value, 6)


def _from_the_book() -> Iterator[PluginParameter]:
    for name in _WHOLE:
        control = row(name)
        for number, field in enumerate(control.needed):
            yield _whole(control, number, field)
    for stem in STEMS:
        for name in _OFFSETS:
            title = f"{stem.capitalize()} {name} +/-"
            yield PluginParameter(f"{stem}_{name}", title, Target(name, stem), 0, -1.0, 1.0, 0.0, offset=True)
        for name in _LEVELS:
            yield _of_stem(row(name), stem, level=True)
    for stem in STEMS:
        yield _of_stem(row(HOLD), stem, hold=True)


def _whole(control: Control, number: int, field: Field) -> PluginParameter:
    several = len(control.needed) > 1
    symbol = control.name.replace("/", "_") + (f"_{field.name}" if several else "")
    name = symbol.replace("_", " ").capitalize() if not several else f"{control.name.capitalize()} {field.name.upper()}"
    target = Target(control.name)
    if control.name == "seed":
        return PluginParameter(symbol, name, target, number, 0.0, HIGHEST_SEED, 0.0, kind=Kind.INTEGER)
    level = control.name in _OF_THE_PLUGIN
    labels = KEYS if control.name == "key" else style_labels() if field.kind is Kind.STYLE else field.choices
    if labels:
        default = float(labels.index(str(field.default)))
        high = len(labels) - 1.0
        return PluginParameter(symbol, name, target, number, 0.0, high, default, labels=labels, level=level)
    assert field.low is not None and field.high is not None
    default = float(field.default or 0.0)
    return PluginParameter(
        symbol, name, target, number, float(field.low), float(field.high), default, field.unit, field.kind, level=level
    )


def _of_stem(control: Control, stem: str, level: bool = False, hold: bool = False) -> PluginParameter:
    (field,) = control.needed
    low, high = (0.0, 1.0) if field.kind is Kind.SWITCH else (field.low, field.high)
    assert low is not None and high is not None
    return PluginParameter(
        f"{stem}_{control.name}",
        f"{stem.capitalize()} {control.name}",
        Target(control.name, stem),
        0,
        low,
        high,
        float(field.default or 0.0),
        field.unit,
        field.kind,
        level=level,
        hold=hold,
    )


def cpp_header() -> str:
    """The table in C++."""
    lines = ["// Written by parameters.py.", "#pragma once", "", "namespace musika {", ""]
    lines += ["struct ParameterRow {"]
    lines += ["    const char* symbol; const char* name; const char* unit;"]
    lines += ["    float low, high, standard; bool whole, on_off, level;"]
    lines += ["    const char* const* labels; unsigned label_count;", "};", ""]
    rows = []
    for number, each in enumerate(parameters()):
        labels = "nullptr"
        if each.labels:
            texts = ", ".join(f'"{label}"' for label in each.labels)
            labels = f"labels_{number}"
            lines.append(f"inline const char* const {labels}[] = {{{texts}}};")
        whole, switch = bool(each.labels) or each.kind is Kind.INTEGER, each.kind is Kind.SWITCH
        flags = ", ".join(str(flag).lower() for flag in (whole, switch, each.level))
        rows.append(
            f'    {{"{each.symbol}", "{each.name}", "{each.unit}", {each.low}f, {each.high}f, {each.default}f, '
            f"{flags}, {labels}, {len(each.labels)}}},"
        )
    lines += ["", "inline const ParameterRow PARAMETERS[] = {", *rows, "};", ""]
    lines += [f"constexpr unsigned PARAMETER_COUNT = {len(rows)};"]
    numbers = {each.symbol: number for number, each in enumerate(parameters())}
    stems = ", ".join(f'"{stem}"' for stem in STEMS)
    lines += [f"inline const char* const STEMS[] = {{{stems}}};", f"constexpr unsigned STEM_COUNT = {len(STEMS)};"]
    lines += [f"constexpr unsigned {name.upper()} = {numbers[name]};" for name in _OF_THE_PLUGIN]
    lines += [f"constexpr unsigned CHORDS_CHANNEL = {CHORDS_CHANNEL};"]
    channels = ", ".join(str(STEM_CHANNELS[stem]) for stem in STEMS)
    lines += [f"constexpr unsigned STEM_CHANNELS[] = {{{channels}}};"]
    lines += [f"constexpr double GRIDS[] = {{{', '.join(map(str, GRIDS))}}};  // quarters, by the value of QUANTIZE"]
    lines += [f"constexpr unsigned DENSITY_OF_ALL = {numbers['density']};"]
    lines += [f"constexpr unsigned MORPH[] = {{{numbers['morph_x']}, {numbers['morph_y']}}};"]
    corners = ", ".join(str(numbers[f"anchor_{corner}"]) for corner in CORNERS)
    lines += [f"constexpr unsigned ANCHOR[] = {{{corners}}};"]
    for name in (*_LEVELS, HOLD, "density"):
        found = ", ".join(str(numbers[f"{stem}_{name}"]) for stem in STEMS)
        lines += [f"constexpr unsigned {name.upper()}[] = {{{found}}};"]
    return "\n".join([*lines, "", "}  // namespace musika", ""])
