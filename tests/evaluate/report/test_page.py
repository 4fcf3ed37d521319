"""The page is well formed, whole in itself, and says what it cannot show."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from musika_daw.evaluate.report.findings import Findings
from musika_daw.evaluate.report.page import page
from musika_daw.evaluate.report.tables import number

VOID = {"meta", "link", "img", "br", "hr"}


class Reader(HTMLParser):
    """Refuses what is not closed in the order it was opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, attribute: str) -> list[str]:
        return [value for _, given in self.elements if (value := given.get(attribute)) is not None]


@pytest.fixture(scope="module")
def text(report_folder: Path) -> str:
    return (report_folder / "index.html").read_text(encoding="utf-8")


def test_it_is_well_formed(text: str) -> None:
    reader = Reader(text)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    ids = reader.values("id")
    assert len(ids) == len(set(ids))
    assert [tag for tag, _ in reader.elements].count("h1") == 1


def test_every_link_leads_somewhere_in_the_folder(text: str, report_folder: Path) -> None:
    reader = Reader(text)
    places = reader.values("src") + reader.values("href")
    assert {place.partition("/")[0] for place in places if "/" in place} == {"audio", "pictures"}
    for place in places:
        if place.startswith("#"):
            assert place[1:] in reader.values("id")
        elif place != "data:,":
            assert (report_folder / place).is_file(), place


def test_nothing_is_loaded_from_elsewhere(text: str) -> None:
    assert not re.search(r"https?:|//[a-z]|url\(|@import", text)


def test_pictures_and_players_can_be_read_aloud(text: str) -> None:
    for tag, given in Reader(text).elements:
        if tag == "img":
            assert given["alt"]
        if tag == "audio":
            assert given["aria-label"]


def test_names_are_text_and_no_markup(text: str) -> None:
    assert "a &lt;model&gt; &amp; more" in text and "<model>" not in text
    assert "how &lt;Listener&gt; &amp; co. hear" in text


def test_the_papers_figures_stand_beside_ours(text: str) -> None:
    for printed in ("2.584", "5.434", "2.150", "972×", "40×", "RTX 2080 Ti"):
        assert printed in text
    assert "120.0 bpm, 119.9 bpm" in text and "no beat, 106.7 bpm" in text and "2 of 2" in text


def test_a_page_of_a_model_that_knows_nothing(poor_findings: Findings) -> None:
    text = page(poor_findings)
    Reader(text)
    assert "does not know density" in text and "Stem by stem" not in text
    assert "this was a trial" not in text
    assert "had 40% of a core" in text and "its beats and moves them" in text
    figures = json.loads(json.dumps(poor_findings.to_json(), allow_nan=False))
    assert figures["tempo"][1]["heard_bpm"] == [None, 106.7] and figures["density"]["rho_of_songs"] is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.01234, "0.0123"), (1.5, "1.50"), (12.34, "12.3"), (123.4, "123"), (0.0, "0"), (float("nan"), "–")],
)
def test_numbers_have_three_digits(value: float, shown: str) -> None:
    assert number(value) == shown
