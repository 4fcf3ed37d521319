"""A plug-in of others in a chain: its parameters by name, and the music that goes on when it fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from musika_daw.engine.fx.alignment import Alignment
from musika_daw.engine.fx.catalogue import PLUGIN, FxSpec
from musika_daw.engine.fx.effect import AudioArray
from musika_daw.engine.fx.native import BLOCK
from musika_daw.engine.fx.panel import Setting
from musika_daw.engine.fx.ramp import Ramp
from musika_daw.engine.fx.shelf import Loaded, PluginShelf
from musika_daw.engine.fx.stepped import Stepped
from musika_daw.errors import UserError

# Plug-ins that do not smooth by themselves jump at every step: many small ones are not heard.
_STEP = 16  # samples
_RAMP_SECONDS = 0.04
_TAIL_SECONDS = 5.0  # plug-ins do not say for how long they ring


class Hosted:
    """Effect and panel of one plug-in.

    Parameters move in a line of the plug-in's own scale, which runs from 0 to 1 whatever the unit; switches and choices
    jump. A plug-in that is not there, raises, or gives back anything but finite audio is bypassed from then on: its
    place in the chain passes the audio on, just as late, and one line is told.
    """

    def __init__(self, spec: FxSpec, shelf: PluginShelf, sample_rate: int, position: int) -> None:
        self._asked, self._shelf, self._rate = spec, shelf, sample_rate
        self._loaded = shelf.take(spec)
        self.latency = self._loaded.latency if self._loaded else 0
        self._dry = Alignment(self.latency, sample_rate)
        self._failed = self._loaded is None
        self._parameters = {name: _Parameter(p, sample_rate) for name, p in _parameters(self._loaded).items()}
        self._set_up()
        moved = [(p.knob, p.hand_on) for p in self._parameters.values()]
        self._stepped = Stepped(self._run, moved, _STEP, position)

    @property
    def spec(self) -> FxSpec:
        if self._loaded is None:
            return self._asked
        changed = {name: p.value for name, p in self._parameters.items() if name in self._asked.parameters or p.touched}
        return FxSpec(PLUGIN, changed, self._asked.path, self._asked.plugin)

    def settings(self) -> dict[str, Setting]:
        """Empty if the plug-in could not be loaded."""
        return {name: p.setting() for name, p in self._parameters.items()}

    def set(self, name: str, value: float, where: str) -> None:
        if self._loaded is None:
            raise UserError(f"{where}: plug-in {self._asked.path} is not loaded: nothing can be set on it")
        if name not in self._parameters:
            known = ", ".join(self._parameters)
            raise UserError(f"{where}: {self._loaded.name} has no parameter {name!r}; expected {known}")
        self._parameters[name].to(value, f"{where}: {self._loaded.name} {name}")

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        dry = self._dry.process(audio)
        if self._failed:
            return dry
        try:
            out = self._stepped.process(audio)
            if not np.isfinite(out).all():
                raise ValueError("it gave back something that is no sound")
        except Exception as error:  # whatever a library of others raises: the music goes on
            self._failed = True
            self._shelf.tell(f"plug-in {self._asked.path} failed: {' '.join(str(error).split())}; it is bypassed")
            return dry
        return out

    def tail_seconds(self, bpm: float) -> float:
        return 0.0 if self._failed else _TAIL_SECONDS

    def locate(self, position: int) -> None:
        self._stepped.locate(position)

    def close(self) -> None:
        """Gives the plug-in back; the chain is not used any more."""
        if self._loaded is not None:
            self._shelf.retire(self._loaded)
        self._failed = True

    def _run(self, audio: AudioArray) -> AudioArray:
        assert self._loaded is not None
        out: AudioArray = self._loaded.plugin.process(audio, self._rate, buffer_size=BLOCK, reset=False)
        if out.shape != audio.shape:
            raise ValueError(f"it gave back {out.shape[-1]} samples for {audio.shape[1]}")
        return out

    def _set_up(self) -> None:
        """Parameters as the chain asks for them; what is not possible is told and left as it is."""
        for name, value in self._asked.parameters.items():
            if self._loaded is None:
                return
            try:
                self.set(name, value, f"plug-in {self._asked.path}")
            except UserError as error:
                self._shelf.tell(str(error))
                continue
            self._parameters[name].arrive()


class _Parameter:
    """One parameter of a plug-in: a number of its own unit, 0 or 1 for a switch, the place of a choice from 0."""

    def __init__(self, parameter: Any, sample_rate: int) -> None:
        self._parameter = parameter
        self._choices = list(dict.fromkeys(parameter.valid_values)) if parameter.type is str else []
        self.touched = False
        self.low, self.high, self.value, moves = _range(parameter, self._choices)
        self.hand_on: Callable[[float], None] = partial(setattr, parameter, "raw_value")
        self.knob = Ramp(parameter.raw_value, round(_RAMP_SECONDS * sample_rate) if moves else 0)

    def setting(self) -> Setting:
        return Setting(self.value, self.low, self.high, self._parameter.units or "")

    def to(self, value: float, where: str) -> None:
        if not self.low <= value <= self.high:
            raise UserError(f"{where} = {value:g} is not possible; expected {self.low:g} to {self.high:g}")
        if self._choices:
            raw = self._parameter.get_raw_value_for(self._choices[round(value)])
        elif self._parameter.type is bool:
            raw = self._parameter.get_raw_value_for(value >= 0.5)
        else:
            raw = _raw(self._parameter, value)
        self.value, self.touched = value, True
        self.knob.to(float(raw))

    def arrive(self) -> None:
        """Stands at its goal at once: nothing is heard yet."""
        self.knob.jump(self.knob.goal)
        self.hand_on(self.knob.goal)


def _parameters(loaded: Loaded | None) -> dict[str, Any]:
    return dict(loaded.parameters) if loaded else {}


def _raw(parameter: Any, value: float) -> float:
    """Where a number lies between 0 and 1: as the plug-in says, if it reads its own texts; pedalboard rounds it."""
    rounded = float(parameter.get_raw_value_for(value))
    exact = float(parameter.get_raw_value_for_text(str(value)))
    return exact if abs(exact - rounded) < 0.002 else rounded


def _range(parameter: Any, choices: list[str]) -> tuple[float, float, float, bool]:
    """Lowest, highest and present value, and whether there is anything between them."""
    if choices:
        return 0.0, float(len(choices) - 1), float(choices.index(parameter.string_value)), False
    if parameter.type is bool:
        return 0.0, 1.0, float(parameter.raw_value >= 0.5), False
    raw = parameter.raw_value
    value = next(float(value) for (first, last), value in parameter.ranges.items() if first <= raw <= last)
    return float(parameter.min_value), float(parameter.max_value), value, parameter.num_steps > 2
