"""Levels of the stems and the mix: the last ones, and a history to draw a waveform of."""

from __future__ import annotations

from collections import defaultdict, deque

from PySide6.QtCore import QObject, Signal, Slot

from musika_daw.panel.engine_link import EngineLink
from osc_protocol.types import Value

_HISTORY = 400  # some 16 s of the engine's 25 a second
_FLOOR_DB = -60.0


class Meters(QObject):
    """Shares of full height, 0 at -60 dBFS and 1 at 0 dBFS.

    Attributes:
        level: (stem, peak) whenever one is told; the window lets it fall by itself.
    """

    level = Signal(str, float)

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_HISTORY))
        link.received.connect(self._take)

    @Slot(str, result=list)
    def history(self, stem: str) -> list[float]:
        """The last peaks of a stem, oldest first, 0 to 1 of full scale in amplitude."""
        return list(self._history[stem])

    def _take(self, address: str, values: tuple[Value, ...]) -> None:
        if address == "/musika/meter" and len(values) == 3:
            stem, peak_db = str(values[0]), float(values[1])
            self._history[stem].append(10.0 ** (max(peak_db, _FLOOR_DB) / 20.0))
            self.level.emit(stem, min(max(1.0 - peak_db / _FLOOR_DB, 0.0), 1.0))
