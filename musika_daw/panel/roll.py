"""What the stems play: the notes of this bar and of those to come, as the engine tells them bar by bar."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QAbstractListModel, QByteArray, QModelIndex, QObject, Qt, Signal, Slot

from musika_daw.panel.engine_link import EngineLink
from osc_protocol.types import Value

_BEATS_PER_BAR = 4
_KEPT_BARS = 4  # of a stem; older ones have gone by
_NOTES_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_LOWEST, _HIGHEST, _LEAST_RANGE = 36.0, 60.0, 6.0

Shown = dict[str, float]
"""A note: `beat`, `length` in beats, `pitch`, `strength` 0 to 1."""


def parse_bar(text: str) -> list[Shown]:
    """The notes of `36 0.0 0.25 100, 43 1.5 0.5 90`: pitch, beat, length and velocity of each."""
    notes: list[Shown] = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        try:
            pitch, beat, length, velocity = map(float, part.split())
        except ValueError:
            continue
        notes.append({"beat": beat, "length": length, "pitch": pitch, "strength": velocity / 127.0})
    return notes


class LaneNotes(QAbstractListModel):
    """The bars of a stem, each a list of notes: a bar that comes or changes makes no others be drawn anew.

    Attributes:
        range_changed: of the pitches, or whether there are any.
    """

    range_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bars: list[tuple[int, list[Shown]]] = []
        self._low, self._high, self._rests = _LOWEST, _HIGHEST, True

    def notes(self) -> list[Shown]:
        """All of them, in the order of the bars."""
        return [note for _, bar in self._bars for note in bar]

    @Property(float, notify=range_changed)
    def low(self) -> float:
        """Lowest pitch."""
        return self._low

    @Property(float, notify=range_changed)
    def high(self) -> float:
        """Highest pitch, above the lowest."""
        return self._high

    @Property(bool, notify=range_changed)
    def rests(self) -> bool:
        """Whether no notes are known."""
        return self._rests

    def put(self, bar: int, notes: list[Shown]) -> None:
        """A bar as it is told; one that is told again (after a splice) takes its place."""
        places = [number for number, _ in self._bars]
        if bar not in places:
            place = sum(number < bar for number in places)
            self.beginInsertRows(QModelIndex(), place, place)
            self._bars.insert(place, (bar, notes))
            self.endInsertRows()
        elif self._bars[place := places.index(bar)][1] != notes:
            self._bars[place] = (bar, notes)
            self.dataChanged.emit(self.index(place), self.index(place), [_NOTES_ROLE])
        for old in [number for number in places if abs(number - bar) > _KEPT_BARS]:
            place = [number for number, _ in self._bars].index(old)
            self.beginRemoveRows(QModelIndex(), place, place)
            del self._bars[place]
            self.endRemoveRows()
        self._measure()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # type: ignore[override]  # noqa: B008, N802
        """How many bars are known."""
        return 0 if parent.isValid() else len(self._bars)

    def data(self, index: QModelIndex, role: int = _NOTES_ROLE) -> Any:  # type: ignore[override]
        """The notes of a bar, at song positions in beats."""
        return self._bars[index.row()][1] if index.isValid() and role == _NOTES_ROLE else None

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802  Qt's name
        """Names of the roles in QML."""
        return {_NOTES_ROLE: QByteArray(b"notes")}

    def _measure(self) -> None:
        before = self._low, self._high, self._rests
        pitches = [note["pitch"] for note in self.notes()]
        self._rests = not pitches
        if pitches:
            self._low = min(pitches)
            self._high = max(self._low + _LEAST_RANGE, *pitches)
        if before != (self._low, self._high, self._rests):
            self.range_changed.emit()


class Roll(QObject):
    """The notes of each stem."""

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, LaneNotes] = {}
        link.received.connect(self._take)

    @Slot(str, result=QObject)
    def lane(self, stem: str) -> LaneNotes:
        """The notes of a stem, for QML."""
        if stem not in self._lanes:
            self._lanes[stem] = LaneNotes(self)
        return self._lanes[stem]

    def notes(self, stem: str) -> list[Shown]:
        """The notes of a stem that are known, at song positions in beats."""
        return self.lane(stem).notes()

    def _take(self, address: str, values: tuple[Value, ...]) -> None:
        if address != "/musika/bar" or len(values) != 3:
            return
        stem, beat = str(values[0]), float(values[1])
        notes = [{**note, "beat": note["beat"] + beat} for note in parse_bar(str(values[2]))]
        self.lane(stem).put(round(beat / _BEATS_PER_BAR), notes)
