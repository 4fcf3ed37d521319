"""Makes the pictures of the tour from the real window before a real generator: `python docs/tour/pictures.py`.

Nothing is heard, and no screen is needed. `--sizes` makes the front in small, large and scaled instead, to look at.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import QObject, QPoint, QSettings, Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtQuickControls2 import QQuickStyle
from PySide6.QtTest import QTest

from musika_daw.app.engine_process import EngineProcess, free_port
from musika_daw.panel.window import Window, WindowSettings

HERE = Path(__file__).parent
_PATIENCE_SECONDS = 180.0


class Studio:
    """A window and the generator beside it, and a hand that works them."""

    def __init__(self, application: QGuiApplication, project: Path) -> None:
        port = free_port(7790)
        self._application = application
        self.engine = EngineProcess(port, project)
        self.window = Window(WindowSettings(port=port, takes=project / "Musika", language="en"))
        (root,) = self.window.qml.rootObjects()
        assert isinstance(root, QQuickWindow)
        self.root = root

    def wait(self, seconds: float) -> None:
        """Lets the window work."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    def until(self, holds: Callable[[], bool]) -> None:
        """Lets the window work until something holds."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < end, "it never came"
            self._application.processEvents()
            time.sleep(0.01)

    def move(self, control: str, *values: object) -> None:
        """Moves a control as the window does."""
        item = self.window.controls.item(control)
        assert item is not None
        item.move(list(values))

    def click(self, name: str, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Clicks what has this name."""
        item = next(item for item in _items(self.root.contentItem()) if item.objectName() == name)
        at = item.mapToScene(item.boundingRect().center())
        QTest.mouseClick(self.root, button, Qt.KeyboardModifier.NoModifier, QPoint(round(at.x()), round(at.y())))

    def picture(self, name: str, folder: Path = HERE) -> None:
        """Saves the window as it looks now."""
        self.wait(0.6)
        self.root.grabWindow().save(str(folder / f"{name}.png"))

    def play(self) -> None:
        """Until the rolls are full."""
        tour = self.root.findChild(QObject, "tour")
        assert tour is not None
        tour.setProperty("visible", False)
        self.until(lambda: bool(self.window.link.connected))
        self.window.transport.toggle()
        self.until(lambda: self.window.transport.position() > 9 and len(self.window.roll.notes("bass")) > 20)

    def close(self) -> None:
        self.window.close()
        self.engine.close()


def _items(item: QQuickItem) -> Iterator[QQuickItem]:
    """An item and everything in it: what a list makes is no child in the sense of `findChild`."""
    yield item
    for child in item.childItems():
        yield from _items(child)


def tour(studio: Studio) -> None:
    """The pictures of the page."""
    studio.picture("first_start")
    studio.play()
    studio.move("morph", 0.62, 0.3)
    studio.wait(1.0)
    studio.move("morph", 0.45, 0.4)
    studio.move("chords", "Am F C G")
    studio.wait(4.0)
    studio.window.transport.record()
    studio.wait(9.0)
    studio.window.transport.record()
    studio.until(lambda: studio.window.takes.rowCount() > 0)
    studio.click("scene 1")
    studio.move("density", 0.55)
    studio.wait(1.5)
    studio.picture("front")
    for page, name in ((1, "effects"), (2, "all_controls"), (3, "settings")):
        studio.click(f"page {page}")
        studio.picture(name)


def sizes(studio: Studio, folder: Path) -> None:
    """The front as it looks elsewhere, to be looked at."""
    studio.play()
    for width, height in ((1024, 700), (1920, 1080), (3840, 2160)):
        studio.root.resize(width, height)
        studio.picture(f"front_{width}", folder)
    studio.root.resize(1024, 700)
    studio.window.preferences.language = "de"
    studio.picture("front_german", folder)
    studio.click("page 3")
    studio.picture("settings_german", folder)
    studio.window.preferences.language = "en"


def main() -> None:
    QQuickStyle.setStyle("Basic")
    application = QGuiApplication(sys.argv[:1])
    application.setFont(QFont("DejaVu Sans"))
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        application.setOrganizationName("Musika DAW pictures")
        studio = Studio(application, Path(folder) / "Song")
        try:
            if "--sizes" in sys.argv:
                sizes(studio, Path(sys.argv[-1]))
            else:
                tour(studio)
        finally:
            studio.close()


if __name__ == "__main__":
    main()
