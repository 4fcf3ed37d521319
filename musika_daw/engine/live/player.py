"""From dry stems to what is heard: effects, levels, limiter; everything that keeps a state from block to block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from musika_daw.engine.fx.chain import FxChain
from musika_daw.engine.live.desk import FxOf
from musika_daw.engine.live.moves import Move
from musika_daw.engine.live.timeline import Segment
from musika_daw.engine.live.version import AudioArray, Stems
from musika_daw.engine.mixer import LinkedLimiter, mix_down


class Player:
    def __init__(self, stems: tuple[str, ...], rate: int, fx: FxOf, position: int = 0) -> None:
        self.stems, self._rate = stems, rate
        self._fx = fx
        self._chains = {stem: FxChain(fx.get(stem, ()), rate, position) for stem in stems}
        self._limiter = LinkedLimiter(rate, position=position)
        self.latency = self._limiter.latency
        self._position = position

    def use(self, fx: FxOf) -> None:
        if fx is not self._fx:
            self._fx = fx
            self._chains = {stem: FxChain(fx.get(stem, ()), self._rate, self._position) for stem in self.stems}

    def move(self, move: Move) -> bool:
        return True

    def process(self, dry: Stems, segment: Segment) -> tuple[int, Stems, AudioArray]:
        if segment.version is not None:
            self.use(segment.version.song.style_at(0.0).preset.fx)
        bpm = segment.controls.bpm
        wet = {stem: self._chains[stem].process(np.ascontiguousarray(audio), bpm) for stem, audio in dry.items()}
        out = self._limiter.process(wet)
        first = self._position
        self._position += next(iter(out.values())).shape[1]
        return first, out, mix_down(out)

    def levels(self, seconds: float) -> Iterator[tuple[str, float, float]]:
        return iter(())
