"""An instrument that plays nothing: it holds what is set, refuses what is not there, and tells of changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from musika_daw.engine.live.moves import Move, Notice, RefusedError, Value
from osc_protocol.table import ROWS, TABLE, Access
from osc_protocol.types import default

STEMS = ("drums", "bass", "chords", "lead")
PARAMETER = "/musika/stem/bass/fx/0/cutoff_hz"
_LIMITS = (20.0, 20_000.0)
_NAMES = {"preset": ("fathom", "ember"), "model": ("techno",), "scene": ()}


class MemoryInstrument:
    """`posts` holds what came in one call each, in order."""

    stems = STEMS

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._notices: list[Notice] = []
        self.posts: list[tuple[Move, ...]] = []
        self.values: dict[str, tuple[Value, ...]] = {PARAMETER: (800.0,), "/musika/preset": ("fathom",)}
        for row in TABLE:
            if row.access is Access.READ_WRITE and row.pattern not in self.values and "{parameter}" not in row.pattern:
                for address in self._filled(row.pattern):
                    self.values[address] = self._default(row.pattern)
        for name, names in _NAMES.items():
            self.values[f"/musika/{name}/list"] = names
        self.values["/musika/status"] = (30.0, 0.1, 0, 42.0, "internal", "techno", 8.0)

    def post(self, moves: Sequence[Move]) -> None:
        with self._lock:
            for move in moves:
                self._check(move)
            self.posts.append(tuple(moves))
            for move in moves:
                if move.address in self.values:
                    self.values[move.address] = move.values
                    self._notices.append(Notice(move.address, move.values))

    def get(self, address: str) -> tuple[Value, ...]:
        with self._lock:
            if address not in self.values:
                raise RefusedError(address, "address", f"{address} is not there")
            return self.values[address]

    def addresses(self) -> tuple[str, ...]:
        commands = [row.pattern for row in TABLE if row.access is Access.WRITE and "scribe" not in row.pattern]
        return (*self.values, *(command for command in commands if command != "/musika/sync"))

    def limits(self, address: str) -> tuple[float, float] | None:
        return _LIMITS if address == PARAMETER else None

    def notices(self) -> list[Notice]:
        with self._lock:
            notices, self._notices = self._notices, []
            return notices

    def tell(self, address: str, *values: Value) -> None:
        """As if it happened."""
        with self._lock:
            self._notices.append(Notice(address, values))

    @property
    def moves(self) -> list[Move]:
        with self._lock:
            return [move for moves in self.posts for move in moves]

    def _check(self, move: Move) -> None:
        if "/stem/" in move.address and move.address not in self.values:
            raise RefusedError(move.address, "address", f"{move.address} is not there")
        if move.address == PARAMETER and not _LIMITS[0] <= float(move.values[0]) <= _LIMITS[1]:
            raise RefusedError(move.address, "range", f"expected {_LIMITS[0]:g} to {_LIMITS[1]:g}")
        if move.address == "/musika/preset" and move.values[0] not in _NAMES["preset"]:
            raise RefusedError(move.address, "range", f"there is no preset {move.values[0]}")
        if move.address == "/musika/tempo" and self.values["/musika/clock"] != ("internal",):
            raise RefusedError(move.address, "refused", "another clock leads")

    @staticmethod
    def _filled(pattern: str) -> list[str]:
        row = ROWS[pattern]
        if "anchor" in row.placeholders:
            return [row.address(anchor=corner) for corner in "abcd"]
        return [row.address(name=stem) for stem in STEMS] if row.placeholders else [pattern]

    @staticmethod
    def _default(pattern: str) -> tuple[Value, ...]:
        if "anchor" in pattern:
            return (7,)
        if pattern == "/musika/midi/map":
            return ("off",)
        needed = [argument for argument in ROWS[pattern].arguments if not argument.optional]
        return tuple(default(pattern, place) for place in range(len(needed)))
