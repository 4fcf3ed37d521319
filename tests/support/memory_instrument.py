"""An instrument that plays nothing: it holds what is set, refuses what is not there, and tells of changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target, address_of, target_of
from osc_protocol.table import ROWS, TABLE, Access
from osc_protocol.types import default

STEMS = ("drums", "bass", "chords", "lead")
PARAMETER = "/musika/stem/bass/fx/0/cutoff_hz"
_LIMITS = (20.0, 20_000.0)
_NAMES = {"preset": ("fathom", "ember"), "model": ("techno",), "style": ("fathom", "ember"), "scene": ()}

_MACHINE: dict[str, tuple[Value, ...]] = {
    "/musika/bus": ("nothing, 20 ms",),
    "/musika/bus/list": ("default", "null"),
    "/musika/midi/in": ("off",),
    "/musika/midi/in/list": ("a keyboard", "a box of knobs"),
    "/musika/midi/out/list": ("a synth",),
    "/musika/midi/map/list": ("off", "pads"),
    "/musika/project": ("/songs/one", "/songs/one/Musika"),
    "/musika/effect/list": ("Delay", "Reverb"),
    "/musika/stem/bass/effects": ("LowpassFilter; cutoff_hz 20 20000",),
}


def notice_of(address: str, values: tuple[Value, ...]) -> Notice:
    """A message as the engine tells it."""
    target = target_of(address)
    if target.control not in ("error", "told", "landed"):
        return Notice.of(target, *values)
    return Notice.of(target, *values[1:], about=target_of(str(values[0])))


class MemoryInstrument:
    """`posts` holds what came in one call each, in order."""

    stems = STEMS

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._notices: list[Notice] = []
        self.posts: list[tuple[Move, ...]] = []
        self.values: dict[str, tuple[Value, ...]] = {PARAMETER: (800.0,), "/musika/preset": ("fathom",), **_MACHINE}
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
                if (address := address_of(move.target)) in self.values:
                    self.values[address] = move.values
                    self._notices.append(Notice.of(move.target, *move.values))

    def get(self, target: Target) -> tuple[Value, ...]:
        address = address_of(target)
        with self._lock:
            if address not in self.values:
                raise RefusedError(target, "address", f"{address} is not there")
            return self.values[address]

    def targets(self) -> tuple[Target, ...]:
        return tuple(map(target_of, (*self.values, *self._commands())))

    def limits(self, target: Target) -> tuple[float, float] | None:
        return _LIMITS if address_of(target) == PARAMETER else None

    def notices(self) -> list[Notice]:
        with self._lock:
            notices, self._notices = self._notices, []
            return notices

    def tell(self, address: str, *values: Value) -> None:
        """As if it happened."""
        with self._lock:
            self._notices.append(notice_of(address, values))

    @property
    def moves(self) -> list[Move]:
        with self._lock:
            return [move for moves in self.posts for move in moves]

    def _check(self, move: Move) -> None:
        address = address_of(move.target)
        if "/stem/" in address and address not in (*self.values, *self._commands()):
            raise RefusedError(move.target, "address", f"{address} is not there")
        if address == PARAMETER and not _LIMITS[0] <= float(move.values[0]) <= _LIMITS[1]:
            raise RefusedError(move.target, "range", f"expected {_LIMITS[0]:g} to {_LIMITS[1]:g}")
        if address == "/musika/preset" and move.values[0] not in _NAMES["preset"]:
            raise RefusedError(move.target, "range", f"there is no preset {move.values[0]}")
        if str(move.target) == "tempo" and self.values["/musika/clock"] != ("internal",):
            raise RefusedError(move.target, "refused", "another clock leads")

    def _commands(self) -> list[str]:
        rows = (row for row in TABLE if row.access is Access.WRITE and "scribe" not in row.pattern)
        return [address for row in rows for address in self._filled(row.pattern) if address != "/musika/sync"]

    @staticmethod
    def _filled(pattern: str) -> list[str]:
        row = ROWS[pattern]
        return [row.address(name=stem) for stem in STEMS] if row.placeholders else [pattern]

    @staticmethod
    def _default(pattern: str) -> tuple[Value, ...]:
        if "anchor" in pattern:
            return (7,)
        needed = [argument for argument in ROWS[pattern].arguments if not argument.optional]
        return tuple(default(pattern, place) for place in range(len(needed)))
