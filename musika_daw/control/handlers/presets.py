"""The user's presets, deleted and renamed over OSC; loading and saving them is the engine's."""

from __future__ import annotations

from collections.abc import Sequence

from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target
from musika_daw.engine.presets.preset_folder import delete_preset, preset_names, rename_preset
from musika_daw.errors import UserError

DELETE, RENAME, LIST = Target("preset/delete"), Target("preset/rename"), Target("preset/list")


class PresetHandler:
    """Each is told once done, and the list is told anew."""

    def __init__(self) -> None:
        self._told: list[Notice] = []

    def targets(self) -> tuple[Target, ...]:
        return DELETE, RENAME

    def check(self, moves: Sequence[Move]) -> None:
        """What is not possible is refused when it is done: a name may come with the move before."""

    def apply(self, move: Move) -> None:
        name, *new = (str(value) for value in move.values)
        try:
            if move.target == DELETE:
                delete_preset(name)
                told = f"preset {name} is deleted"
            else:
                rename_preset(name, new[0])
                told = f"preset {name} is {new[0]} now"
        except UserError as error:
            raise RefusedError(move.target, "refused", str(error)) from error
        self._told += [Notice.of("told", told, about=move.target), Notice.of(LIST, *preset_names())]

    def get(self, target: Target) -> tuple[Value, ...]:
        raise RefusedError(target, "address", f"{target} has no value")

    def notices(self) -> list[Notice]:
        told, self._told = self._told, []
        return told
