"""What a preset sets: a place to start playing from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from musika_daw.controls.control import Scope
from musika_daw.controls.music import CORNERS
from musika_daw.controls.state import ControlState, settings
from musika_daw.controls.target import Target
from musika_daw.engine.console import Sound
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.mastering import mastering_of
from musika_daw.engine.mixer import Level, level_of


@dataclass(frozen=True)
class Preset:
    """Everything but the name may be left out; what is not there stays as it is.

    Attributes:
        name: the file's name without `.toml`.
        description: one line for lists.
        state: what it sets.
    """

    name: str
    description: str = ""
    state: ControlState = field(default_factory=ControlState)


def chains_of(state: ControlState) -> FxOf:
    """Effects that a state sets in place of the style's: stem, or `mix`, -> its chain."""
    return state.of("fx")


def sound_of(state: ControlState) -> Sound:
    """Effects, levels and mastering that a state sets, as the console takes them."""
    return Sound(chains_of(state), levels_of(state), mastering_of(state))


def sound_state(sound: Sound) -> ControlState:
    """Effects, levels and mastering as a state sets them; `sound_of` read backwards."""
    chains = {Target("fx", stem): tuple(chain) for stem, chain in sound.fx.items()}
    levels = {
        Target(each.name, stem): (getattr(level, each.name),)
        for stem, level in sound.levels.items()
        for each in fields(Level)
    }
    mastering = settings(mastering=sound.mastering.on, mastering_gain=sound.mastering.gain)
    return ControlState({**chains, **levels, **mastering.settings})


def levels_of(state: ControlState) -> dict[str, Level]:
    """Levels of the stems that a state speaks of."""
    moved = state.only(Scope.MIX)
    stems = dict.fromkeys(target.stem for target in moved.settings if target.stem is not None)
    return {stem: level_of(moved, stem) for stem in stems}


def with_whole_style(state: ControlState) -> ControlState:
    """The same as a song starts with it: corners that are missing have the style of the first that is there, and the
    corner A is that style alone, without the arithmetic of the morph square."""
    corners = {corner: own[0] for corner in CORNERS if (own := state.own(f"anchor/{corner}")) is not None}
    if not corners or state.text("style"):
        return state
    first = next(iter(corners.values()))
    if (state.own("morph") or (0.0, 0.0)) == (0.0, 0.0):
        return ControlState({**state.settings, Target("style"): (corners.get("a", first),)}, state.held)
    missing = {f"anchor_{corner}": first for corner in CORNERS if corner not in corners}
    return state.over(settings(**missing)) if missing else state
