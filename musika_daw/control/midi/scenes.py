"""Scenes: all controls as they stood, kept by name, and the way from here to there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from musika_daw.control.instrument import Instrument
from musika_daw.control.midi.files import write_atomically
from musika_daw.engine.live.moves import Move, RefusedError, Value
from osc_protocol import Access, ProtocolError, convert_arguments, find

# The transport and the machine are not the sound: a recall does not stop the song or end a take.
_TRANSPORT = ("locate", "loop", "tempo", "clock", "clock/offset", "clock/on_loss", "quantize")
_MACHINE = ("model", "preset", "midi/map", "midi/notes", "midi/out", "clock/out", "record")
_NOT_KEPT = frozenset(f"/musika/{name}" for name in (*_TRANSPORT, *_MACHINE))

Snapshot = Mapping[str, tuple[Value, ...]]


def snapshot(instrument: Instrument) -> Snapshot:
    """Address -> values of everything that can be both read and set, but for transport, clock, model and take."""
    values = {}
    for address in instrument.addresses():
        if address not in _NOT_KEPT and find(address).row.access is Access.READ_WRITE:
            try:
                values[address] = instrument.get(address)
            except RefusedError:
                continue  # has no value yet
    return values


@dataclass(frozen=True)
class Morph:
    """The way from one snapshot to another. Pure: ask for the moves at a share of the way.

    Numbers move; texts, switches and whole numbers (a seed has no in-between) change at its beginning.
    """

    start: Snapshot
    end: Snapshot

    def moves(self, before: float, now: float) -> list[Move]:
        """What to post when the way done goes from `before` to `now`, 0-1; `before` < 0 is where it begins."""
        moves = []
        for address, goal in self.end.items():
            origin = self.start.get(address, ())
            if origin == goal:
                continue
            glides = len(origin) == len(goal) and all(type(value) is float for value in origin + goal)
            if glides:
                moves.append(Move(address, tuple(_between(a, b, now) for a, b in zip(origin, goal, strict=True))))
            elif before < 0:
                moves.append(Move(address, goal))
        return moves


class Recall:
    """A recall under way, paced by the song position."""

    def __init__(self, morph: Morph, start_beat: float, length_beats: float) -> None:
        """`length_beats`: 0 and more; 0 is there at once."""
        self._morph, self._start_beat, self._length_beats = morph, start_beat, length_beats
        self._done = -1.0

    @property
    def finished(self) -> bool:
        return self._done >= 1.0

    def moves(self, beat: float) -> list[Move]:
        """What to post at a song position; a song that jumps back does not undo the way already made."""
        share = 1.0 if self._length_beats <= 0 else min(1.0, max(0.0, (beat - self._start_beat) / self._length_beats))
        if share <= self._done:
            return []
        before, self._done = self._done, share
        return self._morph.moves(before, share)


class SceneBook:
    """The scenes of a folder, a JSON file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        return sorted(path.stem for path in self._folder.glob("*.json"))

    def save(self, name: str, scene: Snapshot) -> None:
        """Raises RefusedError: a name no file can have; UserError: the disk does not take it."""
        text = json.dumps({address: list(values) for address, values in scene.items()}, indent=1, ensure_ascii=False)
        write_atomically(self._path("/musika/scene/save", name), text + "\n")

    def load(self, name: str) -> Snapshot:
        """Values that the table does not know (another version's) are left out.

        Raises:
            RefusedError: there is no such scene, or its file is broken.
        """
        path = self._path("/musika/scene/recall", name)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            known = ", ".join(self.names()) or "none yet"
            raise RefusedError(
                "/musika/scene/recall", "refused", f"there is no scene {name!r}: there are {known}"
            ) from None
        except (OSError, ValueError) as error:
            raise RefusedError("/musika/scene/recall", "failed", f"scene {path} cannot be read: {error}") from None
        if not isinstance(data, dict):
            raise RefusedError("/musika/scene/recall", "failed", f"scene {path} holds no addresses")
        scene: dict[str, tuple[Value, ...]] = {}
        for address, values in data.items():
            try:
                scene[address] = convert_arguments(find(address).row, values if isinstance(values, list) else ())
            except ProtocolError:
                continue
        return scene

    def _path(self, address: str, name: str) -> Path:
        if not re.fullmatch(r"[\w][\w .,+()#-]{0,99}", name):
            raise RefusedError(
                address, "refused", f"scene name {name[:40]!r}: expected letters, digits, spaces and . , + ( ) # -"
            )
        return self._folder / f"{name}.json"


def _between(a: Value, b: Value, share: float) -> float:
    assert not isinstance(a, str) and not isinstance(b, str)
    # The goal itself at the end, not what rounding leaves of it.
    return float(b) if share >= 1.0 else a + (b - a) * share
