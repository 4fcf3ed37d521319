"""The table for people (Markdown) and for programs (JSON)."""

from __future__ import annotations

from typing import Any

from osc_protocol.guide import GUIDE
from osc_protocol.table import DEFAULT_PORT, PLACEHOLDERS, TABLE, Argument, Row
from osc_protocol.types import range_text


def markdown() -> str:
    """The documentation page."""
    lines = [GUIDE, "| address | arguments | access | |", "|---|---|---|---|"]
    for row in TABLE:
        arguments = "<br>".join(_argument_text(argument) for argument in row.arguments) or "–"
        replies = f" Answers: {', '.join(f'`{reply}`' for reply in row.replies)}." if row.replies else ""
        lines.append(f"| `{row.pattern}` | {arguments} | {row.access.value} | {row.help}.{replies} |")
    lines += ["", "| part of an address | |", "|---|---|"]
    lines += [f"| `{{{name}}}` | {placeholder.help} |" for name, placeholder in PLACEHOLDERS.items()]
    return "\n".join(lines) + "\n"


def to_json() -> dict[str, Any]:
    """The table as plain data."""
    return {
        "port": DEFAULT_PORT,
        "placeholders": {
            name: {"help": p.help, "example": p.example, "choices": list(p.choices)} for name, p in PLACEHOLDERS.items()
        },
        "addresses": [_row_json(row) for row in TABLE],
    }


def _argument_text(argument: Argument) -> str:
    name = f"[{argument.name}]" if argument.optional else f"{argument.name} …" if argument.repeated else argument.name
    text = f"{argument.types} **{name}**: {range_text(argument)}"
    if argument.help:
        text += f"; {argument.help}"
    return text if argument.default is None else f"{text} (default {_default_text(argument.default)})"


def _default_text(value: float | str) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "address": row.pattern,
        "access": row.access.value,
        "help": row.help,
        "arguments": [_argument_json(argument) for argument in row.arguments],
        "replies": list(row.replies),
    }


def _argument_json(argument: Argument) -> dict[str, Any]:
    return {
        "name": argument.name,
        "types": argument.types,
        "help": argument.help,
        "low": argument.low,
        "high": argument.high,
        "units": argument.units,
        "default": argument.default,
        "choices": list(argument.choices),
        "optional": argument.optional,
        "repeated": argument.repeated,
    }
