"""The chains of all stems, exchanged while the music plays: what rang in the old ones rings out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor

import numpy as np

from musika_daw.engine.fx.alignment import FADE_SECONDS, Alignment
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.fx.chain import EffectState, FxChain
from musika_daw.engine.fx.effect import AudioArray
from musika_daw.engine.fx.plugin_pool import PluginPool
from musika_daw.engine.fx.ramp import Ramp

FxOf = Mapping[str, tuple[FxSpec, ...]]
"""Stem -> its chain; stems without effects may be missing."""

MAX_TAIL_SECONDS = 12.0
_MAX_RINGING = 3  # former chains of a stem; the oldest is faded out when there would be more


class FxRack:
    """A chain per stem, and the former ones as long as they ring.

    A chain that is exchanged is fed with a 20 ms fade-out while the new one is fed with a fade-in, then with silence
    until its tail is over (12 s at most). Stems stay aligned: all of them are late by `latency`, that of the latest
    chain there has been, so it grows at times (with a crossfade) and never shrinks.

    Exchanges happen at the first sample of the next block. For the rest the rack promises what `FxChain` promises.
    """

    def __init__(
        self,
        stems: Sequence[str],
        fx: FxOf,
        sample_rate: int = 44100,
        position: int = 0,
        plugins: PluginPool | None = None,
    ) -> None:
        """Starts silent, at a sample of the song. `plugins`: where plug-ins of others come from, loaded beforehand."""
        self._rate, self._position = sample_rate, position
        self._plugins = plugins or PluginPool(sample_rate)
        chains = {stem: self._chain(fx.get(stem, ())) for stem in stems}
        self.latency = max((chain.latency for chain in chains.values()), default=0)
        self._playing = {stem: self._voice(chain, 1.0) for stem, chain in chains.items()}
        self._ringing: dict[str, list[_Voice]] = {stem: [] for stem in stems}

    @property
    def ringing(self) -> int:
        """How many former chains still ring."""
        return sum(len(voices) for voices in self._ringing.values())

    def specs(self, stem: str) -> tuple[FxSpec, ...]:
        """The stem's chain as it is set now."""
        return self._playing[stem].chain.specs

    def parameters(self, stem: str) -> tuple[EffectState, ...]:
        """See `FxChain.parameters`."""
        return self._playing[stem].chain.parameters()

    def set(self, stem: str, index: int, parameter: str, value: float) -> None:
        """See `FxChain.set`."""
        self._playing[stem].chain.set(index, parameter, value)

    def swap(self, fx: FxOf) -> None:
        """Other chains; a stem that is not named has no effects, one whose chain is as it was keeps it."""
        for stem in self._playing:
            specs = fx.get(stem, ())
            if specs != self.specs(stem):
                self._exchange(stem, self._voice(self._chain(specs), 0.0))
        self._align()

    def close(self) -> None:
        """Gives plug-ins of others back to the pool; the rack is not used any more."""
        for voices in (self._playing.values(), *self._ringing.values()):
            for voice in voices:
                voice.chain.close()

    def process(
        self, stems: Mapping[str, AudioArray], bpm: float, workers: Executor | None = None
    ) -> dict[str, AudioArray]:
        """The next block of every stem, float32 `[2, n]` each; the same stems come back, `latency` samples late.

        `workers`: stems go through their chains side by side there.
        """
        each = map if workers is None else workers.map
        done = each(lambda stem: self._process(stem, stems[stem], bpm), stems)
        out = dict(zip(stems, done, strict=True))
        self._position += next(iter(out.values())).shape[1]
        return out

    def locate(self, position: int) -> None:
        """The next block starts at this sample of the song."""
        self._position = position
        for voice in self._playing.values():
            voice.chain.locate(position)

    def tail_seconds(self, bpm: float) -> float:
        """The longest tail of the chains that play."""
        return max((voice.chain.tail_seconds(bpm) for voice in self._playing.values()), default=0.0)

    def _process(self, stem: str, audio: AudioArray, bpm: float) -> AudioArray:
        out = self._playing[stem].process(audio, bpm)
        for voice in self._ringing[stem]:
            out = out + voice.process(audio, bpm)
            if voice.over:
                voice.chain.close()
        self._ringing[stem] = [voice for voice in self._ringing[stem] if not voice.over]
        return out

    def _exchange(self, stem: str, voice: _Voice) -> None:
        ringing = self._ringing[stem]
        ringing.append(self._playing[stem])
        ringing[-1].end()
        for old in ringing[:-_MAX_RINGING]:
            old.cut()
        self._playing[stem] = voice
        voice.begin()

    def _align(self) -> None:
        self.latency = max([self.latency, *(voice.chain.latency for voice in self._playing.values())])
        for voices in (self._playing.values(), *self._ringing.values()):
            for voice in voices:
                voice.align(self.latency)

    def _chain(self, specs: Sequence[FxSpec]) -> FxChain:
        return FxChain(specs, self._rate, self._position, self._plugins)

    def _voice(self, chain: FxChain, feed: float) -> _Voice:
        self.latency = max(self.latency, chain.latency)
        return _Voice(chain, feed, self.latency, self._rate)


class _Voice:
    """A chain, how much of the stem goes into it, and how long it is still heard."""

    def __init__(self, chain: FxChain, feed: float, latency: int, sample_rate: int) -> None:
        self.chain = chain
        self._rate = sample_rate
        self._fade = round(FADE_SECONDS * sample_rate)
        self._feed = Ramp(feed, self._fade)
        self._held_back = latency - chain.latency  # samples
        self._alignment = Alignment(self._held_back, sample_rate)
        self._ends = False
        self._left: int | None = None  # samples it is still heard; None as long as it is fed

    @property
    def over(self) -> bool:
        return self._left is not None and self._left <= 0

    def begin(self) -> None:
        self._feed.to(1.0)

    def end(self) -> None:
        self._feed.to(0.0)
        self._ends = True

    def cut(self) -> None:
        """Is not heard for longer than a fade."""
        self._left = self._fade if self._left is None else min(self._left, self._fade)

    def align(self, latency: int) -> None:
        self._held_back = latency - self.chain.latency
        self._alignment.to(self._held_back)

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        n = audio.shape[1]
        if not self._feed.still_at(1.0):
            audio = audio * self._feed.take(n)
        out = self._alignment.process(self.chain.process(audio, bpm))
        if not self._ends:
            return out
        if self._left is None:
            tail = min(self.chain.tail_seconds(bpm), MAX_TAIL_SECONDS)
            self._left = round(tail * self._rate) + 2 * self._fade + self.chain.latency + self._held_back
        left = self._left - np.arange(n)
        self._left -= n
        return out * np.clip(left / self._fade, 0.0, 1.0).astype(np.float32)
