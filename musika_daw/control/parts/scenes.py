"""Scenes over OSC: kept by name, recalled at once or on the way of some beats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from musika_daw.control.instrument import Instrument
from musika_daw.control.midi.scenes import Morph, Recall, SceneBook, snapshot
from musika_daw.engine.live.moves import Move, Notice, RefusedError, Value
from musika_daw.errors import UserError

SAVE, RECALL, LIST = "/musika/scene/save", "/musika/scene/recall", "/musika/scene/list"


class ScenePart:
    """A recall with a morph time moves on whenever notices are taken, many times a second."""

    def __init__(self, instrument: Instrument, folder: Path) -> None:
        self._instrument = instrument
        self._book = SceneBook(folder)
        self._recall: Recall | None = None

    def addresses(self) -> tuple[str, ...]:
        return SAVE, RECALL, LIST

    def check(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if move.address == RECALL:
                self._book.load(str(move.values[0]))

    def apply(self, move: Move) -> None:
        name = str(move.values[0])
        if move.address == SAVE:
            try:
                self._book.save(name, snapshot(self._instrument))
            except UserError as error:
                raise RefusedError(SAVE, "failed", str(error)) from error
            return
        beats = float(move.values[1]) if len(move.values) > 1 else 0.0
        self._recall = Recall(Morph(snapshot(self._instrument), self._book.load(name)), self._beat(), beats)
        self._step()

    def get(self, address: str) -> tuple[Value, ...]:
        if address != LIST:
            raise RefusedError(address, "address", f"{address} has no value")
        return tuple(self._book.names())

    def notices(self) -> list[Notice]:
        self._step()
        return []

    def _beat(self) -> float:
        return float(self._instrument.get("/musika/locate")[0])

    def _step(self) -> None:
        if self._recall is None:
            return
        moves = self._recall.moves(self._beat())
        if self._recall.finished:
            self._recall = None
        if moves:
            self._instrument.post(moves)
