"""Motion and form: what moves by itself, and what sections do, as functions of song position."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from musika_daw.engine.own.automation import Automation
from musika_daw.engine.own.looping import Loop
from musika_daw.engine.own.motion import Motion
from musika_daw.engine.own.sections import PROFILES
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.errors import UserError
from musika_daw.music.form import KINDS, Form, Section, parse_form
from musika_daw.music.notes import DRUM_PITCHES, STEMS, Note
from musika_daw.music.tempo_map import constant_tempo

FREE = Loop(7, 16, 0.15)
"""Of a song as varied as songs are by default: motion never returns."""

WHOLE = "intro 8, build 8, drop 32, break 16, drop 32, outro 8"


def score(motion: float = 0.0, form: str = "off", density: float = 0.6, seed: int = 3) -> Score:
    curves = {stem: constant(density) for stem in STEMS}
    made = Score(seed, constant_tempo(128.0), StyleCurve(((0.0, "warehouse"),)), curves, curves)
    return dataclasses.replace(made, motion=motion, form=parse_form(form))


def test_without_motion_and_form_the_controls_are_as_they_are_set() -> None:
    still = Automation(score())
    for beat in (0.0, 3.9, 77.25):
        assert still.density("bass", beat) == still.brightness("bass", beat) == 0.6
    notes = [Note(0.0, 0.25, 36, 0.8)]
    assert still.played("drums", 0, notes) is notes


def test_motion_moves_around_what_is_asked_and_stays_in_range() -> None:
    bars = np.arange(256) * 4.0
    for amount in (0.3, 1.0):
        motion = Motion(7, amount, FREE)
        moved = np.array([motion.density("lead", beat, 0.6) for beat in bars])
        sounding = moved[moved > 0]
        assert sounding.min() > 0 and sounding.max() <= 1
        assert abs(sounding.mean() - (0.6 - 0.05 * amount)) < 0.06
        assert np.ptp(sounding) > 0.7 * amount
        bright = np.array([motion.brightness("lead", beat, 0.5) for beat in np.arange(0, 256, 0.25)])
        assert np.abs(np.diff(bright)).max() <= 0.0625 * amount + 1e-9, "it glides from bar line to bar line"
    assert Motion(7, 1.0, FREE).density("bass", 0.0, 0.0) == 0.0, "what is silent stays silent"
    drums = [Motion(7, 1.0, FREE).density("drums", beat, 0.6) for beat in bars]
    assert min(drums) > 0.2, "the beat goes on"


def test_motion_belongs_to_seed_stem_and_place() -> None:
    there = [Motion(5, 0.8, FREE).brightness("chords", 130.0, 0.5) for _ in range(2)]
    assert there[0] == there[1] != Motion(6, 0.8, FREE).brightness("chords", 130.0, 0.5)
    assert there[0] != Motion(5, 0.8, FREE).brightness("lead", 130.0, 0.5)


def test_a_form_is_read_and_written() -> None:
    form = parse_form(WHOLE)
    assert form is not None and form.end_bar == 104 and str(form) == WHOLE
    assert [form.at(bar).kind for bar in (0, 8, 47, 48, 103)] == ["intro", "build", "drop", "break", "outro"]  # type: ignore[union-attr]
    assert form.at(104) is None and form.is_over(104) and not form.is_over(103)
    assert parse_form("off") is None
    later = parse_form(" From bar 33 : Break 16 bars, drop")
    assert later == Form((Section("break", 32, 16), Section("drop", 48, 0)))
    assert str(later) == "from 33: break 16, drop" and later.end_bar is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("intro 8, brek 4", "did you mean break"),
        ("intro 0", "out of range"),
        ("drop, outro 8", "has no length"),
        ("intro 8, from 4: drop", "expected from 9"),
        ("intro eight", "is no section"),
        ("drop 4000, drop 4000", "too long"),
        ("intro 8,", "is no section"),
    ],
)
def test_what_is_no_form_is_told_in_one_line(text: str, told: str) -> None:
    with pytest.raises(UserError, match=told) as error:
        parse_form(text)
    assert "\n" not in str(error.value)


def test_sections_can_follow_from_any_bar_on() -> None:
    form = parse_form(WHOLE)
    assert form is not None
    assert str(form.then(20, [("break", 8), ("drop", 0)])) == "intro 8, build 8, drop 4, break 8, drop"
    assert str(form.since(16)) == "from 17: drop 32, break 16, drop 32, outro 8"
    assert form.since(500).is_over(500)
    assert str(Form((Section("break", 4, 0),)).then(8, [("drop", 16)])) == "from 5: break 4, drop 16"


def test_a_fill_lies_over_a_section_that_goes_on() -> None:
    form = parse_form("drop 16, break, from 5: fill 1")
    assert form is not None and str(form.with_fill(20)) == "drop 16, break, from 5: fill 1, from 21: fill 1"
    assert [form.at(bar).kind for bar in (3, 4, 5, 30)] == ["drop", "fill", "drop", "break"]  # type: ignore[union-attr]
    assert str(Form().with_fill(2)) == "from 3: fill 1" and parse_form("from 3: fill 1") == Form().with_fill(2)
    assert str(form.since(10)) == "drop 16, break" and str(Form()) == "off"


def test_every_kind_has_a_profile() -> None:
    assert set(PROFILES) == set(KINDS)


def test_sections_let_stems_in_and_out() -> None:
    song = Automation(score(form=WHOLE))

    def sounding(bar: int) -> set[str]:
        return {stem for stem in STEMS if song.density(stem, 4.0 * bar) > 0}

    assert sounding(0) == {"drums"} and sounding(4) == {"drums", "bass"}
    assert sounding(20) == set(STEMS)
    assert sounding(50) == {"drums", "chords", "lead"}
    assert sounding(14) == {"drums", "chords", "lead"}, "the bass waits for the drop"
    assert sounding(104) == set()
    assert song.brightness("lead", 4.0 * 15.9) > song.brightness("lead", 4.0 * 8) + 0.4, "a build opens up"
    assert song.density("drums", 4.0 * 20) > 0.6


def test_a_note_ends_where_its_stem_falls_silent() -> None:
    song = Automation(score(form="drop 4, break 4"))
    (note,) = song.played("bass", 2, [Note(10.0, 16.0, 36, 0.8)])
    assert note == Note(10.0, 6.0, 36, 0.8)
    held = [Note(10.0, 16.0, 60, 0.8)]
    assert song.played("lead", 2, held) == held


def kicks(notes: list[Note]) -> int:
    return sum(note.pitch == DRUM_PITCHES["kick"] for note in notes)


def test_the_drums_lead_from_one_section_to_the_next() -> None:
    song = Automation(score(form=WHOLE))

    def bar(number: int) -> list[Note]:
        plain = [Note(4.0 * number + beat, 0.25, DRUM_PITCHES["kick"], 0.9) for beat in range(4)]
        hats = [Note(4.0 * number + beat + 0.5, 0.25, DRUM_PITCHES["closed_hat"], 0.6) for beat in range(4)]
        return list(song.played("drums", number, sorted(plain + hats, key=lambda n: n.start_beat)))

    snares = [sum(n.pitch == DRUM_PITCHES["snare"] for n in bar(number)) for number in range(8, 16)]
    assert snares[:4] == [0, 0, 0, 0] and snares[4:] == sorted(snares[4:]) and snares[-1] == 16
    assert kicks(bar(15)) == 0 and kicks(bar(14)) == 4, "the last bar of a build holds its breath"
    assert kicks(bar(16)) == 4 and len(bar(16)) == 8
    assert kicks(bar(48)) == 0 and len(bar(48)) == 4, "a break keeps the hats"
    assert len(bar(23)) != 8, "a fill every eight bars"
    for number in range(104):
        made = bar(number)
        assert made == sorted(made, key=lambda n: n.start_beat)
        assert all(4.0 * number <= n.start_beat < 4.0 * (number + 1) and 0 < n.strength <= 1 for n in made)
