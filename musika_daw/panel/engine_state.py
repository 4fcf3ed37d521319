"""How the engine is doing, in words a musician can act on."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from musika_daw.panel.engine_link import EngineLink
from osc_protocol.types import Value

_MESSAGE_MS = 15_000  # that a line stays
_OVERLOAD = 0.95  # share of the time that is used up
_WARN_SECONDS = 3.0  # of overload in all, before anything is said
_HOLD_SECONDS = 5.0  # that a warning stays
_FORGET = 0.5  # of the overload gathered, per second without one
_MAX_GATHERED = 6.0
_PARAMETER = "/fx/"


class LoadWarning:
    """Says that the computer is too slow only after three seconds of overload in all, and holds that for five."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._overload, self._until = 0.0, 0.0

    def heard(self, load: float, underruns: int) -> bool:
        """Takes a status; `underruns` are those since the last one. Returns whether a warning stands."""
        now = self._clock()
        seconds, self._last = min(now - self._last, 1.0), now
        if load > _OVERLOAD or underruns > 0:
            self._overload = min(self._overload + max(seconds, 1.0 if underruns else 0.0), _MAX_GATHERED)
        else:
            self._overload = max(self._overload - _FORGET * seconds, 0.0)
        if self._overload >= _WARN_SECONDS:
            self._until = now + _HOLD_SECONDS
        return now < self._until


class EngineState(QObject):
    """The last status, and the last thing that was refused or told.

    Attributes:
        failed: (address, line) of what the engine refused.
    """

    changed = Signal()
    message_changed = Signal()
    project_changed = Signal()
    failed = Signal(str, str)

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load = self._latency_ms = 0.0
        self._underruns = 0
        self._clock_text, self._model, self._message, self._bus = "", "", "", ""
        self._project, self._takes = "", ""
        self._warning = LoadWarning()
        self._silence = QTimer(self, interval=_MESSAGE_MS, singleShot=True)
        self._silence.timeout.connect(self._forget)
        self._warns = False
        link.received.connect(self._take)
        link.refused.connect(lambda _address, text: self.tell(text))
        link.connected_changed.connect(self._forget)  # that there was none
        for address in ("/musika/bus", "/musika/project"):
            link.connected_changed.connect(partial(link.request, address))

    @Property(float, notify=changed)
    def load(self) -> float:
        """Share of the time that generating takes."""
        return self._load

    @Property(str, notify=changed)
    def clock(self) -> str:
        """Which clock leads, and whether it runs."""
        return self._clock_text

    @Property(bool, notify=changed)
    def locked(self) -> bool:
        """Whether the leading clock runs."""
        return "lost" not in self._clock_text and "waiting" not in self._clock_text

    @Property(bool, notify=changed)
    def internal_clock(self) -> bool:
        """Whether the engine follows nobody."""
        return self._clock_text.startswith("internal")

    @Property(float, notify=changed)
    def latency(self) -> float:
        """Milliseconds from a move to its being heard."""
        return self._latency_ms

    @Property(str, notify=changed)
    def model(self) -> str:
        """Which model plays."""
        return self._model

    @Property(str, notify=changed)
    def bus(self) -> str:
        """Where it plays."""
        return self._bus

    @Property(str, notify=project_changed)
    def project(self) -> str:
        """The project folder that takes go to, on the engine's computer."""
        return self._project

    @Property(str, notify=project_changed)
    def takes(self) -> str:
        """Where takes are in it."""
        return self._takes

    def takes_folder(self) -> str:
        """The same, for Python."""
        return self._takes

    @Property(bool, notify=changed)
    def silent(self) -> bool:
        """Whether it plays into no device."""
        return "(null)" in self._bus

    @Property(bool, notify=changed)
    def warns(self) -> bool:
        """Whether the line is a warning."""
        return self._warns

    @Property(str, notify=message_changed)
    def message(self) -> str:
        """What was refused or told last."""
        return self._message

    def _take(self, address: str, values: tuple[Value, ...]) -> None:
        if address == "/musika/status.reply" and len(values) >= 7:
            self._status(values)
        elif address == "/musika/error" and len(values) == 3:
            if values[1] == "address" and _PARAMETER in str(values[0]):
                return  # the effect has gone, with a style or a preset, before it could be asked
            self.tell(str(values[2]))
            self.failed.emit(str(values[0]), str(values[2]))
        elif address == "/musika/told" and values:
            self.tell(str(values[-1]))
        elif address == "/musika/bus" and values:
            self._bus = str(values[0])
            self.changed.emit()
        elif address == "/musika/project" and len(values) > 1:
            self._project, self._takes = str(values[0]), str(values[1])
            self.project_changed.emit()
        elif address == "/musika/done" and values:
            self.tell(f"take in {values[0]}")

    def _forget(self) -> None:
        self._message = ""
        self.message_changed.emit()

    def _status(self, values: tuple[Value, ...]) -> None:
        _, load, underruns, latency, clock, model, _ = values[:7]
        new = max(int(underruns) - self._underruns, 0) if self._model else 0  # those before the window are no news
        self._underruns = int(underruns)
        self._load, self._latency_ms = float(load), float(latency)
        self._clock_text, self._model = str(clock), str(model)
        self._warns = self._warning.heard(self._load, new)
        self.changed.emit()

    @Slot(str)
    def tell(self, text: str) -> None:
        """Shows a line for a while."""
        self._silence.start()
        self._message = text
        self.message_changed.emit()
