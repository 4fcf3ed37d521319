"""Keys and chords as people write them."""

from __future__ import annotations

import pytest

from musika_daw.errors import UsageError
from musika_daw.music.grid import GridNote
from musika_daw.music.harmony import (
    Chord,
    fit_key,
    harmony_step,
    key_contradiction,
    parse_chord,
    parse_chords,
    parse_key,
    voice_chord,
)
from musika_daw.music.realize import realize


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Am", ("Am", "am", "A min", "Amin", "A minor", "A-minor", "a moll", "A_min", " A  m ", "8A", "A aeolian")),
        ("C", ("C", "c", "C maj", "Cmajor", "CM", "C dur", "8B", "8b")),
        ("F#m", ("F#m", "f♯ minor", "Gb min", "11A")),
        ("D dorian", ("D dorian", "Ddorian", "d DORIAN", "D dor", "D-dorian")),
        ("A# mixolydian", ("Bb mixolydian", "B♭ mix")),
    ],
)
def test_keys(name: str, texts: tuple[str, ...]) -> None:
    assert [str(parse_key(text)) for text in texts] == [name] * len(texts)


def test_the_wheel_goes_up_in_fifths() -> None:
    minor = [parse_key(f"{number}A") for number in range(1, 13)]
    assert [key.tonic for key in minor if key] == [(8 + 7 * i) % 12 for i in range(12)]
    for number in range(1, 13):
        a, b = parse_key(f"{number}A"), parse_key(f"{number}B")
        assert a and b and set(a.scale) == set(b.scale)


@pytest.mark.parametrize("text", ["", "H", "Amx", "A lydian", "0A", "13B", "C##", "Am Bm", "A" * 500])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a key: .*expected e.g. Am"):
        parse_key(text)


def test_a_mode_that_is_nearly_one() -> None:
    with pytest.raises(UsageError, match=r"did you mean mixolydian\?"):
        parse_key("G myxolidian")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Am F C G", "Am F C G"),
        ("Am7 | F | C/E | G9", "Am7 F C/E G9"),
        ("Am, F, C, G", "Am F C G"),
        ("Am,F,C,G", "Am F C G"),
        ("Am-F-C-G", "Am F C G"),
        ("am-f#m-c", "Am F#m C"),
        ("Am - F – C — G", "Am F C G"),
        ("Am -> F → C", "Am F C"),
        ("| Am F | C | % |", "Am:2 F:2 C C"),
        ("||: Am F C G | E7 :||", "Am:1 F:1 C:1 G:1 E7"),
        ("Am F C | G", "Am:2 F:1 C:1 G"),
        ("Am:3 F | G", "Am:3 F:1 G"),
        ("Am:2,E7:2", "Am:2 E7:2"),
        ("A min F maj7 B dim", "Am Fmaj7 Bdim"),
        ("C-7 A- F-", "Cm7 Am Fm"),
        ("Am N.C. NC n.c.:2", "Am N.C. N.C. N.C.:2"),
        ("CM7 CMaj7 Cmaj Cj7 C△7 CΔ", "Cmaj7 Cmaj7 C Cmaj7 Cmaj7 Cmaj7"),
        ("Cmin7 CMIN7 C-maj7 Cm(maj7) Cø Cm7(b5) C°7 C+ C+7", "Cm7 Cm7 Cmmaj7 Cmmaj7 Cm7b5 Cm7b5 Cdim7 Caug Caug7"),
        ("Csus C2 C6/9 C7(b9) C7#9 C13 Cdom7 C7sus", "Csus4 Cadd9 C69 C7b9 C7#9 C13 C7 C7sus4"),
        ("B♭/D F♯m7/C♯", "Bb/D F#m7/C#"),
    ],
)
def test_chords(text: str, wanted: str) -> None:
    track = parse_chords(text)
    assert str(track) == wanted
    assert str(parse_chords(str(track))) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Am Xyz", "chord 'Xyz' is not known"),
        ("Csus44", r"did you mean sus4\?"),
        ("", "no chords given"),
        ("| |", "no chords given"),
        ("Am F C G E | Am", "more chords than beats"),
        ("Am:65", "whole beats from 1 to 64"),
        ("Am:0 F", "whole beats from 1 to 64"),
        ("Am " * 1001, "more than 1000 chords"),
        ("Am/", "chord 'Am/' is not known"),
        ("A" * 10_000, "is not known"),
    ],
)
def test_what_is_no_harmony_is_refused_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        parse_chords(text)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


def test_chords_that_lie_outside_of_the_key_are_told() -> None:
    key, chords = parse_key("Am"), parse_chords("C#m G#m")
    assert key and chords
    assert key_contradiction(chords, key) == (
        "the chords C#m G#m lie outside of Am: 2 of their 6 notes are in it; they would fit C#m"
    )
    for fitting in ("Am F C G", "Am E7", "Am7 D9", "N.C."):
        track = parse_chords(fitting)
        assert track and key_contradiction(track, key) is None, fitting


def test_the_bass_plays_the_note_below_the_slash() -> None:
    key = parse_key("C")
    assert key
    note = GridNote("bass", 0, 1.0)
    (plain,) = realize("bass", [note], lambda beat: parse_chord("C"), key)
    (below,) = realize("bass", [note], lambda beat: parse_chord("C/E"), key)
    assert (plain.pitch % 12, below.pitch % 12) == (0, 4)


def test_nothing_but_drums_plays_where_no_chord_is_wanted() -> None:
    chords, key = parse_chords("Am:2 N.C.:2"), parse_key("Am")
    assert chords and key

    def at(beat: float) -> Chord:
        assert chords
        return chords.at(beat)

    for stem in ("bass", "chords", "lead"):
        notes = [
            GridNote(stem, 0, 1.0, length_steps=6.0),
            GridNote(stem, 6, 1.0, length_steps=8.0),
            GridNote(stem, 9, 1.0),
        ]
        played = realize(stem, notes, at, key)
        assert {n.start_beat for n in played} == {0.0, 1.5} and max(n.end_beat for n in played) == 2.0
    assert [n.start_beat for n in realize("drums", [GridNote("drums", 9, 1.0, drum="kick")], at, key)] == [2.25]
    assert voice_chord(parse_chord("N.C."), 1, 52) == () and harmony_step(parse_chord("N.C."), key).colour == "triad"
    assert chords.chords[1].root == 9 and str(fit_key(chords)) == "Am"
