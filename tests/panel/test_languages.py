"""Every text of the window is translated, and the compiled translation is that of its source."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

PANEL = Path(__file__).parents[2] / "musika_daw" / "panel"
LANGUAGES = sorted((PANEL / "languages").glob("panel_*.ts"))


def texts_of_qml() -> set[str]:
    found: set[str] = set()
    for file in (PANEL / "qml").rglob("*.qml"):
        found.update(re.findall(r'qsTr\("((?:[^"\\]|\\.)*)"\)', file.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("source", LANGUAGES, ids=lambda path: path.stem)
def test_every_text_is_there(source: Path) -> None:
    messages = list(ET.parse(source).getroot().iter("message"))
    assert {m.findtext("source") for m in messages} == texts_of_qml()
    for message in messages:
        translation = message.find("translation")
        assert translation is not None and translation.get("type") is None and translation.text
        placeholders = [re.findall(r"%\d", text or "") for text in (message.findtext("source"), translation.text)]
        assert sorted(placeholders[0]) == sorted(placeholders[1])


@pytest.mark.parametrize("source", LANGUAGES, ids=lambda path: path.stem)
def test_the_compiled_translation_is_current(source: Path) -> None:
    core = pytest.importorskip("PySide6.QtCore", exc_type=ImportError)
    translator = core.QTranslator()
    assert translator.load(str(source.with_suffix(".qm")))
    for context in ET.parse(source).getroot().iter("context"):
        for message in context.iter("message"):
            told = translator.translate(context.findtext("name"), message.findtext("source"))
            assert told == message.findtext("translation")
