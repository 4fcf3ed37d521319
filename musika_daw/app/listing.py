"""`musika-daw styles` and `musika-daw presets`: what there is to choose from, a line each."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.errors import UserError


def _add_arguments(parser: Parser) -> None:
    """There is nothing to choose."""


def _styles(options: argparse.Namespace) -> None:
    from musika_daw.engine.presets.style_file import load_style_preset, style_names

    styles = {name: load_style_preset(name) for name in style_names()}
    _print({name: f"{style.description} [{style.genre}]" for name, style in styles.items()})


def _presets(options: argparse.Namespace) -> None:
    from musika_daw.engine.presets.preset_folder import load_preset, preset_names

    _print({name: _described(lambda name=name: load_preset(name).description) for name in preset_names()})  # type: ignore[misc]


def _described(describe: Callable[[], str]) -> str:
    """A preset of one's own may be broken; the others are listed all the same."""
    try:
        return describe()
    except UserError as error:
        return f"cannot be used: {error}"


def _print(lines: Mapping[str, str]) -> None:
    width = max(map(len, lines), default=0) + 2
    for name, text in lines.items():
        print(f"{name:<{width}}{text}")


STYLES = Command(
    "List the styles, with a line on how each sounds.",
    f"{PROGRAM} styles",
    _add_arguments,
    _styles,
)
PRESETS = Command(
    "List the presets, shipped ones and your own, with a line on each.",
    f"{PROGRAM} presets",
    _add_arguments,
    _presets,
)
