"""The window: models under their names in QML, and the QML that shows them."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QGuiApplication, QIcon, QWindow
from PySide6.QtQml import QQmlApplicationEngine

from musika_daw.controls.colours import STEM_COLOURS
from musika_daw.panel.audition import Audition
from musika_daw.panel.controls_model import ControlsModel
from musika_daw.panel.effects_model import EffectsModel
from musika_daw.panel.engine_link import EngineLink
from musika_daw.panel.engine_state import EngineState
from musika_daw.panel.harmony import Harmony
from musika_daw.panel.keyboard import Keyboard
from musika_daw.panel.meters import Meters
from musika_daw.panel.names import NameList
from musika_daw.panel.preferences import PROGRAM, Preferences, engine_options, engine_port, scale_factor
from musika_daw.panel.roll import Roll
from musika_daw.panel.screen import screen_problem
from musika_daw.panel.single_instance import FirstInstance, raise_first, server_name
from musika_daw.panel.splices import Splices
from musika_daw.panel.takes_model import TakesModel
from musika_daw.panel.transport import Transport

__all__ = [
    "Window",
    "WindowSettings",
    "engine_options",
    "engine_port",
    "raise_first",
    "run",
    "screen_problem",
    "server_name",
    "software_rendering",
]

_FOLDER = Path(__file__).parent
_LISTS = {
    "presets": "/musika/preset/list",
    "styles": "/musika/style/list",
    "scenes": "/musika/scene/list",
    "effectList": "/musika/effect/list",
    "models": "/musika/model/list",
    "devices": "/musika/bus/list",
    "midiIn": "/musika/midi/in",
    "midiInputs": "/musika/midi/in/list",
    "midiOutputs": "/musika/midi/out/list",
    "midiMaps": "/musika/midi/map/list",
}


@dataclass(frozen=True)
class WindowSettings:
    """Which engine to show, and where its takes are.

    Attributes:
        takes: folder of the takes, if it is on this computer.
        language: e.g. `de`; None: the system's, or the one that was chosen.
        project_given: whether the project folder was named at the start: it comes before the one that was kept.
        log: file that the engine's words go to, if it is on this computer.
    """

    host: str = "127.0.0.1"
    port: int = 7771
    takes: Path = Path()
    language: str | None = None
    log: Path | None = None
    project_given: bool = False


class Window(QObject):
    """Everything that lives as long as the window."""

    def __init__(self, settings: WindowSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preferences = Preferences(settings.log, settings.language, self)
        self.link = EngineLink(settings.host, settings.port, self)
        self.controls = ControlsModel(self.link, self)
        self.transport = Transport(self.link, self.controls, self)
        self.state = EngineState(self.link, self)
        self.meters = Meters(self.link, self)
        self.roll = Roll(self.link, self)
        self.effects = EffectsModel(self.link, self.controls, self)
        self.keyboard = Keyboard(self.link, self)
        self.takes = TakesModel(settings.takes, self)
        self.audition = Audition(self)
        self.state.project_changed.connect(self._follow_project)
        self.audition.failed.connect(self.state.tell)
        self._here = settings.log is not None or settings.host in ("127.0.0.1", "localhost")
        self._asked_project = settings.project_given
        self.qml = QQmlApplicationEngine(self)
        self.preferences.retranslated.connect(self.qml.retranslate)
        for name, model in self._models().items():
            self.qml.rootContext().setContextProperty(name, model)
        self.qml.addImportPath(str(_FOLDER / "qml"))
        self.qml.load(QUrl.fromLocalFile(str(_FOLDER / "qml" / "Main.qml")))
        if not self.qml.rootObjects():
            raise RuntimeError("the window could not be made: its QML files are missing or damaged")
        self.link.connected_changed.connect(self._first_words)

    def _models(self) -> dict[str, object]:
        """Everything that QML shows, by the names that it has there."""
        return {
            "preferences": self.preferences,
            "link": self.link,
            "controls": self.controls,
            "transport": self.transport,
            "engine": self.state,
            "meters": self.meters,
            "roll": self.roll,
            "takes": self.takes,
            "audition": self.audition,
            "effects": self.effects,
            "keyboard": self.keyboard,
            "splices": Splices(self.link, self.controls, self.transport, self),
            "harmony": Harmony(self),
            "stemColours": dict(STEM_COLOURS),
            "qtScale": os.environ.get("QT_SCALE_FACTOR", "1"),
            "softwareDrawn": os.environ.get("QT_QUICK_BACKEND") == "software",
            **{name: NameList(self.link, address, self) for name, address in _LISTS.items()},
        }

    def _first_words(self) -> None:
        """What an engine is asked when it is found, and where ours is told to play if a device was chosen."""
        if self.link.connected:
            self.link.request("/musika/record")
            if self.preferences.own_engine:
                self._as_kept()

    def _as_kept(self) -> None:
        """Device and project folder as they were chosen last."""
        if text := self.preferences.bus_text():
            self.link.send("/musika/bus", [text])
        project = self.preferences.value("project")
        if project and not self._asked_project:
            self.link.send("/musika/project", [project])

    def _follow_project(self) -> None:
        """Shows the takes of the engine's project, where it is on this computer."""
        if self._here:
            self.takes.show_folder(Path(self.state.takes_folder()))

    def to_front(self) -> None:
        """Raises the window above others."""
        for root in self.qml.rootObjects():
            if isinstance(root, QWindow):
                root.show()
                root.raise_()
                root.requestActivate()

    def close(self) -> None:
        """Takes the window down before the models that it shows, and lets go of the engine."""
        self.audition.stop()
        shiboken6.delete(self.qml)
        self.link.close()


def run(settings: WindowSettings, shown: Callable[[Window], None] = lambda _window: None) -> int:
    """Shows the window until it is closed; returns the exit code. `shown` gets it when it is there."""
    os.environ["QT_QUICK_CONTROLS_STYLE"] = "Basic"  # by name: its Python module loads 10 MB
    os.environ.setdefault("QT_SCALE_FACTOR", scale_factor())
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    assert isinstance(application, QGuiApplication)
    application.setOrganizationName(PROGRAM)
    application.setApplicationName(PROGRAM)
    application.setDesktopFileName("musika-daw")
    application.setWindowIcon(QIcon(str(_FOLDER / "qml" / "icon.svg")))
    name = server_name(settings.port)
    if raise_first(name):
        return 0
    window = Window(settings)
    shown(window)
    first = FirstInstance(name, window.to_front, application)
    # Python sees signals only while it runs: the timer lets it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: application.exit(0))  # `quit` would ask the window
    heartbeat = QTimer(interval=200)
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
    code = application.exec()
    first.deleteLater()
    window.close()
    return int(code)


def software_rendering() -> None:
    """Draws without a graphics card, where there is none; before the application is made."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
