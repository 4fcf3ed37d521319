"""From stems to mix: levels that move without a click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from musika_daw.controls.book import row
from musika_daw.controls.state import ControlState
from musika_daw.engine.fx.ramp import Gains, Ramp
from musika_daw.errors import UserError

AudioArray = NDArray[np.float32]

(_GAIN,) = row("gain").fields
assert _GAIN.low is not None and _GAIN.high is not None
LOWEST_DB, HIGHEST_DB = _GAIN.low, _GAIN.high
_RAMP_SECONDS = 0.01


def mix_down(stems: Mapping[str, AudioArray]) -> AudioArray:
    """The sum of stems `[2, n]`, added in their order."""
    return reduce(np.add, stems.values())


@dataclass(frozen=True)
class Level:
    """How a stem stands in the mix.

    Attributes:
        gain: dB; the lowest is silence.
        pan: -1 (left only) to 1 (right only); 0 leaves both sides as they are.
        solo: silences every stem that has none.
    """

    gain: float = 0.0
    pan: float = 0.0
    mute: bool = False
    solo: bool = False

    def __post_init__(self) -> None:
        # `not low <= value <= high` also refuses nan
        if not LOWEST_DB <= self.gain <= HIGHEST_DB:
            raise UserError(f"gain {self.gain:g} is not possible; expected {LOWEST_DB:g} to {HIGHEST_DB:g} dB")
        if not -1.0 <= self.pan <= 1.0:
            raise UserError(f"pan {self.pan:g} is not possible; expected -1 (left) to 1 (right)")

    @property
    def sides(self) -> tuple[float, float]:
        """Factors of left and right, solo of other stems left aside."""
        if self.mute or self.gain <= LOWEST_DB:
            return 0.0, 0.0
        gain = 10.0 ** (self.gain / 20.0)
        return gain * min(1.0, 1.0 - self.pan), gain * min(1.0, 1.0 + self.pan)


def level_of(state: ControlState, stem: str) -> Level:
    """Where a stem's level stands.

    Raises:
        UserError: out of range.
    """
    return Level(**{field.name: state.get(field.name, stem)[0] for field in fields(Level)})


class Mixer:
    """Gain, pan, mute and solo of every stem, streaming.

    A change begins with the first sample of the next block and takes 10 ms, sample by sample. Output depends on the
    audio and on the samples where levels were set, to the bit, not on how the stream is cut.
    """

    def __init__(
        self, stems: Sequence[str], levels: Mapping[str, Level] | None = None, sample_rate: int = 44100
    ) -> None:
        """`levels`: stems that are missing stand at 0 dB in the middle."""
        self._levels = {stem: (levels or {}).get(stem, Level()) for stem in stems}
        samples = round(_RAMP_SECONDS * sample_rate)
        self._sides = {
            stem: (Ramp(left, samples), Ramp(right, samples)) for stem, (left, right) in self._factors().items()
        }

    @property
    def levels(self) -> Mapping[str, Level]:
        """As last set."""
        return dict(self._levels)

    def set(self, stem: str, **changes: float | bool) -> None:
        """Moves a stem's level, e.g. `set("bass", gain=-3.0)`, `set("lead", solo=True)`.

        Raises:
            UserError: out of range.
        """
        self.use({stem: replace(self._levels[stem], **changes)})  # type: ignore[arg-type]

    def use(self, levels: Mapping[str, Level]) -> None:
        """Moves the stems named to these levels."""
        self._levels.update(levels)
        for stem, goals in self._factors().items():
            for ramp, goal in zip(self._sides[stem], goals, strict=True):
                ramp.to(goal)

    def process(self, stems: Mapping[str, AudioArray]) -> dict[str, AudioArray]:
        """The next block of every stem, float32 `[2, n]` each; stems that stand at 0 dB come back as they are."""
        return {stem: _scaled(audio, *self._sides[stem]) for stem, audio in stems.items()}

    def _factors(self) -> dict[str, tuple[float, float]]:
        solo = any(level.solo for level in self._levels.values())
        return {stem: level.sides if level.solo or not solo else (0.0, 0.0) for stem, level in self._levels.items()}


class Fader:
    """One level of everything, streaming; a change takes 10 ms, as the mixer's."""

    def __init__(self, sample_rate: int = 44100) -> None:
        self._gain = Ramp(1.0, round(_RAMP_SECONDS * sample_rate))

    def set(self, gain: float) -> None:
        """Moves to a level, dB; the lowest is silence.

        Raises:
            UserError: out of range.
        """
        self._gain.to(Level(gain).sides[0])

    def process(self, audio: Mapping[str, AudioArray]) -> dict[str, AudioArray]:
        """The next block of everything, `[2, n]` each; as it is while it stands at 0 dB."""
        if self._gain.still_at(1.0):
            return dict(audio)
        gains = self._gain.take(next(iter(audio.values())).shape[1])
        return {name: sound * gains for name, sound in audio.items()}


def _scaled(audio: AudioArray, left: Ramp, right: Ramp) -> AudioArray:
    if left.still_at(1.0) and right.still_at(1.0):
        return audio
    out = np.empty_like(audio)
    for side, ramp in enumerate((left, right)):
        gains: Gains = ramp.take(audio.shape[1])
        np.multiply(audio[side], gains, out=out[side])
    return out
