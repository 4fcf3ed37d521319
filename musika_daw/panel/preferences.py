"""What this window keeps: its language, the device that was chosen, where takes and the log are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Property, QCoreApplication, QLocale, QObject, QSettings, QTranslator, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

_LANGUAGES = Path(__file__).parent / "languages"


class Preferences(QObject):
    """Kept by the system's way for settings.

    Attributes:
        engine_ended: the engine that was started with the window has ended by itself; what it said last, and whether
            it was started again.
    """

    changed = Signal()
    retranslated = Signal()
    engine_ended = Signal(str, bool)

    def __init__(self, folder: Path, log: Path | None, language: str | None, parent: QObject | None = None) -> None:
        """`language`: for this time; None: the one that was chosen, else the system's."""
        super().__init__(parent)
        self._kept = QSettings()
        self._folder, self._log = folder, log
        self._translator = QTranslator(self)
        chosen = language or str(self._kept.value("language", "")) or QLocale.system().name()
        self._language = chosen.split("_")[0].split("-")[0]
        self._translate()

    @Property(str, notify=changed)
    def language(self) -> str:
        """E.g. `de`."""
        return self._language

    @language.setter  # type: ignore[no-redef]
    def language(self, code: str) -> None:
        if code != self._language:
            self._language = code
            self._kept.setValue("language", code)
            self._translate()
            self.retranslated.emit()
            self.changed.emit()

    @Property(str, notify=changed)
    def bus(self) -> str:
        """The device that was chosen last; empty: the one that the engine began with."""
        return str(self._kept.value("bus", ""))

    @bus.setter  # type: ignore[no-redef]
    def bus(self, name: str) -> None:
        self._kept.setValue("bus", name)
        self.changed.emit()

    @Property(str, notify=changed)
    def buffer(self) -> str:
        """Its buffer in milliseconds."""
        return str(self._kept.value("buffer", "43"))

    @buffer.setter  # type: ignore[no-redef]
    def buffer(self, milliseconds: str) -> None:
        self._kept.setValue("buffer", milliseconds)
        self.changed.emit()

    @Property(str, constant=True)
    def folder(self) -> str:
        """Where takes are."""
        return str(self._folder)

    @Slot()
    def show_folder(self) -> None:
        """Shows it in the file manager."""
        there = next((p for p in (self._folder, *self._folder.parents) if p.is_dir()), Path.home())
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(there)))

    @Slot()
    def show_log(self) -> None:
        """Opens the log as the system opens texts."""
        if self._log is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log)))

    def _translate(self) -> None:
        QCoreApplication.removeTranslator(self._translator)
        self._translator = QTranslator(self)
        if self._translator.load(QLocale(self._language), "panel", "_", str(_LANGUAGES)):
            QCoreApplication.installTranslator(self._translator)
