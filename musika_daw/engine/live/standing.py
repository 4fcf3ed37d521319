"""Where everything stands that can be set, as last set: ahead of what is heard by the time it takes to make it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from musika_daw.engine.live.controls import ANCHORS, PRESET, Controls, as_preset, changed, split_stem, value_of
from musika_daw.engine.live.desk import LEVELS, Desk
from musika_daw.engine.live.moves import Move, RefusedError, Value
from musika_daw.engine.mixer import Level
from musika_daw.engine.preset import Preset
from musika_daw.engine.preset_folder import load_preset, preset_names
from musika_daw.model.model_file import list_models
from musika_daw.music.notes import MIX

QUANTIZE, LOOP, LOCATE, PLAY = "/musika/quantize", "/musika/loop", "/musika/locate", "/musika/play"
_LISTS: Mapping[str, Callable[[], tuple[str, ...]]] = {
    "/musika/preset/list": preset_names,
    "/musika/model/list": lambda: tuple(path.stem for path in list_models()),
}
_PER_STEM = ("density", "brightness", "hold", "notes")
_SETTINGS = (
    *(f"/musika/{name}" for name in ("tempo", "density", "brightness", "variation", "key", "chords", "morph", "seed")),
    *(f"/musika/{name}" for name in ("quantize", "loop", "model", "preset")),
    *(f"/musika/anchor/{corner}" for corner in ANCHORS),
)
_ADDRESSES = (
    *(
        f"/musika/{name}"
        for name in ("play", "stop", "continue", "locate", "record", "render", "bus", "status", "quit")
    ),
    "/musika/preset/save",
    *_LISTS,
    *_SETTINGS,
)


@dataclass
class Standing:
    """Copied, changed and put back by whoever holds the engine's lock, so that a refused move changes nothing.

    Attributes:
        located: song position at which playing starts.
        preset: that was loaded last; empty for none.
    """

    controls: Controls
    desk: Desk
    quantize: str = "now"
    loop: tuple[float, float] = (0.0, 0.0)
    located: float = 0.0
    preset: str = ""

    def copy(self) -> Standing:
        return dataclasses.replace(self, desk=self.desk.copy())

    def check_stem(self, address: str) -> None:
        """Raises RefusedError: the address is of a stem that is not there."""
        stems = self.controls.stems
        split_stem(address, (*stems, MIX) if "/fx/" in address else stems)

    def set_grid(self, move: Move) -> None:
        """Takes `/musika/quantize` or `/musika/loop`."""
        if move.address == QUANTIZE:
            self.quantize = str(move.values[0])
            return
        begin, end = (float(v) for v in move.values)
        if begin > end:
            raise RefusedError(move.address, "range", f"the loop ends at {end:g}, before it begins at {begin:g}")
        self.loop = (begin, end)

    def transport(self, move: Move) -> Move:
        """A move of the transport as the worker takes it: with the song position it goes to."""
        if move.address == LOCATE:
            self.located = float(move.values[0])
            return move
        return Move(move.address, (self.located,) if move.address == PLAY else ())

    def set_control(self, move: Move) -> list[Move]:
        """Takes a control; returns the levels that a preset moves."""
        controls = changed(self.controls, move)
        if controls is None:
            raise RefusedError(move.address, "refused", f"{move.address} does nothing here")
        if move.address == PRESET and controls.model != self.controls.model:
            raise RefusedError(
                PRESET, "refused", f"it is made for another model: set /musika/model {controls.model} first"
            )
        self.controls = controls
        return self._take_preset(load_preset(str(move.values[0]))) if move.address == PRESET else []

    def _take_preset(self, preset: Preset) -> list[Move]:
        self.preset = preset.name
        self.quantize = preset.quantize or self.quantize
        moves = []
        for stem in self.controls.stems:
            level = preset.levels.get(stem, Level())
            for name in LEVELS:
                move = Move(f"/musika/stem/{stem}/{name}", (getattr(level, name),))
                if self.desk.value(move.address) != move.values[0]:
                    self.desk.set(move)
                    moves.append(move)
        return moves

    def as_preset(self, name: str) -> Preset:
        """Everything, as a preset of this name."""
        stems = self.controls.stems
        moved = {stem: chain for stem in (*stems, MIX) if (chain := self.desk.chain(stem)) is not None}
        levels = {
            stem: Level(**{name: self.desk.value(f"/musika/stem/{stem}/{name}") for name in LEVELS})  # type: ignore[arg-type]
            for stem in stems
        }
        preset = as_preset(self.controls, name, f"Saved while playing, {self.controls.bpm:g} bpm.")
        return dataclasses.replace(preset, quantize=self.quantize, fx={**self.controls.fx, **moved}, levels=levels)

    def value(self, address: str) -> tuple[Value, ...]:
        """What a query of an address answers.

        Raises:
            RefusedError: the address names what is not there, or cannot be asked for.
        """
        if address == QUANTIZE:
            return (self.quantize,)
        if address == LOOP:
            return self.loop
        if address == PRESET:
            return (self.preset,)
        if address in _LISTS:
            return _LISTS[address]()
        self.check_stem(address)
        if Move(address).of_level:
            return (self.desk.value(address),)
        value = value_of(self.controls, address)
        if value is None:
            raise RefusedError(address, "address", f"{address} cannot be asked for here")
        return value

    def _of_stems(self) -> tuple[str, ...]:
        """Addresses of every stem's controls, levels and effects."""
        controls = (f"/musika/stem/{stem}/{name}" for stem in self.controls.stems for name in _PER_STEM)
        return (*controls, *self.desk.addresses())

    def readings(self) -> dict[str, tuple[Value, ...]]:
        """The values of everything that moves may change beside what they name."""
        return {address: self.value(address) for address in (*_SETTINGS, *self._of_stems())}

    def addresses(self) -> tuple[str, ...]:
        """Every address that can be read or written now."""
        return (*_ADDRESSES, *self._of_stems())
