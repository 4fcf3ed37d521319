"""What this window keeps: its language, the device that was chosen, how the engine is started, where the log is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Property, QCoreApplication, QLocale, QObject, QSettings, QTranslator, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from osc_protocol.table import DEFAULT_PORT

PROGRAM = "Musika DAW"
"""The system keeps settings under this name."""

_LANGUAGES = Path(__file__).parent / "languages"
_WITHOUT_RATE = ("jack", "null", "")
_OWN = "own"  # rate of a device, or its channels: as they are
_DEFAULTS = {
    "bus": "",
    "buffer": "43",
    "rate": _OWN,
    "channels": _OWN,
    "port": str(DEFAULT_PORT),
    "network": "",
    "scale": "1",
    "model": "",
    "project": "",
}


def engine_port() -> int:
    """The port that the engine beside the window is to listen on."""
    port = str(_settings().value("port", ""))
    return int(port) if port.isdigit() and 0 < int(port) < 65536 else DEFAULT_PORT


def engine_options() -> list[str]:
    """What the engine beside the window is started with, beyond port and project."""
    kept = _settings()
    network = str(kept.value("network", "")) == "yes"
    model = str(kept.value("model", ""))
    return [*(["--osc-host", "0.0.0.0"] if network else []), *(["--model", model] if model else [])]  # noqa: S104


def scale_factor() -> str:
    """How large everything is, beside what the system sets: 1 to 2.5."""
    scale = str(_settings().value("scale", _DEFAULTS["scale"]))
    return scale if scale in ("1.25", "1.5", "2", "2.5") else "1"


def _settings() -> QSettings:
    return QSettings() if QCoreApplication.organizationName() else QSettings(PROGRAM, PROGRAM)


class Preferences(QObject):
    """Kept by the system's way for settings.

    Attributes:
        engine_ended: the engine that was started with the window has ended by itself; what it said last, and whether
            it was started again.
        engine_wished: the engine beside the window is to be started again, with what is set now.
    """

    changed = Signal()
    retranslated = Signal()
    engine_ended = Signal(str, bool)
    engine_wished = Signal()

    def __init__(self, log: Path | None, language: str | None, parent: QObject | None = None) -> None:
        """`language`: for this time; None: the one that was chosen, else the system's. `log`: of our own engine."""
        super().__init__(parent)
        self._kept = QSettings()
        self._log = log
        self._translator = QTranslator(self)
        chosen = language or str(self._kept.value("language", "")) or QLocale.system().name()
        self._language = chosen.split("_")[0].split("-")[0]
        self._translate()

    @Property(bool, constant=True)
    def own_engine(self) -> bool:
        """Whether the engine was started with this window."""
        return self._log is not None

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

    @Property("QVariantMap", notify=changed)  # type: ignore[arg-type]
    def kept(self) -> dict[str, str]:
        """What was chosen: `bus`, its `buffer` in ms, `rate` and `channels`, `port`, `network`, `model`,
        `project`, and the `scale` of the window."""
        return {name: self.value(name) for name in _DEFAULTS}

    def value(self, name: str) -> str:
        """One of them."""
        return str(self._kept.value(name, _DEFAULTS[name]))

    @Slot(str, str)
    def keep(self, name: str, value: str) -> None:
        """Chooses one of them."""
        self._kept.setValue(name, value)
        self.changed.emit()

    @Slot(result=str)
    def bus_text(self) -> str:
        """The device as an engine is told it; empty: none was chosen."""
        bus, rate, channels = self.value("bus"), self.value("rate"), self.value("channels")
        if not bus:
            return ""
        of_rate = f",rate={rate}" if rate != _OWN and bus not in _WITHOUT_RATE else ""
        of_channels = f",map={channels}" if channels != _OWN else ""
        return f"{bus},latency={self.value('buffer')}{of_rate}{of_channels}"

    @Slot(str, result=str)
    def local_path(self, url: str) -> str:
        """The path of something that was dropped."""
        return QUrl(url).toLocalFile()

    @Slot(str, result=str)
    def url_of(self, folder: str) -> str:
        """Where a dialog begins: in a folder, or the nearest one above it that is there."""
        return QUrl.fromLocalFile(str(_there(folder))).toString()

    @Slot(str)
    def show_folder(self, folder: str) -> None:
        """Shows a folder in the file manager, or the nearest one above it that is there."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(_there(folder))))

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


def _there(folder: str) -> Path:
    path = Path(folder)
    return next((p for p in (path, *path.parents) if folder and p.is_dir()), Path.home())
