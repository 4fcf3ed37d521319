"""Presets while playing: taken over what stands, and made of it."""

from __future__ import annotations

from musika_daw.controls.book import CONTROLS
from musika_daw.controls.control import Scope
from musika_daw.controls.state import ControlState
from musika_daw.engine.presets.preset import Preset

PRESET = "preset"
_RESET = tuple(control.name for control in CONTROLS if control.reset_by_preset)
_OF_THE_PROCESS = ("stems",)


def with_preset(state: ControlState, preset: Preset) -> ControlState:
    """How everything stands after a preset: levels, effects, lines and held patterns are its own or none, whatever else
    it does not name stays as it is, and so do the stems, which the process has for good."""
    said = preset.state.only(Scope.SONG, Scope.MIX, Scope.TRANSPORT).without(_OF_THE_PROCESS)
    return state.without(_RESET).over(said).tidy()
