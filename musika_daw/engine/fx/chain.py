"""Effects of a stem: a chain that a preset describes, in time with the song, exact to the sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from musika_daw.engine.fx.catalogue import EFFECTS, FxSpec, unit_of
from musika_daw.engine.fx.chorus import Chorus
from musika_daw.engine.fx.echo import Echo
from musika_daw.engine.fx.effect import AudioArray, Effect, Knobs
from musika_daw.engine.fx.native import NATIVE, Native
from musika_daw.engine.fx.parse import check_value
from musika_daw.engine.fx.plain import Crush, Drive, Gain
from musika_daw.engine.fx.ramp import Ramp
from musika_daw.errors import UserError

_PLAIN: Mapping[str, Callable[[Knobs], Effect]] = {"Gain": Gain, "Distortion": Drive, "Bitcrush": Crush}


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter as it stands: as last set, even while the sound is still on its way there."""

    value: float
    low: float
    high: float
    unit: str


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

    def __init__(self, specs: Sequence[FxSpec], sample_rate: int = 44100, position: int = 0) -> None:
        """Starts silent.

        Args:
            specs: from `parse_fx`; none leaves the audio as it is.
            position: sample of the song where the first block starts; with a pre-roll, where that starts.
        """
        self._specs = tuple(specs)
        self._knobs = [_knobs(spec, sample_rate) for spec in specs]
        self._effects: list[Effect] = list(_make(self._specs, self._knobs, sample_rate, position))

    @property
    def specs(self) -> tuple[FxSpec, ...]:
        """The chain as it is set now: what a preset of it holds."""
        return tuple(
            FxSpec(spec.type, {name: knob.goal for name, knob in knobs.items()}, spec.path, spec.plugin)
            for spec, knobs in zip(self._specs, self._knobs, strict=True)
        )

    @property
    def latency(self) -> int:
        """Samples by which the audio that comes out is late."""
        return sum(effect.latency for effect in self._effects)

    def parameters(self) -> tuple[EffectState, ...]:
        """Each effect in order; its place is the index that `set` takes."""
        return tuple(
            EffectState(spec.type, {name: _setting(spec.type, name, knob) for name, knob in knobs.items()})
            for spec, knobs in zip(self._specs, self._knobs, strict=True)
        )

    def set(self, index: int, parameter: str, value: float) -> None:
        """Moves a parameter, from the first sample of the next block on: most reach the new value after 20 ms, delays
        of a chorus after 100 ms; an echo fades to its new delay within 30 ms.

        Raises:
            UserError: no such effect or parameter, or out of range; one line that says what is possible.
        """
        if not 0 <= index < len(self._knobs):
            there = ", ".join(f"{i} {spec.type}" for i, spec in enumerate(self._specs)) or "none"
            raise UserError(f"there is no effect {index}: the chain has {there}")
        checked = check_value(f"effect {index}", self._specs[index].type, parameter, value)
        self._knobs[index][parameter].to(checked)

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


def _knobs(spec: FxSpec, sample_rate: int) -> Knobs:
    return {
        name: Ramp(
            spec.parameters.get(name, parameter.default), round(parameter.ramp_seconds * sample_rate), parameter.octaves
        )
        for name, parameter in EFFECTS[spec.type].items()
    }


def _make(specs: Sequence[FxSpec], knobs: Sequence[Knobs], sample_rate: int, position: int) -> Iterator[Effect]:
    both = list(zip(specs, knobs, strict=True))
    for native, group in groupby(both, key=lambda pair: pair[0].type in NATIVE):
        if native:
            yield Native([(spec.type, own) for spec, own in group], sample_rate, position)
            continue
        for spec, own in group:
            if spec.type == "Delay":
                yield Echo(own, sample_rate, position)
            elif spec.type == "Chorus":
                yield Chorus(own, sample_rate, position)
            else:
                yield _PLAIN[spec.type](own)


def _setting(kind: str, name: str, knob: Ramp) -> Setting:
    allowed = EFFECTS[kind][name]
    return Setting(knob.goal, allowed.low, allowed.high, unit_of(name))
