"""Effects of a stem: a chain that a preset describes, in time with the song, exact to the sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from musika_daw.engine.fx.bypass import Bypass
from musika_daw.engine.fx.catalogue import PLUGIN, FxSpec
from musika_daw.engine.fx.chorus import Chorus
from musika_daw.engine.fx.echo import Echo
from musika_daw.engine.fx.effect import AudioArray, Effect, KnobOf
from musika_daw.engine.fx.hosted import Hosted
from musika_daw.engine.fx.native import NATIVE, Native
from musika_daw.engine.fx.panel import Knobs, Panel, Setting
from musika_daw.engine.fx.plain import Crush, Drive, Gain
from musika_daw.engine.fx.plugin_pool import PluginPool
from musika_daw.errors import UserError

_PLAIN: Mapping[str, Callable[[KnobOf], Effect]] = {"Gain": Gain, "Distortion": Drive, "Bitcrush": Crush}


@dataclass(frozen=True)
class EffectState:
    """One effect of a chain: its type and what can be set on it, by name."""

    type: str
    parameters: dict[str, Setting]


class FxChain:
    """The effects of one stem.

    Output is a function of the samples that went in so far, the song position where they began, the tempo, and the
    sets with the samples at which they were made (a set is made at the first sample of the next block). Cut into
    the same blocks it is the same bit for bit; cut otherwise it is the same as long as the tempo holds (a new one is
    taken up at the start of a block), to the bit but for what is below -160 dB: pedalboard's filters round that to
    silence at the end of a block. One thread at a time may use a chain.
    """

    def __init__(
        self,
        specs: Sequence[FxSpec],
        sample_rate: int = 44100,
        position: int = 0,
        plugins: PluginPool | None = None,
    ) -> None:
        """Starts silent.

        Args:
            specs: from `parse_fx`; none leaves the audio as it is.
            position: sample of the song where the first block starts; with a pre-roll, where that starts.
            plugins: where plug-ins of others come from; without one they are loaded here, on the main thread only.
        """
        plugins = plugins or PluginPool(sample_rate)
        self._effects: list[Effect] = []
        self._panels: list[Panel] = []
        for spec in specs:
            effect, panel = _build(spec, sample_rate, position, plugins)
            self._effects.append(Bypass(effect, panel.bypass, sample_rate))
            self._panels.append(panel)

    @property
    def specs(self) -> tuple[FxSpec, ...]:
        """The chain as it is set now: what a preset of it holds."""
        return tuple(panel.spec for panel in self._panels)

    @property
    def latency(self) -> int:
        """Samples by which the audio that comes out is late."""
        return sum(effect.latency for effect in self._effects)

    def parameters(self) -> tuple[EffectState, ...]:
        """Each effect in order; its place is the index that `set` takes."""
        return tuple(EffectState(panel.spec.type, panel.settings()) for panel in self._panels)

    def set(self, index: int, parameter: str, value: float) -> None:
        """Moves a parameter, from the first sample of the next block on: most reach the new value after 20 ms, delays
        of a chorus after 100 ms; an echo fades to its new delay within 30 ms.

        Raises:
            UserError: no such effect or parameter, or out of range; one line that says what is possible.
        """
        if not 0 <= index < len(self._panels):
            there = ", ".join(f"{i} {panel.spec.type}" for i, panel in enumerate(self._panels)) or "none"
            raise UserError(f"there is no effect {index}: the chain has {there}")
        self._panels[index].set(parameter, value, f"effect {index}")

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        """The next stretch of the stem.

        Args:
            audio: float32 `[2, n]`, any n; what follows on from the block before.
            bpm: tempo at its start, for delays in beats.

        Returns:
            float32 `[2, n]`, `latency` samples late; tails of earlier blocks are in it.
        """
        if audio.shape[1] == 0:
            return audio
        for effect in self._effects:
            audio = effect.process(audio, bpm)
        return audio

    def locate(self, position: int) -> None:
        """The next block starts at this sample of the song; what rings rings on."""
        for effect in self._effects:
            effect.locate(position)

    def tail_seconds(self, bpm: float) -> float:
        """How long what went in is heard: until 80 dB down, one effect's tail after the other. Also the pre-roll
        after which the chain sounds as if it had run from the start of the song.
        """
        return sum(effect.tail_seconds(bpm) for effect in self._effects)

    def close(self) -> None:
        """Gives plug-ins of others back to the pool; the chain is not used any more."""
        for panel in self._panels:
            if isinstance(panel, Hosted):
                panel.close()


def _build(spec: FxSpec, sample_rate: int, position: int, plugins: PluginPool) -> tuple[Effect, Panel]:
    """An effect and what can be set on it."""
    if spec.type == PLUGIN:
        hosted = Hosted(spec, plugins, sample_rate, position)
        return hosted, hosted
    knobs = Knobs(spec, sample_rate)
    if spec.type in NATIVE:
        return Native(spec.type, knobs.own, sample_rate, position), knobs
    if spec.type == "Delay":
        return Echo(knobs, sample_rate, position), knobs
    if spec.type == "Chorus":
        return Chorus(knobs, sample_rate, position), knobs
    return _PLAIN[spec.type](knobs), knobs
