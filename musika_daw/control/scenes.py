"""Scenes: all controls as they stood, kept by name, and the way from here to there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from musika_daw.control.instrument import Instrument
from musika_daw.controls.book import CONTROLS
from musika_daw.controls.book import find as control_of
from musika_daw.controls.control import Surface, Value
from musika_daw.controls.move import Move, RefusedError
from musika_daw.controls.target import Target, address_of, target_of
from musika_daw.storage.disk_errors import disk_errors
from musika_daw.storage.files import write_text
from osc_protocol import ProtocolError, convert_arguments, find

SAVE, RECALL, DELETE, RENAME = (Target(f"scene/{verb}") for verb in ("save", "recall", "delete", "rename"))
_STYLE = Target("style")

Snapshot = Mapping[Target, tuple[Value, ...]]


def snapshot(instrument: Instrument) -> Snapshot:
    """The values of every control that scenes have, as they stand."""
    values = {}
    for target in instrument.targets():
        control = control_of(target.control)
        if control is not None and control.on(Surface.SCENE):
            try:
                values[target] = instrument.get(target)
            except RefusedError:
                continue  # has no value yet
    return _heard(values)


def _heard(values: dict[Target, tuple[Value, ...]]) -> Snapshot:
    """Without the morph square where one style alone is heard, and without that where none is: each would undo the
    other when it is set."""
    square = tuple(c.name for c in CONTROLS if _STYLE.control in c.clears)
    unheard = square if values.get(_STYLE, ("",)) != ("",) else (_STYLE.control,)
    return {target: value for target, value in values.items() if target.control not in unheard}


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
        for target, goal in self.end.items():
            origin = self.start.get(target, ())
            if origin == goal:
                continue
            glides = len(origin) == len(goal) and all(type(value) is float for value in origin + goal)
            if glides:
                moves.append(Move.of(target, *(_between(a, b, now) for a, b in zip(origin, goal, strict=True))))
            elif before < 0:
                moves.append(Move.of(target, *goal))
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
        text = json.dumps(
            {address_of(target): list(values) for target, values in scene.items()}, indent=1, ensure_ascii=False
        )
        write_text(self._path(SAVE, name), text + "\n")

    def load(self, name: str) -> Snapshot:
        """Values that the table does not know (another version's) are left out.

        Raises:
            RefusedError: there is no such scene, or its file is broken.
        """
        path = self._there(RECALL, name)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RefusedError(RECALL, "failed", f"scene {path} cannot be read: {error}") from None
        if not isinstance(data, dict):
            raise RefusedError(RECALL, "failed", f"scene {path} holds no addresses")
        scene: dict[Target, tuple[Value, ...]] = {}
        for address, values in data.items():
            try:
                scene[target_of(address)] = convert_arguments(
                    find(address).row, values if isinstance(values, list) else ()
                )
            except ProtocolError:
                continue
        return scene

    def delete(self, name: str) -> None:
        """Raises RefusedError: there is no such scene; UserError: the disk refuses."""
        path = self._there(DELETE, name)
        with disk_errors("delete", path):
            path.unlink()

    def rename(self, name: str, new: str) -> None:
        """Raises RefusedError: there is no such scene, or one of the new name; UserError: the disk refuses."""
        path, goal = self._there(RENAME, name), self._path(RENAME, new)
        if goal.exists():
            raise RefusedError(RENAME, "refused", f"there is a scene {new!r} already: choose another name")
        with disk_errors("rename", path):
            path.rename(goal)

    def _there(self, target: Target, name: str) -> Path:
        path = self._path(target, name)
        if not path.is_file():
            known = ", ".join(self.names()) or "none yet"
            raise RefusedError(target, "refused", f"there is no scene {name!r}: there are {known}")
        return path

    def _path(self, target: Target, name: str) -> Path:
        if not re.fullmatch(r"[\w][\w .,+()#-]{0,99}", name):
            raise RefusedError(
                target, "refused", f"scene name {name[:40]!r}: expected letters, digits, spaces and . , + ( ) # -"
            )
        return self._folder / f"{name}.json"


def _between(a: Value, b: Value, share: float) -> float:
    assert not isinstance(a, str) and not isinstance(b, str)
    # The goal itself at the end, not what rounding leaves of it.
    return float(b) if share >= 1.0 else a + (b - a) * share
