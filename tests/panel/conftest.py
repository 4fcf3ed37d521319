"""A real window, drawn off screen, before a real OSC server with an instrument that plays nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip(
    "PySide6.QtQml",
    reason="the window needs PySide6 (pip install 'musika-daw[panel]') and the libraries of Qt (Debian: libegl1)",
    exc_type=ImportError,
)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow
from PySide6.QtQuickControls2 import QQuickStyle

from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.panel.window import Window, WindowSettings
from tests.support.memory_instrument import MemoryInstrument

Wait = Callable[..., None]


def root_of(window: Window) -> QQuickWindow:
    """The window itself, with the keys and without the tour."""
    (root,) = window.qml.rootObjects()
    assert isinstance(root, QQuickWindow)
    tour = root.findChild(QObject, "tour")
    assert tour is not None
    tour.setProperty("visible", False)
    root.requestActivate()
    return root


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> QGuiApplication:
    QSettings.setPath(
        QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path_factory.mktemp("settings"))
    )
    QQuickStyle.setStyle("Basic")
    application = QGuiApplication.instance() or QGuiApplication([])
    assert isinstance(application, QGuiApplication)
    application.setOrganizationName("Musika DAW test")
    application.setApplicationName("Musika DAW test")
    return application


@pytest.fixture
def wait(application: QGuiApplication) -> Wait:
    """Lets the window work until something holds."""

    def until(holds: Callable[[], bool], about: str = "it") -> None:
        end = time.monotonic() + 15.0
        while not holds():
            assert time.monotonic() < end, f"{about} did not happen within 15 s"
            application.processEvents()
            time.sleep(0.005)

    return until


@pytest.fixture
def instrument() -> MemoryInstrument:
    return MemoryInstrument()


@pytest.fixture
def control(instrument: MemoryInstrument) -> Iterator[ControlThread]:
    with ControlThread(instrument, ControlSettings(port=0, query=False, announce=False)) as control:
        yield control


@pytest.fixture
def window(control: ControlThread, tmp_path: Path, wait: Wait) -> Iterator[Window]:
    window = Window(WindowSettings(port=control.osc_port, takes=tmp_path / "Musika"))
    complaints: list[str] = []
    window.qml.warnings.connect(lambda errors: complaints.extend(error.toString() for error in errors))
    wait(lambda: window.link.connected and len(window.controls.stems) == 4)
    yield window
    window.close()
    assert complaints == []
