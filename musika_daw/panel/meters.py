"""Levels of the stems and the mix: the last ones, and a history to draw a waveform of."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, Signal, Slot

from musika_daw.panel.engine_link import EngineLink
from osc_protocol.types import Value

_HISTORY = 400  # some 16 s of the engine's 25 a second
_FLOOR_DB = -60.0


class StemMeter(QObject):
    """Levels of a stem or the mix.

    Attributes:
        level: peak as a share of full height, 0 at -60 dBFS and 1 at 0 dBFS, whenever one is told; the window lets it
            fall by itself.
    """

    level = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history: deque[float] = deque(maxlen=_HISTORY)  # peaks, oldest first, 0 to 1 of full scale in amplitude

    def heard(self, peak_db: float) -> None:
        """A level came."""
        self.history.append(10.0 ** (max(peak_db, _FLOOR_DB) / 20.0))
        self.level.emit(min(max(1.0 - peak_db / _FLOOR_DB, 0.0), 1.0))


class Meters(QObject):
    """All of them."""

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._meters: dict[str, StemMeter] = {}
        link.listen("/musika/meter", self._take)

    @Slot(str, result=QObject)
    def of(self, stem: str) -> StemMeter:
        """The meter of a stem or the mix."""
        if stem not in self._meters:
            self._meters[stem] = StemMeter(self)
        return self._meters[stem]

    @Slot(str, int, result=list)
    def history(self, stem: str, most: int) -> list[float]:
        """The last peaks of a stem, so many at most, oldest first, 0 to 1 of full scale in amplitude."""
        return list(self.of(stem).history)[-most:]

    def _take(self, values: tuple[Value, ...]) -> None:
        if len(values) == 3:
            self.of(str(values[0])).heard(float(values[1]))
