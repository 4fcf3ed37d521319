"""Moves parameters that a library takes once per block: in short steps that lie at fixed samples of the song."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from musika_daw.engine.fx.effect import AudioArray
from musika_daw.engine.fx.ramp import Ramp


class Stepped:
    """Runs a block, in one go as long as no knob moves, else in steps.

    However the stream is cut, a parameter changes at the same samples.
    """

    def __init__(
        self,
        knobs: Sequence[tuple[Ramp, Callable[[float], None]]],
        step: int,
        position: int,
    ) -> None:
        """
        Args:
            knobs: each with what hands a value on; the values they have now are handed on already.
            step: samples.
        """
        self._step, self._position = step, position
        self._knobs: list[tuple[Ramp, Callable[[float], None]]] = []
        self._handed: list[float] = []
        for knob, hand_on in knobs:
            self.add(knob, hand_on)

    def add(self, knob: Ramp, hand_on: Callable[[float], None]) -> None:
        """One more knob; its value now is handed on already."""
        self._knobs.append((knob, hand_on))
        self._handed.append(knob.value)

    def process(self, audio: AudioArray, run: Callable[[AudioArray], AudioArray]) -> AudioArray:
        """The next block, `[2, n]` -> `[2, n]`; `run` makes it.

        It is not kept: a method of the object that this belongs to would keep both until the garbage collector comes.
        """
        n = audio.shape[1]
        if self._settled():
            self.skip(n)
            return run(audio)
        out = np.empty_like(audio)
        done = 0
        while done < n:
            if self._position % self._step == 0:
                self._hand_on()
            m = n - done if self._settled() else min(n - done, self._step - self._position % self._step)
            out[:, done : done + m] = run(audio[:, done : done + m])
            self.skip(m)
            done += m
        return out

    def skip(self, n: int) -> None:
        """Time goes on by n samples in which nothing is run."""
        for knob, _ in self._knobs:
            knob.skip(n)
        self._position += n

    def locate(self, position: int) -> None:
        """The next block starts at this sample of the song."""
        self._position = position

    def _settled(self) -> bool:
        return all(knob.still_at(handed) for (knob, _), handed in zip(self._knobs, self._handed, strict=True))

    def _hand_on(self) -> None:
        for i, (knob, hand_on) in enumerate(self._knobs):
            if knob.value != self._handed[i]:
                self._handed[i] = knob.value
                hand_on(knob.value)
