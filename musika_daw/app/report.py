"""Measurements on stdout: nested figures as indented lines, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from musika_daw.errors import UserError


def print_report(report: Mapping[str, Any], as_json: bool) -> None:
    print(json.dumps(report, indent=2) if as_json else "\n".join(_lines(report, "")))


def read_report(path: Path) -> dict[str, Any]:
    """The figures of an earlier run, as `--json` printed them.

    Raises:
        UserError: the file cannot be read or holds no figures.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    except ValueError as error:
        raise UserError(f"{path} is no JSON: expected what --json printed earlier") from error
    if not isinstance(report, dict):
        raise UserError(f"{path} holds no figures: expected what --json printed earlier")
    return report


def ratios_to(report: Mapping[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    """Every figure of both reports: how many times the earlier one it is now. Words that differ are told as words."""
    ratios: dict[str, Any] = {}
    for name, now in report.items():
        before = earlier.get(name)
        if isinstance(now, Mapping) and isinstance(before, Mapping):
            ratios[name] = ratios_to(now, before)
        elif _is_figure(now) and _is_figure(before) and before:
            ratios[name] = round(now / before, 3)
        elif isinstance(now, str) and isinstance(before, str) and now != before:
            ratios[name] = f"{now} (earlier {before})"
    return ratios


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


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
