"""Chains edited while they play: an effect more, one less, one at another place.

A stem whose chain was edited keeps it, whatever style plays, until a preset brings others.
"""

from __future__ import annotations

from musika_daw.controls.move import Move, RefusedError
from musika_daw.controls.state import ControlState
from musika_daw.controls.target import Target
from musika_daw.engine.fx.catalogue import EFFECTS, PLUGIN, FxSpec
from musika_daw.engine.fx.chain_text import chain_text, read_chain
from musika_daw.engine.fx.parse import LONGEST_CHAIN
from musika_daw.engine.live.state.effects import Effects
from musika_daw.music.notes import MIX
from musika_daw.near_names import did_you_mean
from musika_daw.paths import user_path

ADD, REMOVE, SHIFT = EDITS = ("effects/add", "effects/remove", "effects/move")
FX = "fx"
Chain = tuple[FxSpec, ...]


def chain_moves(effects: Effects, state: ControlState, stems: tuple[str, ...], edit: Move) -> list[Move]:
    """The moves that put the chain of a stem in place, and those of the others as they are set: the knobs that were
    turned are part of them from now on.

    Raises:
        RefusedError: there is no such stem, effect or place.
    """
    stem = edit.stem or MIX
    if stem not in (*stems, MIX):
        raise RefusedError(
            edit.target, "address", f"there is no stem {stem}: expected one of {', '.join((*stems, MIX))}"
        )
    moved = {name: tuple(chain) for name, chain in effects.moved_chains(state, stems).items()}
    before = moved.get(stem, tuple(effects.chains.get(stem, ())))
    chains = {**moved, stem: _edited(before, edit)}
    return [Move(FX, name, (chain_text(chain),)) for name, chain in chains.items()]


def with_chain(controls: ControlState, move: Move) -> ControlState:
    """After a move of a whole chain."""
    chain = read_chain(str(move.values[0]), f"effects of {move.stem}")
    return controls.over(ControlState({move.target: chain}))


def _edited(chain: Chain, edit: Move) -> Chain:
    if edit.control == ADD:
        if len(chain) >= LONGEST_CHAIN:
            raise RefusedError(
                edit.target, "refused", f"a chain has {LONGEST_CHAIN} effects at most: take one away first"
            )
        place = int(edit.values[1]) if len(edit.values) > 1 else len(chain)
        return (*chain[:place], _spec(edit), *chain[place:])
    place = _place(chain, int(edit.values[0]), edit.target)
    rest = (*chain[:place], *chain[place + 1 :])
    if edit.control == REMOVE:
        return rest
    to = _place(chain, int(edit.values[1]), edit.target)
    return (*rest[:to], chain[place], *rest[to:])


def _place(chain: Chain, place: int, target: Target) -> int:
    if place >= len(chain):
        there = ", ".join(f"{i} {spec.type}" for i, spec in enumerate(chain)) or "none"
        raise RefusedError(target, "range", f"there is no effect {place}: expected one of {there}")
    return place


def _spec(edit: Move) -> FxSpec:
    """An effect by its name, or a plug-in by its path."""
    name = str(edit.values[0]).strip()
    kind = next((kind for kind in EFFECTS if kind.lower() == name.lower()), None)
    if kind is not None:
        return read_chain(chain_text((FxSpec(kind),)), name)[0]
    if user_path(name).exists() and user_path(name).is_absolute():
        return FxSpec(PLUGIN, {}, str(user_path(name)))
    if any(mark in name for mark in "/\\."):
        raise RefusedError(edit.target, "range", f"plug-in {name} does not exist: expected the path of a .vst3")
    hint = did_you_mean(name, tuple(EFFECTS))
    raise RefusedError(
        edit.target, "range", f"effect {name!r} is not known: {hint}expected {', '.join(EFFECTS)} or a plug-in's path"
    )
