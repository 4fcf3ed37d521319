"""Programs of the plug-in: the presets that are shipped, as values of its parameters and the text of a project.

A host's projects know a program by its number: `programs.txt` keeps the order for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from musika_daw.controls.state import ControlState, defaults
from musika_daw.engine.presets.preset_file import read_preset_file
from musika_daw.plugin.parameters import parameter_value, parameters
from musika_daw.resources import presets_folder

KEPT_PROGRAMS = Path(__file__).with_name("programs.txt")


@dataclass(frozen=True)
class Program:
    """One preset.

    Attributes:
        text: what the project holds of it beside the parameters: effects, mastering, model.
        values: of all parameters, by number.
    """

    name: str
    text: str
    values: tuple[float, ...]


@cache
def programs() -> tuple[Program, ...]:
    """All of them, by number."""
    return tuple(map(_program, KEPT_PROGRAMS.read_text(encoding="utf-8").split()))


def _program(name: str) -> Program:
    path = presets_folder() / f"{name}.toml"
    state = defaults().over(read_preset_file(path).state)
    text = path.read_text(encoding="utf-8")
    return Program(name.replace("_", " ").capitalize(), text, _values(state))


def _values(state: ControlState) -> tuple[float, ...]:
    return tuple(parameter_value(parameter, state) for parameter in parameters())


def cpp_header() -> str:
    """The table in C++."""
    lines = [
        "// Written by programs.py.",
        "#pragma once",
        "",
        '#include "parameters.hpp"',
        "",
        "namespace musika {",
        "",
    ]
    lines += ["struct ProgramRow {", "    const char* name; const char* text; float values[PARAMETER_COUNT];", "};", ""]
    lines += ["inline const ProgramRow PROGRAMS[] = {"]
    for program in programs():
        values = ", ".join(f"{value}f" for value in program.values)
        lines.append(f'    {{"{program.name}", R"musika({program.text})musika", {{{values}}}}},')
    lines += ["};", "", f"constexpr unsigned PROGRAM_COUNT = {len(programs())};"]
    return "\n".join([*lines, "", "}  // namespace musika", ""])
