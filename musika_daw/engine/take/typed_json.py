"""Dataclasses to plain JSON and back, checked against their types: a damaged file gets a line, never a wrong value."""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Mapping
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from musika_daw.controls.book import find
from musika_daw.controls.control import Kind, Value
from musika_daw.controls.state import ControlState
from musika_daw.controls.target import Target, parse_target
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.errors import UserError

_T = TypeVar("_T")
_TYPE_NAMES = {float: "a number", int: "a whole number", str: "a text", bool: "true or false"}


@dataclasses.dataclass(frozen=True)
class _State:
    """A `ControlState` as JSON has it."""

    settings: Mapping[str, object]
    held: Mapping[str, ControlState] = dataclasses.field(default_factory=dict)


def to_json(value: object) -> Any:
    """Dataclasses become objects, tuples lists, mappings objects; the rest is JSON already."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[_T], data: object, where: str) -> _T:
    """A value of `kind` (a dataclass, or what its fields may be) from what `json.loads` gave.

    Args:
        where: what the data is, for messages, e.g. `session.jsonl line 1`.

    Raises:
        UserError: a field is unknown, missing without a default, or of another type.
    """
    return cast(_T, _read(kind, data, where))


def _read(kind: Any, data: object, where: str) -> object:
    if kind is ControlState:
        return _read_state(data, where)
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(kind, data, where)
    if kind is object:
        return data
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _read_union(arguments, data, where)
    if origin is tuple:
        return _read_tuple(arguments, data, where)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(data, dict):
            raise UserError(f"{where}: expected an object, got {_shown(data)}")
        return {key: _read(arguments[1], item, f"{where}: {key}") for key, item in data.items()}
    return _read_scalar(kind, data, where)


def _read_dataclass(kind: Any, data: object, where: str) -> object:
    if not isinstance(data, dict):
        raise UserError(f"{where}: expected an object, got {_shown(data)}")
    hints = get_type_hints(kind)
    fields = {f.name: f for f in dataclasses.fields(kind) if f.init}
    for name in data:
        if name not in fields:
            raise UserError(f"{where}: {name!r} is not known; expected {', '.join(fields)}")
    for name, f in fields.items():
        optional = f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
        if name not in data and not optional:
            raise UserError(f"{where}: {name!r} is missing")
    return kind(**{name: _read(hints[name], item, f"{where}: {name}") for name, item in data.items()})


def _read_state(data: object, where: str) -> ControlState:
    """Settings by what they are of, in the types of their rows."""
    raw = cast(_State, _read_dataclass(_State, data, where))
    settings: dict[Target, tuple[Any, ...]] = {}
    for name, values in raw.settings.items():
        target, place = parse_target(name), f"{where}: settings: {name}"
        control = find(target.control)
        if control is None:
            raise UserError(f"{place}: is not known; a newer Musika DAW may read it")
        kind = tuple[FxSpec, ...] if control.kind is Kind.CHAIN else tuple[Value, ...]
        settings[target] = cast(tuple[Any, ...], _read(kind, values, place))
    return ControlState(settings, raw.held)


def _read_union(kinds: tuple[Any, ...], data: object, where: str) -> object:
    if data is None and type(None) in kinds:
        return None
    choices = [kind for kind in kinds if kind is not type(None)]
    exact = [kind for kind in choices if kind is type(data)]
    for kind in exact or choices[:-1]:
        try:
            return _read(kind, data, where)
        except UserError:
            continue
    return _read(choices[-1], data, where)


def _read_tuple(kinds: tuple[Any, ...], data: object, where: str) -> tuple[object, ...]:
    if not isinstance(data, list):
        raise UserError(f"{where}: expected a list, got {_shown(data)}")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_read(kinds[0], item, f"{where}[{i}]") for i, item in enumerate(data))
    if len(data) != len(kinds):
        raise UserError(f"{where}: expected {len(kinds)} values, got {len(data)}")
    return tuple(_read(kind, item, f"{where}[{i}]") for i, (kind, item) in enumerate(zip(kinds, data, strict=True)))


def _read_scalar(kind: Any, data: object, where: str) -> object:
    if kind is float and type(data) in (int, float):
        number = float(cast(float, data))
        if math.isfinite(number):
            return number
    elif type(data) is kind:
        return data
    raise UserError(f"{where}: expected {_TYPE_NAMES.get(kind, kind)}, got {_shown(data)}")


def _shown(data: object) -> str:
    text = repr(data)
    return text if len(text) <= 40 else text[:37] + "..."
