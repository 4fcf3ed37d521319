"""A plug-in that knows one channel only, twice: one a side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from musika_daw.engine.fx.effect import AudioArray
from musika_daw.engine.fx.plugin_names import named_parameters


class MonoPair:
    """Two instances of one plug-in, as one with two channels.

    Attributes:
        parameters: of both; what is set on one is set on the other.
    """

    def __init__(self, left: Any, right: Any) -> None:
        self._sides = left, right
        others = named_parameters(right)
        self.parameters: Mapping[str, Any] = {
            name: _Both(parameter, others[name]) for name, parameter in named_parameters(left).items() if name in others
        }

    @property
    def reported_latency_samples(self) -> int:
        return max(int(side.reported_latency_samples) for side in self._sides)

    def process(self, audio: AudioArray, sample_rate: int, buffer_size: int, reset: bool) -> AudioArray:
        """`[2, n]` -> `[2, n]`."""
        parts = [
            side.process(np.ascontiguousarray(audio[i : i + 1]), sample_rate, buffer_size=buffer_size, reset=reset)
            for i, side in enumerate(self._sides)
        ]
        return np.concatenate(parts, axis=0)


class _Both:
    """A parameter of the left side that moves the right one, too."""

    def __init__(self, left: Any, right: Any) -> None:
        self._left, self._right = left, right

    def __getattr__(self, name: str) -> Any:
        return getattr(self._left, name)

    @property
    def raw_value(self) -> float:
        return float(self._left.raw_value)

    @raw_value.setter
    def raw_value(self, value: float) -> None:
        self._left.raw_value = self._right.raw_value = value
