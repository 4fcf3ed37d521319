"""The shape of the code: folders import each other one way only, files and functions stay small."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for top in ("musika_daw", "osc_protocol") for path in (ROOT / top).rglob("*.py"))
MAX_FILE_LINES, MAX_MEDIAN_FILE_LINES = 350, 100
LONG_FUNCTION_LINES, MAX_LONG_FUNCTIONS = 40, 8


def modules_imported(path: Path) -> Iterator[str]:
    """Names of modules of ours that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = [f"{node.module}.{name.name}" for name in node.names]
            yield from [name for name in below if file_of(name).is_file()] or [node.module]


def file_of(module: str) -> Path:
    return ROOT / f"{module.replace('.', '/')}.py"


def folder_of(module: str) -> Path:
    path = file_of(module)
    return path.with_suffix("") if path.with_suffix("").is_dir() else path.parent


def test_no_folder_imports_another_both_ways() -> None:
    ways = {
        (path.parent, folder_of(module))
        for path in SOURCES
        for module in modules_imported(path)
        if module.split(".")[0] in ("musika_daw", "osc_protocol")
    }
    assert {(ROOT / "musika_daw/app", ROOT / "musika_daw/controls")} <= ways
    circles = sorted((a, b) for a, b in ways if a < b and (b, a) in ways)
    assert circles == []


def test_files_are_small() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert [path for path in SOURCES if lines[path] > MAX_FILE_LINES] == []
    assert statistics.median(lines.values()) <= MAX_MEDIAN_FILE_LINES


def test_functions_are_short() -> None:
    found = (
        (f"{path.relative_to(ROOT)}: {node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = [name for name, lines in found if lines > LONG_FUNCTION_LINES]
    assert len(long) <= MAX_LONG_FUNCTIONS, long


def test_engine_and_command_line_know_controls_and_no_addresses() -> None:
    knowing = [
        str(path.relative_to(ROOT))
        for top in ("engine", "app")
        for path in (ROOT / "musika_daw" / top).rglob("*.py")
        if '"/musika' in path.read_text(encoding="utf-8")
    ]
    assert knowing == []
