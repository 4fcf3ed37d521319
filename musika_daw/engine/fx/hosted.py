"""A plug-in of others in a chain: its parameters by name, and the music that goes on when it fails."""

from __future__ import annotations

from typing import Any

import numpy as np

from musika_daw.engine.fx.alignment import Alignment
from musika_daw.engine.fx.catalogue import BYPASS, BYPASSED, PLUGIN, FxSpec
from musika_daw.engine.fx.effect import AudioArray
from musika_daw.engine.fx.native import BLOCK
from musika_daw.engine.fx.panel import Setting
from musika_daw.engine.fx.parse import check_bypass
from musika_daw.engine.fx.plugin_parameter import PluginParameter, as_parameter, unit_of_parameter
from musika_daw.engine.fx.plugin_pool import PluginPool, latency_of
from musika_daw.engine.fx.ramp import Ramp
from musika_daw.engine.fx.stepped import Stepped
from musika_daw.errors import UserError

_STEP = 16  # samples: plug-ins that do not smooth by themselves jump at every step, and many small ones are not heard
_TAIL_SECONDS = 5.0  # plug-ins do not say for how long they ring


class Hosted:
    """Effect and panel of one plug-in.

    Parameters move in a line of the plug-in's own scale, which runs from 0 to 1 whatever the unit; switches and choices
    jump. A plug-in that is not there, raises, or gives back anything but finite audio is bypassed from then on: its
    place in the chain passes the audio on, just as late, and one line is told.
    """

    def __init__(self, spec: FxSpec, plugins: PluginPool, sample_rate: int, position: int) -> None:
        self._asked, self._plugins, self._rate = spec, plugins, sample_rate
        self._loaded = plugins.take(spec)
        self._failed = self._loaded is None
        self.bypass = Ramp(spec.parameters.get(BYPASS, 0.0), round(BYPASSED.ramp_seconds * sample_rate))
        self._moved: dict[str, float] = {}  # what was set since
        # Only of parameters that are set: plug-ins have up to thousands.
        self._parameters: dict[str, PluginParameter] = {}
        self._stepped = Stepped([], _STEP, position)
        self._set_up()
        # Knobs move the latency of some: what counts is how late it is as the preset has it.
        self.latency = self._reported = self._told_latency = self._latency_as_set()
        self._dry = Alignment(self.latency, sample_rate)
        self._made_up = Alignment(0, sample_rate)  # for latency that it has lost since

    @property
    def spec(self) -> FxSpec:
        values = {**self._asked.parameters, **self._moved}
        if not values.get(BYPASS):
            values.pop(BYPASS, None)
        return FxSpec(PLUGIN, values, self._asked.path, self._asked.plugin)

    def settings(self) -> dict[str, Setting]:
        """Empty if the plug-in could not be loaded."""
        if self._loaded is None:
            return {}
        settings = {name: self._setting(name, parameter) for name, parameter in self._loaded.parameters.items()}
        return {**settings, BYPASS: Setting(self.bypass.goal, BYPASSED.low, BYPASSED.high, "")}

    def set(self, name: str, value: float, where: str) -> None:
        if name == BYPASS and self._loaded is not None:
            self.bypass.to(check_bypass(where, value))
        else:
            self._parameter(name, where).to(value, f"{where}: {name}")
        self._moved[name] = value

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        dry = self._dry.process(audio)
        if self._failed:
            return dry
        try:
            out = self._stepped.process(audio, self._run)
            if not np.isfinite(out).all():
                raise ValueError("it gave back something that is no sound")
        except Exception as error:  # whatever a library of others raises: the music goes on
            self._fail(error)
            return dry
        return self._aligned(out)

    def play_noise(self, seconds: float) -> None:
        """Plays noise through it, loud, soft and in blocks of many sizes, to see what becomes of it."""
        random = np.random.default_rng(0)
        left = round(seconds * self._rate)
        while left > 0 and not self._failed:
            n = min(left, int(random.integers(1, 2 * BLOCK)))
            level = random.choice((0.0, 0.01, 1.0))
            self.process((level * random.standard_normal((2, n))).astype(np.float32), 120.0)
            left -= n

    def tail_seconds(self, bpm: float) -> float:
        return 0.0 if self._failed else _TAIL_SECONDS

    def locate(self, position: int) -> None:
        self._stepped.locate(position)

    def close(self) -> None:
        """Gives the plug-in back; the chain is not used any more."""
        if self._loaded is not None:
            self._plugins.retire(self._loaded)
        self._failed = True

    def _run(self, audio: AudioArray) -> AudioArray:
        assert self._loaded is not None
        out: AudioArray = self._loaded.plugin.process(audio, self._rate, buffer_size=BLOCK, reset=False)
        if out.shape != audio.shape:
            raise ValueError(f"it gave back {out.shape[-1]} samples for {audio.shape[1]}")
        return out

    def _latency_as_set(self) -> int:
        """How late it is with the parameters that the chain asks for, which it learns when it runs."""
        if self._loaded is None:
            return 0
        if self._parameters and latency_of(self._loaded.plugin) is not None:
            try:
                self._run(np.zeros((2, BLOCK), np.float32))
            except Exception as error:  # whatever a library of others raises
                self._fail(error)
        reported = latency_of(self._loaded.plugin)
        return self._loaded.latency if reported is None else reported

    def _aligned(self, out: AudioArray) -> AudioArray:
        """What it gave back, as late as it was when it was loaded, as far as that can be had."""
        reported = latency_of(self._loaded.plugin) if self._loaded else None
        if reported is None:
            return out
        if reported != self._reported:
            self._made_up.to(max(self.latency - reported, 0))
        elif reported > self.latency and reported != self._told_latency:  # its knob has arrived
            self._told_latency = reported
            self._plugins.tell(
                f"plug-in {self._asked.path} is {reported} samples late now, not {self.latency}: it is heard behind "
                "the other stems until its preset is loaded again"
            )
        self._reported = reported
        return self._made_up.process(out)

    def _fail(self, error: Exception) -> None:
        self._failed = True
        self._plugins.tell(f"plug-in {self._asked.path} failed: {' '.join(str(error).split())}; it is bypassed")

    def _set_up(self) -> None:
        """Parameters as the chain asks for them; what is not possible is told and left as it is."""
        if self._loaded is None:
            return
        where = f"plug-in {self._asked.path}"
        for name, value in self._asked.parameters.items():
            if name == BYPASS:
                continue
            try:
                parameter = self._parameter(name, where)
                parameter.to(value, f"{where}: {name}")
            except UserError as error:
                self._plugins.tell(str(error))
                continue
            parameter.arrive()

    def _parameter(self, name: str, where: str) -> PluginParameter:
        if self._loaded is None:
            raise UserError(f"{where}: plug-in {self._asked.path} is not loaded: nothing can be set on it")
        if name not in self._loaded.parameters:
            known = ", ".join((*self._loaded.parameters, BYPASS))
            raise UserError(f"{where}: {self._loaded.name} has no parameter {name!r}; expected {known}")
        if name not in self._parameters:
            parameter = PluginParameter(self._loaded.parameters[name], self._rate)
            self._parameters[name] = parameter
            self._stepped.add(parameter.knob, parameter.hand_on)
        return self._parameters[name]

    def _setting(self, name: str, parameter: Any) -> Setting:
        known = as_parameter(parameter)
        value = self._parameters[name].value if name in self._parameters else known.default
        return Setting(value, known.low, known.high, unit_of_parameter(parameter))
