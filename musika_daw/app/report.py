"""Measurements on stdout: nested figures as indented lines, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def print_report(report: Mapping[str, Any], as_json: bool) -> None:
    print(json.dumps(report, indent=2) if as_json else "\n".join(_lines(report, "")))


def _lines(report: Mapping[str, Any], indent: str) -> list[str]:
    width = max((len(str(name)) for name in report), default=0) + 2
    lines = []
    for name, value in report.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{name}", *_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{name!s:<{width}}{_text(value)}")
    return lines


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return " ".join(map(_text, value))
    return str(value)
