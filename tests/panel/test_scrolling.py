"""What scrolls stays on its page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from PySide6.QtQuick import QQuickItem

from musika_daw.panel.window import Window
from tests.panel.conftest import Wait, root_of

PAGES = {"effects": 1, "all controls": 2, "settings": 3}


def scrolling(item: QQuickItem) -> QQuickItem | None:
    """The first thing below an item that scrolls upwards and downwards."""
    if item.property("contentY") is not None and item.property("contentHeight") > item.height():
        return item
    return next((found for child in item.childItems() if (found := scrolling(child))), None)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_drawn_below_a_page(page: str, window: Window, wait: Wait) -> None:
    root = root_of(window)
    root.resize(1024, 700)
    pages = root.findChild(QObject, "pages")
    assert isinstance(pages, QQuickItem)
    pages.setProperty("currentIndex", PAGES[page])
    wait(lambda: bool(window.effects.effects("bass")))
    window.link.received.emit("/musika/stem/bass/effects", ("LowpassFilter; cutoff_hz 20 20000",) * 9)
    wait(lambda: scrolling(pages.childItems()[PAGES[page]]) is not None)
    view = scrolling(pages.childItems()[PAGES[page]])
    assert view is not None
    edge = round(pages.mapToScene(pages.boundingRect().bottomLeft()).y())
    for share in range(8):  # a shape or another lies across the edge
        view.setProperty("contentY", (view.property("contentHeight") - view.height()) * share / 8)
        picture = root.grabWindow()
        below = picture.copy(0, round((edge + 2) * picture.devicePixelRatio()), picture.width(), 3)
        colours = {below.pixelColor(x, 1).name() for x in range(below.width())}
        assert len(colours) == 1, f"{colours} at {share}/8"
