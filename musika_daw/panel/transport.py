"""Where the song is: beats as they are told, carried on between them."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import Property, QObject, Signal, Slot

from musika_daw.panel.controls_model import ControlsModel
from musika_daw.panel.engine_link import EngineLink
from osc_protocol.types import Value

_BEATS_PER_BAR = 4
LEVEL_SECONDS = 0.04  # between two levels that the engine tells
_POSITION = 6  # of the song position, in the answer to /musika/status
_STILL_SECONDS = 2.0  # without a beat (40 bpm has one every 1.5 s) it does not play


class Transport(QObject):
    """Position and play state.

    Attributes:
        beat_heard: song position of a beat that begins.
    """

    changed = Signal()
    beat_heard = Signal(float)

    def __init__(self, link: EngineLink, controls: ControlsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link, self._controls = link, controls
        self._beat, self._at = 0.0, -_STILL_SECONDS
        self._recording = self._plays = self._wish = False
        link.received.connect(self._take)
        link.connected_changed.connect(self._play_as_wished)

    @Property(bool, notify=changed)
    def recording(self) -> bool:
        """Whether a take is being recorded."""
        return self._recording

    @Property(bool, notify=changed)
    def plays(self) -> bool:
        """Whether it played when last looked at."""
        return self._plays

    @Slot()
    def look(self) -> None:
        """Notices that it plays, or stopped."""
        if self._plays != self.playing():
            self._plays = not self._plays
            self.changed.emit()

    @Slot(result=float)
    def beats_per_level(self) -> float:
        """Beats between two levels that are told."""
        return LEVEL_SECONDS * self._bpm() / 60.0

    @Slot(result=bool)
    def playing(self) -> bool:
        """Whether beats come."""
        return time.monotonic() - self._at < _STILL_SECONDS

    @Slot(result=float)
    def position(self) -> float:
        """Song position in beats, now."""
        if not self.playing():
            return self._beat
        seconds = min(time.monotonic() - self._at, _STILL_SECONDS)
        return self._beat + seconds * self._bpm() / 60.0

    @Slot(result=str)
    def place(self) -> str:
        """Bar and beat as DAWs show them, from 1.1 on."""
        beat = math.floor(self.position() + 1e-6)
        return f"{beat // _BEATS_PER_BAR + 1}.{beat % _BEATS_PER_BAR + 1}"

    @Slot()
    def toggle(self) -> None:
        """Plays or stops; before the engine is there, it plays as soon as it is."""
        if not self._link.connected:
            self._wish = not self._wish
            self.changed.emit()
            return
        self._link.send("/musika/stop" if self.playing() else "/musika/play", [])
        if self.playing():
            self._at = -_STILL_SECONDS
            self.look()

    @Property(bool, notify=changed)
    def wished(self) -> bool:
        """Whether it is to play when the engine is there."""
        return self._wish

    def _play_as_wished(self) -> None:
        if self._wish and self._link.connected:
            self._wish = False
            self._link.send("/musika/play", [])
            self.changed.emit()

    @Slot()
    def rewind(self) -> None:
        """Goes to the start of the song."""
        self._link.send("/musika/locate", [0.0])
        self._beat = 0.0

    @Slot()
    def record(self) -> None:
        """Starts or ends a take."""
        self._link.send("/musika/record", [not self._recording])
        self._link.request("/musika/record")

    def _bpm(self) -> float:
        tempo = self._controls.item("tempo")
        return float(tempo.values()[0]) if tempo is not None else 120.0

    def _take(self, address: str, values: tuple[Value, ...]) -> None:
        if address == "/musika/beat" and values:
            self._beat, self._at = float(values[0]), time.monotonic()
            self.look()
            self.beat_heard.emit(self._beat)
        elif address == "/musika/status.reply" and len(values) > _POSITION and not self.playing():
            self._beat = float(values[_POSITION])
        elif address == "/musika/record" and values:
            on = values[0] not in (False, 0, "")
            if on != self._recording:
                self._recording = on
                self.changed.emit()
