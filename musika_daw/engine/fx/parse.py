"""Chains as presets write them: tables become `FxSpec`s, or one line says what is possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from musika_daw.engine.fx.catalogue import BYPASS, BYPASSED, EFFECTS, PLUGIN, FxSpec
from musika_daw.errors import UserError

LONGEST_CHAIN = 16
_FIRST_PRINTABLE = 32
_LARGEST = 1e30  # also refuses nan and inf
_PLUGIN_KEYS = ("type", "path", "plugin", "parameters")


def parse_fx(tables: Sequence[object], where: str) -> tuple[FxSpec, ...]:
    """A chain as a preset describes it, e.g. `[{"type": "Delay", "beats": 0.75, "mix": 0.2}]`.

    Args:
        where: the preset and stem, for messages, e.g. `preset fathom, fx.chords`.

    Raises:
        UserError: one line that names the entry (counted from 1) and what is allowed there.
    """
    if len(tables) > LONGEST_CHAIN:
        raise UserError(f"{where}: {len(tables)} effects are too many: expected {LONGEST_CHAIN} at most")
    return tuple(_parse_entry(table, f"{where} {number}") for number, table in enumerate(tables, 1))


def check_value(where: str, kind: str, name: str, value: object) -> float:
    """A value for a parameter of one of `EFFECTS`; refuses nan, text and what is out of range."""
    allowed = EFFECTS[kind]
    if name not in allowed:
        raise UserError(f"{where}: {kind} has no parameter {name!r}; expected {', '.join(allowed)}")
    low, high = allowed[name].low, allowed[name].high
    # `not low <= value <= high` also refuses nan
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UserError(f"{where}: {kind} {name} = {value!r} is not possible; expected {low:g} to {high:g}")
    return float(value)


def check_bypass(where: str, value: float) -> float:
    """A value for the bypass of a plug-in, whose other parameters are its own."""
    if not BYPASSED.low <= value <= BYPASSED.high:
        raise UserError(
            f"{where}: {BYPASS} = {value:g} is not possible; expected {BYPASSED.low:g} to {BYPASSED.high:g}"
        )
    return value


def _parse_entry(table: object, where: str) -> FxSpec:
    kind = table.get("type") if isinstance(table, Mapping) else None
    if not isinstance(table, Mapping) or not isinstance(kind, str):
        raise UserError(f'{where}: expected a table with a type, e.g. type = "Delay"')
    if kind == PLUGIN:
        return _parse_plugin(table, where)
    if kind not in EFFECTS:
        raise UserError(f"{where}: effect {kind!r} is not known; expected one of {', '.join(EFFECTS)}, {PLUGIN}")
    parameters = {name: parameter.default for name, parameter in EFFECTS[kind].items()}
    for name, value in table.items():
        if name != "type":
            parameters[name] = check_value(where, kind, name, value)
    if not parameters[BYPASS]:
        del parameters[BYPASS]
    return FxSpec(kind, parameters)


def _parse_plugin(table: Mapping[str, object], where: str) -> FxSpec:
    """Which parameters a plug-in has and how far they go is known when it is loaded, not before."""
    for key in table:
        if key not in _PLUGIN_KEYS:
            raise UserError(f"{where}: {PLUGIN} has no key {key!r}; expected {', '.join(_PLUGIN_KEYS)}")
    path, plugin, parameters = table.get("path"), table.get("plugin", ""), table.get("parameters", {})
    if not isinstance(path, str) or not path:
        raise UserError(f'{where}: {PLUGIN} needs a path; expected e.g. path = "/usr/lib/vst3/Name.vst3"')
    if any(ord(character) < _FIRST_PRINTABLE for character in path):
        raise UserError(
            f"{where}: the path {path!r} holds a tab or the like: a backslash in double quotes is an escape; write "
            r"path = 'C:\...' in single quotes, or C:/..."
        )
    if not isinstance(plugin, str):
        raise UserError(f"{where}: plugin = {plugin!r} is not possible; expected the name of a plug-in in the file")
    if not isinstance(parameters, Mapping):
        raise UserError(f"{where}: parameters must be a table, e.g. parameters = {{mix = 0.3}}")
    for name, value in parameters.items():
        if not isinstance(value, int | float) or not -_LARGEST <= value <= _LARGEST:
            raise UserError(f"{where}: {PLUGIN} {name} = {value!r} is not possible; expected a number")
        if name == BYPASS:
            check_bypass(f"{where}: {PLUGIN}", value)
    return FxSpec(PLUGIN, {name: float(value) for name, value in parameters.items()}, path, plugin)
