"""Names that the engine has: presets, scenes, models."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from musika_daw.panel.engine_link import EngineLink
from osc_protocol.types import Value


class NameList(QObject):
    """A list that an address answers with, asked for anew whenever the engine is found."""

    changed = Signal()

    def __init__(self, link: EngineLink, address: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link, self._address = link, address
        self._names: list[str] = []
        link.listen(address, self._take)
        link.connected_changed.connect(self.refresh)

    @Property(list, notify=changed)
    def names(self) -> list[str]:
        """In the engine's order."""
        return self._names

    @Slot()
    def refresh(self) -> None:
        """Asks again."""
        self._link.request(self._address)

    def _take(self, values: tuple[Value, ...]) -> None:
        names = [str(value) for value in values]
        if names != self._names:
            self._names = names
            self.changed.emit()
