"""Everything between the stems as the model makes them and what is heard: effects, levels, mix, limiter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from musika_daw.engine.fx.alignment import Alignment
from musika_daw.engine.fx.chain import EffectState
from musika_daw.engine.fx.effect import AudioArray
from musika_daw.engine.fx.plugin_pool import PluginPool
from musika_daw.engine.fx.rack import FxOf, FxRack
from musika_daw.engine.limiter import LinkedLimiter
from musika_daw.engine.mastering import MASTER, UNMASTERED, MasterBus, Mastering
from musika_daw.engine.mixer import Fader, Level, Mixer, mix_down
from musika_daw.music.notes import MIX


@dataclass(frozen=True)
class Sound:
    """What is done to the stems before they are heard.

    Attributes:
        fx: stem, or `mix`, -> its chain.
        levels: stems that are missing stand at 0 dB in the middle.
        mastering: what is done to the mix.
    """

    fx: FxOf = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    mastering: Mastering = UNMASTERED

    def over(self, style_fx: FxOf) -> Sound:
        """The same with the chains of a style where this has none."""
        return Sound({**style_fx, **self.fx}, self.levels, self.mastering)


class Console:
    """Stems in, stems and mix out, streaming.

    The mix is the sum of the stems to within rounding as long as the chain of `mix` is empty and mastering is off, and
    what comes out of them otherwise. A limiter turns stems and plain mix down together; mastering has its own. What is
    set counts from the first sample of the next block on; what comes out does not depend on how the stream is cut, as
    far as `FxChain` promises it. A model whose only stem is `mix` has no stems beside it: its level stands before the
    chain of `mix`.

    Attributes:
        mixer: levels of the stems.
        master: mastering of the mix.
        held: at most this many samples of what went in are held back between calls, by the limiter.
    """

    def __init__(
        self,
        stems: Sequence[str],
        sound: Sound,
        sample_rate: int = 44100,
        position: int = 0,
        plugins: PluginPool | None = None,
    ) -> None:
        """Starts silent, at a sample of the song. `plugins`: where plug-ins of others come from, loaded beforehand."""
        self._parts = [stem for stem in stems if stem != MIX]
        self._fx = FxRack(self._parts, sound.fx, sample_rate, position, plugins)
        self._mix_fx = FxRack([MIX], sound.fx, sample_rate, position, plugins)
        self.mixer = Mixer(stems, sound.levels, sample_rate)
        self._alignments = {stem: Alignment(self._mix_fx.latency, sample_rate) for stem in self._parts}
        self.master = MasterBus(sound.mastering, sound.fx, sample_rate, position, plugins)
        self._fader = Fader(sample_rate)
        self._limiter = LinkedLimiter(sample_rate, position=position, mix=MIX)
        self.held = self._limiter.latency

    @property
    def latency(self) -> int:
        """Samples by which what comes out is late, because of plug-ins; `held` not counted. It may grow at a swap."""
        return self._fx.latency + self._mix_fx.latency

    @property
    def reach(self) -> int:
        """Samples before and after a sample that decide how far the limiter turns it down."""
        return self._limiter.reach

    @property
    def sound(self) -> Sound:
        """Effects and levels as they are set now."""
        stems = {stem: self._fx.specs(stem) for stem in self._parts}
        return Sound({**stems, MIX: self._mix_fx.specs(MIX)}, self.mixer.levels, self.master.mastering)

    def parameters(self, stem: str) -> tuple[EffectState, ...]:
        """Effects of a stem or of `mix`, and what can be set on them."""
        return self._rack(stem).parameters(stem)

    def set(self, stem: str, index: int, parameter: str, value: float) -> None:
        """Moves a parameter of an effect of a stem or of `mix`; see `FxChain.set`."""
        self._rack(stem).set(stem, index, parameter, value)

    def swap(self, fx: FxOf) -> None:
        """Other chains; the former ones ring out. See `FxRack.swap`."""
        self._fx.swap(fx)
        self._mix_fx.swap(fx)
        self.master.swap(fx)
        for alignment in self._alignments.values():
            alignment.to(self._mix_fx.latency)

    def locate(self, position: int) -> None:
        """The next block starts at this sample of the song."""
        self._fx.locate(position)
        self._mix_fx.locate(position)
        self.master.locate(position)
        self._limiter.locate(position)

    def process(
        self, stems: Mapping[str, AudioArray], bpm: float, workers: Executor | None = None
    ) -> tuple[dict[str, AudioArray], AudioArray]:
        """Takes the next block of every stem, float32 `[2, n]` each.

        Args:
            workers: stems go through their effects side by side there; without them one after the other, to the same
                bits.

        Returns:
            Stems and mix as far as they are final by now, `[2, m]` each: over all calls and `flush` every sample once,
            in order, the first `latency` of them silence.
        """
        parts = {stem: stems[stem] for stem in self._parts}
        levelled = self.mixer.process({**stems, **(self._fx.process(parts, bpm, workers) if parts else {})})
        mix = self._mix_fx.process({MIX: mix_down(levelled)}, bpm)[MIX]
        late = {stem: self._alignments[stem].process(levelled[stem]) for stem in self._parts}
        turned = self._fader.process({**late, MIX: mix, MASTER: self.master.process(mix, bpm)})
        mastered = self.master.limit(turned.pop(MASTER))
        return self._parted(self._limiter.process(turned), mastered)

    def flush(self) -> tuple[dict[str, AudioArray], AudioArray] | None:
        """What the limiter still holds, as if silence followed; the console is done then."""
        rest, mastered = self._limiter.flush(), self.master.flush()
        return None if mastered is None else self._parted(rest, mastered)

    def tail_seconds(self, bpm: float) -> float:
        """How long what went in is heard, until 80 dB down: the pre-roll of a stretch that starts within the song."""
        tails = (self._fx, self._mix_fx, self.master)
        return sum(part.tail_seconds(bpm) for part in tails)

    def close(self) -> None:
        """Gives plug-ins of others back to the pool; the console is not used any more."""
        self._fx.close()
        self._mix_fx.close()
        self.master.close()

    def set_master(self, gain: float) -> None:
        """Moves the level of everything that comes out, mastered or not, dB; the lowest is silence.

        Raises:
            UserError: out of range.
        """
        self._fader.set(gain)

    def _rack(self, stem: str) -> FxRack:
        return self._mix_fx if stem == MIX else self._fx

    def _parted(self, audio: dict[str, AudioArray], mastered: AudioArray) -> tuple[dict[str, AudioArray], AudioArray]:
        return audio, self.master.heard(audio.pop(MIX), mastered)
