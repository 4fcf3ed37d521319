"""What texts of controls have to be: a key, a harmony, a line of notes, a map of channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from musika_daw.controls.control import Control, Kind
from musika_daw.engine.bus.channel_map import parse_map
from musika_daw.engine.presets.style_file import load_style_preset
from musika_daw.errors import UserError
from musika_daw.music.form import parse_form
from musika_daw.music.harmony import parse_chords, parse_key

_READERS: Mapping[str, Callable[[str], object]] = {
    "key": parse_key,
    "chords": parse_chords,
    "form": parse_form,
    "bus_map": parse_map,
}


def check_text(control: Control, value: object) -> None:
    """Raises UserError: a text that nothing can be made of; values that are no texts are let by."""
    if control.kind is Kind.STYLE and isinstance(value, str):
        check_style(value)
    elif isinstance(value, str) and (read := _READERS.get(control.name)) is not None:
        read(value)


def check_style(name: str) -> str:
    """The style's name as it is known by: seeds and paths as they are, names however they are capitalised.

    Raises:
        UserError: there is no such style, or it cannot be played.
    """
    if not name or name.isdigit():
        return name
    style = load_style_preset(name)
    if not style.settings:
        raise UserError(f"style {name!r} has no [settings]: it cannot be played")
    return name if name.endswith(".toml") else style.name
