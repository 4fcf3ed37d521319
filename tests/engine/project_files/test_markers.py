"""Markers of phrases and sections."""

from __future__ import annotations

from musika_daw.engine.project_files.arrangement import Marker
from musika_daw.engine.project_files.markers import take_markers
from musika_daw.music.form import parse_form


def names(markers: tuple[Marker, ...]) -> list[tuple[float, str]]:
    return [(marker.beat, marker.name) for marker in markers]


def test_sections_are_named_where_they_begin() -> None:
    form = parse_form("intro 8, build 4, drop 16")
    assert names(take_markers([(0.0, form)], 0.0, 28 * 4.0)) == [
        (0.0, "intro, bar 1"),
        (32.0, "build, bar 9"),
        (48.0, "drop, bar 13"),
        (64.0, "bar 17"),
    ]


def test_a_form_that_is_exchanged_holds_from_then_on() -> None:
    before, after = parse_form("intro 8, drop 32"), parse_form("from bar 13: break 8, drop 8")
    assert names(take_markers([(0.0, before), (40.0, after)], 4.0, 100.0)) == [
        (4.0, "bar 2"),
        (32.0, "drop, bar 9"),
        (48.0, "break, bar 13"),
        (64.0, "bar 17"),
        (80.0, "drop, bar 21"),
    ]


def test_without_a_form_there_are_phrases() -> None:
    assert names(take_markers([(8.0, None)], 8.0, 72.0)) == [(8.0, "bar 3"), (64.0, "bar 17")]
