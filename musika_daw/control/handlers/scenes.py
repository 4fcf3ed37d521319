"""Scenes over OSC: kept by name, recalled at once or on the way of some beats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from musika_daw.control.instrument import Instrument
from musika_daw.control.scenes import DELETE, RECALL, RENAME, SAVE, Morph, Recall, SceneBook, Snapshot, snapshot
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target
from musika_daw.errors import UserError

_LIST, _POSITION = Target("scene/list"), Target("locate")


class SceneHandler:
    """A recall with a morph time moves on whenever notices are taken, many times a second."""

    def __init__(self, instrument: Instrument, folder: Path) -> None:
        self._instrument = instrument
        self._book = SceneBook(folder)
        self._recall: Recall | None = None
        self._told: list[Notice] = []

    def targets(self) -> tuple[Target, ...]:
        return SAVE, RECALL, DELETE, RENAME, _LIST

    def check(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if move.target == RECALL:
                self._book.load(str(move.values[0]))

    def apply(self, move: Move) -> None:
        name = str(move.values[0])
        if move.target != RECALL:
            try:
                told = self._keep(move.target, name, [str(value) for value in move.values[1:]])
            except UserError as error:
                raise RefusedError(move.target, "failed", str(error)) from error
            self._told += [Notice.of("told", told, about=move.target), Notice.of(_LIST, *self._book.names())]
            return
        beats = float(move.values[1]) if len(move.values) > 1 else 0.0
        morph = Morph(snapshot(self._instrument), self._possible(self._book.load(name)))
        self._recall = Recall(morph, self._beat(), beats)
        self._step()

    def _keep(self, target: Target, name: str, new: Sequence[str]) -> str:
        """Saves, deletes or renames; the line that tells so."""
        if target == SAVE:
            self._book.save(name, snapshot(self._instrument))
            return f"scene {name} is kept"
        if target == DELETE:
            self._book.delete(name)
            return f"scene {name} is deleted"
        self._book.rename(name, new[0])
        return f"scene {name} is {new[0]} now"

    def get(self, target: Target) -> tuple[Value, ...]:
        if target != _LIST:
            raise RefusedError(target, "address", f"{target} has no value")
        return tuple(self._book.names())

    def notices(self) -> list[Notice]:
        self._step()
        told, self._told = self._told, []
        return told

    def _possible(self, scene: Snapshot) -> Snapshot:
        """Without parameters of effects that are not there any more, or that are others now."""
        known = set(self._instrument.targets())
        return {target: values for target, values in scene.items() if target in known and self._within(target, values)}

    def _within(self, target: Target, values: tuple[Value, ...]) -> bool:
        limits = self._instrument.limits(target)
        return limits is None or (isinstance(values[0], float) and limits[0] <= values[0] <= limits[1])

    def _beat(self) -> float:
        return float(self._instrument.get(_POSITION)[0])

    def _step(self) -> None:
        if self._recall is None:
            return
        moves = self._recall.moves(self._beat())
        if self._recall.finished:
            self._recall = None
        if moves:
            self._instrument.post(moves)
