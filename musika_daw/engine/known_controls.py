"""Which controls a model knows, and why it does not know the others."""

from __future__ import annotations

from musika_daw.controls.book import CONTROLS, find
from musika_daw.controls.control import Control, Kind, Scope
from musika_daw.model.model_file import FAMILY, FAMILY_RECORDS, ModelInfo
from musika_daw.music.notes import MIX

_SAID_OTHERWISE = ("model", "fx")  # whichever plays, and what stands behind it


def known_controls(info: ModelInfo) -> tuple[str, ...]:
    """Names of the controls that a model knows, as options and addresses have them."""
    rows = (control for control in CONTROLS if control.scope is Scope.SONG and control.name not in _SAID_OTHERWISE)
    return tuple(control.name for control in rows if not control.name.startswith("anchor/") and _knows(info, control))


def refusal(info: ModelInfo, control: str) -> str | None:
    """Why a model does not know a control, in one line; None if it knows it, or if it is no control of a model."""
    found = find(control)
    if found is None or found.scope is not Scope.SONG or _knows(info, found):
        return None
    known = ", ".join(known_controls(info))
    return f"{info.name} does not know {control}: {found.models.why_not}; it knows {known}"


def style_refusal(info: ModelInfo, style: str) -> str | None:
    """Why a model does not know a style, a name or a number; None if it does."""
    if info.family == FAMILY or style.isdigit():
        return None
    return f"{info.name} does not know style {style}: its styles are numbers (seeds)"


def value_refusal(info: ModelInfo, control: str, values: tuple[object, ...]) -> str | None:
    """Why a model does not know a control or the value given to it; None if it does."""
    found = find(control)
    if found is not None and found.kind is Kind.STYLE and values:
        return style_refusal(info, str(values[0]))
    return refusal(info, control)


def _knows(info: ModelInfo, control: Control) -> bool:
    models = control.models
    if info.family == FAMILY:
        return models.own
    if info.family == FAMILY_RECORDS:
        return models.records and (not models.signal or models.signal in info.signals)
    return (
        models.imported
        and (not models.signal or models.signal in info.signals)
        and (not models.without_signal or models.without_signal not in info.signals)
        and (not models.stems or info.stems != (MIX,))
    )
