"""Everything that keys reach has a name for screen readers and shows that it is reached."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtQml import QQmlProperty, qmlContext
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from musika_daw.panel.window import Window
from tests.panel.conftest import Wait, root_of

PAGES = 4
MOST = 250  # tabs until the first control comes again


def name_of(item: QQuickItem) -> str:
    return str(QQmlProperty(item, "Accessible.name", qmlContext(item)).read() or "")


def around(window: QQuickWindow, item: QQuickItem) -> QImage:
    """The picture of an item, with what lies just around it."""
    at = item.mapRectToScene(item.boundingRect()).toAlignedRect().adjusted(-3, -3, 3, 3)
    return window.grabWindow().copy(at)


@pytest.mark.parametrize("page", range(PAGES))
def test_tab_reaches_named_controls_and_shows_where(page: int, window: Window, wait: Wait) -> None:
    root = root_of(window)
    pages = root.findChild(QObject, "pages")
    assert pages is not None
    pages.setProperty("currentIndex", page)
    wait(lambda: bool(window.effects.effects("bass")))
    names: list[str] = []
    first: QQuickItem | None = None
    before: tuple[QQuickItem, QImage] | None = None
    for place in range(MOST):
        QTest.keyClick(root, Qt.Key.Key_Tab)
        if before is not None:
            item, with_focus = before
            assert around(root, item) != with_focus, f"{names[-1]} does not show that it has the keys"
        item = root.activeFocusItem()
        if item is None or item == first:
            break
        first = first or item
        names.append(name_of(item))
        assert names[-1], f"{item.metaObject().className()} {item.property('text')} after {names[-2:]}"
        before = (item, around(root, item)) if place % 7 == 0 else None
    assert len(names) > 15
