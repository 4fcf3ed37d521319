"""Takes are heard on the system's default device, whatever the engine plays into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Property, QObject, Qt, QUrl, Signal, Slot

_BLOCK = 4096


class Player:
    """A file being played; PortAudio's own thread reads it block by block."""

    def __init__(self, path: Path, ended: Callable[[], None]) -> None:
        """
        Raises:
            OSError, RuntimeError: there is no device, or the file cannot be read.
        """
        import sounddevice
        import soundfile

        self._file = soundfile.SoundFile(path)
        frame = 4 * self._file.channels

        def fill(out: Any, frames: int, _time: object, _status: object) -> None:
            data = bytes(self._file.buffer_read(frames, "float32"))
            out[: len(data)] = data
            if len(data) < frames * frame:
                out[len(data) :] = b"\0" * (frames * frame - len(data))
                raise sounddevice.CallbackStop

        try:
            self._stream = sounddevice.RawOutputStream(
                self._file.samplerate,
                _BLOCK,
                channels=self._file.channels,
                dtype="float32",
                callback=fill,
                finished_callback=ended,
            )
            self._stream.start()
        except Exception as error:  # sounddevice's own error has no base that says more
            self._file.close()
            raise RuntimeError(str(error)) from error

    def close(self) -> None:
        """Stops at once."""
        self._stream.close()
        self._file.close()


class Audition(QObject):
    """One file at a time."""

    changed = Signal()
    failed = Signal(str)
    _ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player: Player | None = None
        self._url = ""
        self._ended.connect(self._over, Qt.ConnectionType.QueuedConnection)

    @Property(str, notify=changed)
    def url(self) -> str:
        """What is heard; empty while nothing is."""
        return self._url

    @Slot(str)
    def toggle(self, url: str) -> None:
        """Plays a file from its start, or stops it."""
        same = url == self._url
        self.stop()
        if same or not url:
            return
        try:
            self._player = Player(Path(QUrl(url).toLocalFile()), self._ended.emit)
        except (OSError, RuntimeError, ImportError) as error:
            self.failed.emit(f"it cannot be heard here: {' '.join(str(error).split())}; drag it into the DAW instead")
            return
        self._url = url
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Stops what is heard."""
        if self._player is not None:
            self._player.close()
            self._player = None
        if self._url:
            self._url = ""
            self.changed.emit()

    def _over(self) -> None:
        if self._player is not None and not self._player._stream.active:
            self.stop()
