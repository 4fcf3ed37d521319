"""What the stems play: the notes of this bar and of those to come, as the engine tells them bar by bar."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from musika_daw.panel.engine_link import EngineLink
from osc_protocol.types import Value

_BEATS_PER_BAR = 4
_KEPT_BARS = 4  # of a stem; older ones have gone by

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


class Roll(QObject):
    """Bars of each stem by their place in the song; a bar that is told again (after a splice) takes its place.

    Attributes:
        changed: a stem has other notes.
    """

    changed = Signal(str)

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bars: dict[str, dict[int, list[Shown]]] = {}
        link.received.connect(self._take)

    @Slot(str, result=list)
    def notes(self, stem: str) -> list[Shown]:
        """The notes of a stem that are known, at song positions in beats."""
        return [note for bar in self._bars.get(stem, {}).values() for note in bar]

    def _take(self, address: str, values: tuple[Value, ...]) -> None:
        if address != "/musika/bar" or len(values) != 3:
            return
        stem, beat = str(values[0]), float(values[1])
        start = round(beat / _BEATS_PER_BAR)
        bars = self._bars.setdefault(stem, {})
        bars[start] = [{**note, "beat": note["beat"] + beat} for note in parse_bar(str(values[2]))]
        for old in [bar for bar in bars if abs(bar - start) > _KEPT_BARS]:
            del bars[old]
        self.changed.emit(stem)
