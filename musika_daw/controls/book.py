"""The book: every control there is, in the order in which lists show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from musika_daw.controls.control import Control, PerStem, Scope, Surface
from musika_daw.controls.mixer import MIXER
from musika_daw.controls.music import MUSIC
from musika_daw.controls.setup import SETUP
from musika_daw.controls.target import Target
from musika_daw.controls.transport import TRANSPORT

CONTROLS: tuple[Control, ...] = (*TRANSPORT, *MUSIC, *MIXER, *SETUP)

BY_NAME: Mapping[str, Control] = {control.name: control for control in CONTROLS}
"""Every row by its name; aliases are not among them."""

_PATTERNS = tuple(
    (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(control.name))), control)
    for control in CONTROLS
    if "{" in control.name
)


def find(name: str) -> Control | None:
    """The row of a control by its name, with its placeholders filled in (`fx/0/cutoff_hz`); None for what is none."""
    if (control := BY_NAME.get(name)) is not None:
        return control
    return next((control for pattern, control in _PATTERNS if pattern.fullmatch(name)), None)


def row(name: str) -> Control:
    """The row of a control that is there."""
    control = find(name)
    if control is None:
        raise KeyError(f"there is no control {name}")
    return control


def on_surface(surface: Surface) -> Iterator[Control]:
    """The controls that a surface has."""
    return (control for control in CONTROLS if control.on(surface))


def scope_of(target: Target) -> Scope | None:
    """What a move of this target acts on; None for commands and events."""
    control = find(target.control)
    return None if control is None else control.scope


def targets(control: Control, stems: tuple[str, ...]) -> Iterator[Target]:
    """Everything that a row stands for: the whole, each stem, or both; nothing for effects, which presets exchange."""
    if "{" in control.name:
        return
    if control.per_stem is not PerStem.ONLY:
        yield Target(control.name)
    if control.per_stem is not PerStem.NO:
        yield from (Target(control.name, stem) for stem in stems)
