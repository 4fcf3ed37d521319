"""Parameters are made out of the book and keep their numbers."""

from __future__ import annotations

import pytest

from musika_daw.controls.book import row
from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.engine.presets.preset_file import read_preset_file
from musika_daw.engine.presets.style_file import style_names
from musika_daw.plugin.parameters import held_stems, kept_symbols, parameters, style_labels, with_parameters
from musika_daw.plugin.programs import KEPT_PROGRAMS, programs
from musika_daw.resources import presets_folder

# Saved projects hold these numbers: a line may be added at the end, none may change.
STEM_PARAMETERS = ("density", "brightness", "gain", "pan", "mute", "solo")
WHOLE = ("density", "brightness", "variation", "morph_x", "morph_y", "seed", "key")
FIRST = [
    *WHOLE,
    *(f"anchor_{corner}" for corner in "abcd"),
    "master",
    *(f"{stem}_{name}" for stem in ("drums", "bass", "chords", "lead") for name in STEM_PARAMETERS),
    *("motion", "loop_bars", "quantize"),
    *(f"{stem}_hold" for stem in ("drums", "bass", "chords", "lead")),
]
FIRST_STYLES = ["warehouse", "tunnel", "echo_chamber", "circuit", "anvil", "aurora", "broken_glass", "fathom", "pebble"]
FIRST_STYLES += ["silver_box", "strobe", "tidal"]
FIRST_PROGRAMS = ["default", "acid_rain", "arcade", "boiler", "cathedral", "clockwork", "drum_tool", "long_tunnel"]
FIRST_PROGRAMS += ["night_bus", "piano", "rooftop"]


def values(**changed: float) -> list[float]:
    """All parameters at their defaults, but for some."""
    return [changed.get(each.symbol, each.default) for each in parameters()]


def test_numbers_are_kept() -> None:
    assert list(kept_symbols()[: len(FIRST)]) == FIRST
    assert list(style_labels()[: len(FIRST_STYLES)]) == FIRST_STYLES
    assert KEPT_PROGRAMS.read_text(encoding="utf-8").split()[: len(FIRST_PROGRAMS)] == FIRST_PROGRAMS


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


def test_hold_is_of_stems_and_the_song_does_not_depend_on_quantize() -> None:
    assert held_stems(values(bass_hold=1.0, lead_hold=1.0)) == ("bass", "lead")
    assert with_parameters(defaults(), values(bass_hold=1.0, quantize=2.0)) == defaults()
    assert with_parameters(defaults(), values(loop_bars=4.0)).get("loop_bars") == (4,)


def test_every_shipped_preset_is_a_program() -> None:
    kept = KEPT_PROGRAMS.read_text(encoding="utf-8").split()
    shipped = {path.stem for path in presets_folder().glob("*.toml")}
    assert shipped == set(kept), "add what is new to programs.txt, at its end"


@pytest.mark.parametrize("number", range(len(FIRST_PROGRAMS)))
def test_a_programs_parameters_say_what_the_preset_says(number: int) -> None:
    name, program = FIRST_PROGRAMS[number], programs()[number]
    preset = defaults().over(read_preset_file(presets_folder() / f"{name}.toml").state)
    state = with_parameters(preset, program.values)
    for stem in ("drums", "bass", "chords", "lead"):
        for control in ("density", "brightness"):
            assert state.number(control, stem) == pytest.approx(preset.number(control, stem))
    for control in ("variation", "morph", "key", "seed", "motion", "loop_bars", "anchor/a", "anchor/d"):
        assert state.get(control) == pytest.approx(preset.get(control)), control
    levels = {each.symbol: value for each, value in zip(parameters(), program.values, strict=True) if each.level}
    assert levels["bass_gain"] == preset.number("gain", "bass")
    assert levels["lead_pan"] == preset.number("pan", "lead")
