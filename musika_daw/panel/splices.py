"""Where moves are heard: those that landed, and those that wait for their place on the grid."""

from __future__ import annotations

import math
import time
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal

from musika_daw.controls import book
from musika_daw.controls.control import Lands, Scope
from musika_daw.controls.target import target_of
from musika_daw.panel.controls_model import ControlsModel
from musika_daw.panel.engine_link import EngineLink
from musika_daw.panel.transport import Transport
from osc_protocol.types import Value

_GRIDS = {"beat": 1.0, "bar": 4.0, "phrase": 64.0}
_MOST = 12
_WAITS_SECONDS = 60.0  # what never landed is no longer waited for


class Splices(QObject):
    """Marks at song positions: `beat`, `label`, `stem`, `landed`."""

    changed = Signal()

    def __init__(
        self, link: EngineLink, controls: ControlsModel, transport: Transport, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controls, self._transport = controls, transport
        self._marks: list[dict[str, Any]] = []
        self._changes = QTimer(self, interval=50, singleShot=True)
        self._changes.timeout.connect(self.changed)
        link.received.connect(self._take)
        link.sent.connect(self._wait)
        link.connected_changed.connect(self._forget)

    @Property(list, notify=changed)
    def marks(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return self._marks

    def _wait(self, address: str) -> None:
        """A move of the user's own, which waits for the grid."""
        target = target_of(address)
        control = book.find(target.control)
        quantize = self._controls.item("quantize")
        grid = _GRIDS.get(str(quantize.value)) if quantize is not None else None
        if control is None or grid is None or control.scope is not Scope.SONG or control.lands is Lands.AT_ONCE:
            return
        if self._transport.playing():
            beat = math.ceil(self._transport.position() / grid) * grid
            self._put(str(target), beat, control.name, target.stem or "", landed=False)

    def _take(self, address: str, values: tuple[Value, ...]) -> None:
        if address == "/musika/landed" and len(values) == 2:
            target = target_of(str(values[0]))
            control = book.find(target.control)
            if control is not None and control.scope is Scope.SONG:
                self._put(str(target), float(values[1]), control.name, target.stem or "", landed=True)

    def _put(self, target: str, beat: float, label: str, stem: str, *, landed: bool) -> None:
        now = time.monotonic()
        kept = [
            m
            for m in self._marks
            if not (m["target"] == target and (not m["landed"] or abs(m["beat"] - beat) < 1.0))
            and (m["landed"] or now - m["at"] < _WAITS_SECONDS)
        ]
        words = label.replace("/", " ").replace("_", " ")
        mark = {"target": target, "beat": beat, "label": words, "stem": stem, "landed": landed, "at": now}
        self._marks = [*kept, mark][-_MOST:]
        self._changes.start()

    def _forget(self) -> None:
        self._marks = []
        self.changed.emit()
