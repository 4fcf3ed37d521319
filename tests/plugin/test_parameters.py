"""Parameters are made out of the book and keep their numbers."""

from __future__ import annotations

import pytest

from musika_daw.controls.book import row
from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.engine.presets.style_file import style_names
from musika_daw.plugin.parameters import kept_symbols, parameters, style_labels, with_parameters

# Saved projects hold these numbers: a line may be added at the end, none may change.
STEM_PARAMETERS = ("density", "brightness", "gain", "pan", "mute", "solo")
WHOLE = ("density", "brightness", "variation", "morph_x", "morph_y", "seed", "key")
FIRST = [
    *WHOLE,
    *(f"anchor_{corner}" for corner in "abcd"),
    "master",
    *(f"{stem}_{name}" for stem in ("drums", "bass", "chords", "lead") for name in STEM_PARAMETERS),
]
FIRST_STYLES = ["warehouse", "tunnel", "echo_chamber", "circuit", "anvil", "aurora", "broken_glass", "fathom", "pebble"]
FIRST_STYLES += ["silver_box", "strobe", "tidal"]


def values(**changed: float) -> list[float]:
    """All parameters at their defaults, but for some."""
    return [changed.get(each.symbol, each.default) for each in parameters()]


def test_numbers_are_kept() -> None:
    assert list(kept_symbols()[: len(FIRST)]) == FIRST
    assert list(style_labels()[: len(FIRST_STYLES)]) == FIRST_STYLES


def test_what_is_new_in_the_book_is_kept_from_now_on() -> None:
    assert tuple(each.symbol for each in parameters()) == kept_symbols(), (
        "add what is new to parameters.txt, at its end"
    )


def test_every_style_can_be_chosen() -> None:
    assert set(style_names()) == set(style_labels()), "add what is new to styles.txt, at its end"


def test_ranges_and_defaults_are_those_of_the_book() -> None:
    (field,) = row("gain").needed
    gain = next(each for each in parameters() if each.symbol == "bass_gain")
    assert (gain.low, gain.high, gain.default, gain.unit) == (field.low, field.high, field.default, field.unit)
    assert next(each for each in parameters() if each.symbol == "density").default == row("density").needed[0].default


def test_untouched_parameters_leave_the_song_as_it_is_by_default() -> None:
    state = with_parameters(defaults(), values())
    assert state == defaults()


def test_a_stems_offset_is_added_to_the_whole() -> None:
    state = with_parameters(defaults(), values(density=0.5, bass_density=0.25, lead_density=-0.9))
    found = {stem: state.number("density", stem) for stem in ("drums", "bass", "lead")}
    assert found == pytest.approx({"drums": 0.5, "bass": 0.75, "lead": 0.0})


def test_lists_are_texts() -> None:
    state = with_parameters(defaults(), values(key=10.0, anchor_b=4.0, seed=77.0))
    assert (state.text("key"), state.text("anchor/b"), state.get("seed")) == ("Am", "anvil", (77,))


def test_what_the_project_holds_more_exactly_than_a_knob_stays() -> None:
    given = settings(seed=123456789, key="D dorian", anchor_a="424242")
    state = with_parameters(defaults().over(given), values())
    assert (state.get("seed"), state.text("key"), state.text("anchor/a")) == ((123456789,), "D dorian", "424242")


def test_levels_are_not_the_songs() -> None:
    assert with_parameters(ControlState(), values(bass_gain=-12.0)).own("gain", "bass") is None
