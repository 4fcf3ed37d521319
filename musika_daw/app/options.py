"""Options of a command from the fields of a settings dataclass, so that a setting is written down once."""

from __future__ import annotations

import argparse
import dataclasses
import math
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from musika_daw.app.values import parse_whole, shown
from musika_daw.errors import UsageError
from musika_daw.near_names import did_you_mean
from musika_daw.paths import user_path
from musika_daw.written_numbers import read_number

_Settings = TypeVar("_Settings")
_LARGEST = 2**63 - 1
_METAVARS = {int: "N", float: "X", str: "TEXT", Path: "PATH"}


def add_dataclass_options(parser: argparse.ArgumentParser, cls: type[Any]) -> None:
    """One option per field: `validate_every: int = 400` becomes `--validate-every N`; without a default it is required.

    Fields may be int, float, str, Path or bool, or one of these or None; `metadata` may hold `help`, `choices`, and
    `argument`: the name in the help of a field that is given without an option.
    """
    hints = get_type_hints(cls)
    for field in dataclasses.fields(cls):
        option, kind = _option(field.name), _plain(hints[field.name])
        default = _default(field)
        required = default is dataclasses.MISSING
        help_text = str(field.metadata.get("help", ""))
        if not required and default not in (None, ""):
            help_text = f"{help_text} (default {default})".strip()
        help_text = help_text.replace("%", "%%")
        if argument := field.metadata.get("argument"):
            parser.add_argument(field.name, type=_reader(field.name, kind, ()), metavar=argument, help=help_text)
            continue
        # Suppressed: what is not given is left to the dataclass.
        given: dict[str, Any] = {"required": required, "default": argparse.SUPPRESS, "help": help_text}
        if kind is bool:
            parser.add_argument(option, action=argparse.BooleanOptionalAction, **given)
            continue
        choices = tuple(field.metadata.get("choices", ()))
        metavar = "|".join(map(str, choices)) if choices else _METAVARS[kind]
        parser.add_argument(option, type=_reader(option, kind, choices), metavar=metavar, **given)


def from_options(cls: type[_Settings], namespace: argparse.Namespace) -> _Settings:
    """The settings from parsed options; what was not given keeps its default."""
    names = [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]
    return cls(**{name: getattr(namespace, name) for name in names if hasattr(namespace, name)})


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _plain(hint: Any) -> type:
    """`Path | None` -> `Path`."""
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (kind for kind in get_args(hint) if kind is not type(None))
    if hint is not bool and hint not in _METAVARS:
        raise TypeError(f"a setting of type {hint} cannot be an option")
    return hint  # type: ignore[no-any-return]


def _reader(option: str, kind: type, choices: tuple[Any, ...]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if kind is int:
            value: Any = parse_whole(option, text, -_LARGEST, _LARGEST)
        elif kind is float:
            value = _finite(option, text)
        elif kind is Path:
            value = user_path(text)
        else:
            value = kind(text)
        if choices and value not in choices:
            hint = did_you_mean(text, map(str, choices))
            raise UsageError(
                f"{option} {shown(text)} is not known: {hint}expected one of {', '.join(map(str, choices))}"
            )
        return value

    return read


def _finite(option: str, text: str) -> float:
    value = read_number(text)
    if not math.isfinite(value):
        raise UsageError(f"{option} {shown(text)} is not a number: expected e.g. 0.5")
    return value
