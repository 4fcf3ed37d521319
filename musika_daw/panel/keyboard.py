"""The computer's keys as a piano: they play notes into a stem while this is on."""

from __future__ import annotations

from PySide6.QtCore import Property, QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWindow

from musika_daw.controls.target import Target, address_of
from musika_daw.panel.engine_link import EngineLink

_VELOCITY = 100
_LOWEST, _HIGHEST, _OCTAVE = 24, 96, 12
_START = {"drums": 36, "bass": 36}
_OTHERS = 60
_KEYS = "AWSEDFTGYHUJKOL"  # two rows of a keyboard, from C on; where Y and Z are exchanged, either is the black key
_HINDERED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def step_of(key: int) -> int | None:
    """Semitones above C that a key of the computer plays; None if it plays nothing."""
    letter = chr(key) if 0 < key < 128 else ""
    place = _KEYS.find("Y" if letter == "Z" else letter) if letter else -1
    return None if place < 0 else place


class Keyboard(QObject):
    """While it is on, keys go to the stem and not to the window, but for those that a text field gets.

    Shortcuts come before any filter: the window turns those off that have letters of the piano.
    """

    changed = Signal()

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._window: QWindow | None = None
        self._stem = "bass"
        self._low = _START["bass"]
        self._down: dict[int, int] = {}  # key -> the note that it plays

    @Property(bool, notify=changed)
    def on(self) -> bool:
        """Whether keys play."""
        return self._window is not None

    @Property(str, notify=changed)
    def stem(self) -> str:
        """What they play."""
        return self._stem

    @Property(int, notify=changed)
    def low(self) -> int:
        """MIDI note of the lowest key."""
        return self._low

    @Property(list, notify=changed)
    def down(self) -> list[int]:
        """Notes that are held."""
        return sorted(self._down.values())

    @Slot(QWindow, str)
    def begin(self, window: QWindow, stem: str) -> None:
        """Keys of the window play a stem from now on."""
        self.end()
        self._window, self._stem, self._low = window, stem, _START.get(stem, _OTHERS)
        window.installEventFilter(self)
        self.changed.emit()

    @Slot()
    def end(self) -> None:
        """Keys are the window's again."""
        for key in tuple(self._down):
            self._release(key)
        if self._window is not None:
            self._window.removeEventFilter(self)
            self._window = None
            self.changed.emit()

    @Slot(int)
    def shift(self, octaves: int) -> None:
        """Plays so many octaves higher."""
        self._low = min(max(self._low + octaves * _OCTAVE, _LOWEST), _HIGHEST)
        self.changed.emit()

    @Slot(int)
    def strike(self, note: int) -> None:
        """A key of the piano on the screen."""
        self._send(note, _VELOCITY)

    @Slot(int)
    def let_go(self, note: int) -> None:
        """It comes up."""
        self._send(note, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Takes keys that play."""
        kind = event.type()
        if kind == QEvent.Type.FocusOut:
            for key in tuple(self._down):
                self._release(key)
        if kind not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return False
        assert isinstance(event, QKeyEvent)
        if event.modifiers() & _HINDERED or self._writes():
            return False
        return self._key(event, kind)

    def _key(self, event: QKeyEvent, kind: QEvent.Type) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and kind == QEvent.Type.KeyPress:
            self.shift(1 if key == Qt.Key.Key_PageUp else -1)
            return True
        if key == Qt.Key.Key_Escape and kind == QEvent.Type.KeyPress:
            self.end()
            return True
        step = step_of(key)
        if step is None:
            return False
        if not event.isAutoRepeat():
            if kind == QEvent.Type.KeyPress:
                self._down[key] = self._low + step
                self._send(self._low + step, _VELOCITY)
                self.changed.emit()
            else:
                self._release(key)
        return True

    def _writes(self) -> bool:
        """Whether a text field has the keys."""
        item = self._window.focusObject() if self._window is not None else None
        return item is not None and item.inherits("QQuickTextInput")

    def _release(self, key: int) -> None:
        note = self._down.pop(key, None)
        if note is not None:
            self._send(note, 0)
            self.changed.emit()

    def _send(self, note: int, velocity: int) -> None:
        self._link.send(address_of(Target("note", self._stem)), [note, velocity])
