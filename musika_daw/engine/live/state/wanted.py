"""What is wanted: every control as last set, ahead of what is heard by the time it takes to make it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from musika_daw.controls.book import CONTROLS, find, scope_of, targets
from musika_daw.controls.control import Control, Kind, PerStem, Scope, Surface, Value
from musika_daw.controls.move import Move, RefusedError
from musika_daw.controls.state import ControlState
from musika_daw.controls.target import Target
from musika_daw.engine.fx.catalogue import EFFECTS as KNOWN_EFFECTS
from musika_daw.engine.fx.plugin_folders import plugin_paths
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.live.state.chain_edits import EDITS
from musika_daw.engine.live.state.cues import CUE
from musika_daw.engine.live.state.effects import Effects, is_parameter, parameters, without_parameters
from musika_daw.engine.live.state.presets import PRESET, with_preset
from musika_daw.engine.live.state.transition import PLAY
from musika_daw.engine.presets.control_texts import check_text
from musika_daw.engine.presets.preset import Preset
from musika_daw.engine.presets.preset_folder import load_preset, preset_names
from musika_daw.engine.presets.style_file import style_names
from musika_daw.errors import UserError
from musika_daw.model.model_file import list_models
from musika_daw.music.notes import MIX

LOCATE, LOOP, QUANTIZE, MODEL, EFFECTS = "locate", "loop", "quantize", "model", "effects"
_SCOPES = (Scope.SONG, Scope.MIX, Scope.TRANSPORT)
_LISTS: Mapping[str, Callable[[], tuple[str, ...]]] = {
    "preset/list": preset_names,
    "style/list": style_names,
    "effect/list": lambda: (*KNOWN_EFFECTS, *plugin_paths()),
    "model/list": lambda: tuple(path.stem for path in list_models()),
}
_COMMANDS = (
    "play",
    "stop",
    "continue",
    "record",
    "render",
    "project",
    "bus",
    "status",
    "quit",
    "preset/save",
    CUE,
    *_LISTS,
)


@dataclass(frozen=True)
class Wanted:
    """A value: whoever takes moves makes another one and puts it in its place, so that a refused move changes nothing.

    Attributes:
        state: every control as last set.
        effects: the chains that play with it.
    """

    state: ControlState
    effects: Effects

    @property
    def stems(self) -> tuple[str, ...]:
        """Stems of the process."""
        return self.state.get("stems")

    def check_stem(self, target: Target) -> None:
        """Raises RefusedError: the target is of a stem that is not there."""
        there = (*self.stems, MIX) if is_parameter(target) else self.stems
        if target.stem is not None and target.stem not in there:
            raise RefusedError(
                target, "address", f"there is no stem {target.stem}: expected one of {', '.join(self.stems)}"
            )

    def moved(self, move: Move) -> Wanted:
        """After a move of any control but `preset`.

        Raises:
            RefusedError: it names what is not there.
        """
        self.check_stem(move.target)
        if is_parameter(move.target):
            self.effects.check(move.target, float(move.values[0]))
            return self.with_state(self.state.with_move(move))
        control = _row(move.target)
        try:
            for value in move.values:
                check_text(control, value)
        except UserError as error:
            raise RefusedError(move.target, "range", str(error)) from error
        if control.name == LOOP and float(move.values[0]) > float(move.values[1]):
            begin, end = move.values
            raise RefusedError(move.target, "range", f"the loop ends at {end:g}, before it begins at {begin:g}")
        return self.with_state(self.state.with_move(move).tidy())

    def with_preset(self, move: Move) -> tuple[Wanted, list[Move]]:
        """After a preset is loaded, and the moves of levels that this means.

        Raises:
            RefusedError: there is none of that name, or it is made for another model.
        """
        try:
            preset = load_preset(str(move.values[0]))
        except UserError as error:
            raise RefusedError(move.target, "range", str(error)) from error
        after = with_preset(self.state, preset).with_move(Move.of(PRESET, preset.name))
        if (model := after.text(MODEL)) != self.state.text(MODEL):
            told = f"it is made for another model: set {MODEL} to {model} first"
            raise RefusedError(move.target, "refused", told)
        levels = [
            Move(control.name, stem, after.get(control.name, stem))
            for control in _levels()
            for stem in (self.stems if control.per_stem is PerStem.ONLY else (None,))
            if after.get(control.name, stem) != self.state.get(control.name, stem)
        ]
        return self.with_state(after), levels

    def restored(self) -> tuple[Wanted, list[Move]]:
        """With effects as their chains have them, and the moves that set them back."""
        wanted = self.with_state(without_parameters(self.state))
        return wanted, [Move.of(target, *wanted.value(target)) for target in parameters(self.state)]

    def with_chains(self, chains: FxOf) -> Wanted:
        """With other effects: what was set on those before goes with them."""
        if chains == self.effects.chains:
            return self
        effects = dataclasses.replace(self.effects, chains=chains)
        return Wanted(without_parameters(self.state), effects)

    def transport(self, move: Move) -> tuple[Wanted, Move]:
        """A move of the transport, with the song position it goes to."""
        if move.control == LOCATE:
            return self.with_state(self.state.with_move(move)), move
        return self, Move.of(move.target, *(self.state.get(LOCATE) if move.control == PLAY else ()))

    def value(self, target: Target) -> tuple[Value, ...]:
        """What a question is answered with.

        Raises:
            RefusedError: the target names what is not there, or cannot be asked for.
        """
        if target.control in _LISTS:
            return _LISTS[target.control]()
        if target.control == EFFECTS:
            if target.stem != MIX:
                self.check_stem(target)
            return self.effects.described(target.stem or MIX)
        self.check_stem(target)
        if is_parameter(target):
            return (self.effects.value(self.state, target),)
        control = _row(target)
        if control.name == PRESET and self.state.own(PRESET) is None:
            return ("",)
        values = self.state.get(*target)
        return tuple(map(_seed, values)) if control.kind is Kind.STYLE else values

    def settable(self) -> Iterator[Target]:
        """Every control that can be set now."""
        for control in CONTROLS:
            if _is_settable(control):
                yield from targets(control, self.stems)
        yield from self.effects.targets(self.stems)

    def targets(self) -> tuple[Target, ...]:
        """Everything that can be set or asked for now, commands included."""
        effects = (Target(name, stem) for stem in dict.fromkeys((*self.stems, MIX)) for name in (EFFECTS, *EDITS))
        return (*(Target(name) for name in _COMMANDS), *effects, *self.settable())

    def changes(self, before: Wanted) -> dict[Target, tuple[Value, ...]]:
        """The values of everything that stands elsewhere than before: a move may change more than it names."""
        settings, other = self.state.settings, before.state.settings
        moved = {t.control for t, values in settings.items() if other.get(t) != values}
        moved |= {t.control for t in other if t not in settings}
        rows = (row for name in moved if (row := find(name)) is not None and _is_settable(row) and name != LOCATE)
        found = {target: self.value(target) for row in rows for target in targets(row, self.stems)}
        changed = {target: values for target, values in found.items() if before.value(target) != values}
        if self.effects.chains != before.effects.chains or any(name.startswith("fx/") for name in moved):
            was = before.effects.values(before.state, self.stems)
            now = self.effects.values(self.state, self.stems)
            changed |= {target: (value,) for target, value in now.items() if was.get(target) != value}
        if self.effects.chains != before.effects.chains:
            named = (Target(EFFECTS, stem) for stem in dict.fromkeys((*self.stems, MIX)))
            changed |= {target: self.value(target) for target in named}
        return changed

    def as_preset(self, name: str) -> Preset:
        """Everything, as a preset of this name."""
        kept = self.state.without(
            {control.name for control in CONTROLS if not control.on(Surface.PRESET)} | {"stems", LOCATE, PRESET}
        )
        moves = [
            Move(control.name, stem, self.state.get(control.name, stem))
            for stem in self.stems
            for control in _levels()
            if control.per_stem is PerStem.ONLY
        ]
        chains = self.effects.moved_chains(self.state, self.stems)
        state = without_parameters(kept).over(ControlState({Target("fx", stem): each for stem, each in chains.items()}))
        for move in moves:
            state = state.with_move(move)
        return Preset(name, f"Saved while playing, {self.state.number('tempo'):g} bpm.", state)

    def with_song(self, song: ControlState, forget_preset: bool) -> Wanted:
        """With the song as it is planned, whatever was wanted of it; the rest stays."""
        gone = {PRESET} if forget_preset else set()
        rest = {
            target: values
            for target, values in self.state.settings.items()
            if scope_of(target) is not Scope.SONG and target.control not in gone
        }
        return self.with_state(ControlState({**rest, **song.settings}, song.held))

    def with_state(self, state: ControlState) -> Wanted:
        """With everything set otherwise."""
        return dataclasses.replace(self, state=state)


def _is_settable(control: Control) -> bool:
    return control.on(Surface.OSC) and (control.scope in _SCOPES or control.name == PRESET)


def _row(target: Target) -> Control:
    """The row of a control that the engine has.

    Raises:
        RefusedError: there is none, or not of a stem, or only of stems.
    """
    control = find(target.control)
    if control is None or not control.on(Surface.OSC):
        raise RefusedError(target, "address", f"{target} is no control here")
    wrong = PerStem.NO if target.stem is not None else PerStem.ONLY
    if control.per_stem is wrong:
        raise RefusedError(target, "address", f"{target} is no control here")
    return control


def _levels() -> Iterator[Control]:
    """What presets set of the mix."""
    return (c for c in CONTROLS if c.scope is Scope.MIX and c.on(Surface.PRESET))


def _seed(value: Value) -> Value:
    """A style that is a seed is told as one."""
    return int(value) if isinstance(value, str) and value.isdigit() else value
