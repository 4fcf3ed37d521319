"""Which controls a model knows, and why it does not know the others."""

from __future__ import annotations

from musika_daw.model.model_file import FAMILY, ModelInfo
from musika_daw.music.notes import MIX

_EVERY = ("seed", "style", "morph", "tempo")
_OWN = (*_EVERY, "density", "brightness", "variation", "key", "chords", "notes", "hold", "stems")
_OFFICIAL = (*_EVERY, "truncation", "noise")

_NO_SIGNAL = "it was trained without that conditioning signal"
_NO_NOTES = "it makes sound, not notes"
_WHY_NOT = {
    "density": _NO_SIGNAL,
    "brightness": _NO_SIGNAL,
    "variation": "its networks have no noise that returns with the loop",
    "key": _NO_NOTES,
    "chords": _NO_NOTES,
    "notes": _NO_NOTES,
    "hold": _NO_NOTES,
    "stems": "it makes one stem, mix",
    "truncation": "that belongs to the coordinates of imported models",
    "noise": "its decoders add none",
    "warp": "it is told where the beats are",
}


def known_controls(info: ModelInfo) -> tuple[str, ...]:
    """Names of the controls that a model knows, as options and OSC addresses have them."""
    if info.family == FAMILY:
        return _OWN
    density = ("density",) if "density" in info.signals else ()
    stems = ("stems",) if info.stems != (MIX,) else ()
    warp = () if "beat_phase" in info.signals else ("warp",)
    return (*_OFFICIAL, *density, *stems, *warp)


def refusal(info: ModelInfo, control: str) -> str | None:
    """Why a model does not know a control, in one line; None if it knows it, or if it is no control of a model."""
    known = known_controls(info)
    if control in known or control not in _WHY_NOT:
        return None
    return f"{info.name} does not know {control}: {_WHY_NOT[control]}; it knows {', '.join(known)}"


def style_refusal(info: ModelInfo, style: str) -> str | None:
    """Why a model does not know a style, a name or a number; None if it does."""
    if info.family == FAMILY or style.isdigit():
        return None
    return f"{info.name} does not know style {style}: its styles are numbers (seeds)"
