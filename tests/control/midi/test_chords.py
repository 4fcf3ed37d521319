"""Chords held on a keyboard."""

from __future__ import annotations

import pytest

from musika_daw.control.midi.chords import HeldChord, chord_name
from musika_daw.music.harmony import QUALITIES, parse_chord


@pytest.mark.parametrize("quality", [q for q in QUALITIES if q != "5"])
@pytest.mark.parametrize("root", range(12))
def test_every_chord_in_root_position(root: int, quality: str) -> None:
    name = chord_name([48 + root + tone for tone in QUALITIES[quality]])
    assert name is not None
    chord = parse_chord(name)
    assert {(chord.root + tone) % 12 for tone in chord.tones} == {(root + tone) % 12 for tone in QUALITIES[quality]}
    assert chord.root == root


@pytest.mark.parametrize(
    ("pitches", "name"),
    [
        ((60, 64, 69), "Am"),
        ((64, 67, 72), "C"),
        ((65, 69, 74), "Dm"),
        ((60, 67), "C5"),
        ((50, 53, 57, 60), "Dm7"),
        ((53, 57, 60, 62), "Dm7"),
        ((60, 61, 62), None),
        ((60, 72), None),
        ((), None),
    ],
)
def test_inversions_and_what_is_no_chord(pitches: tuple[int, ...], name: str | None) -> None:
    assert chord_name(pitches) == name


def test_a_chord_stays_when_its_keys_are_let_go() -> None:
    held = HeldChord()
    assert [held.key(pitch, True) for pitch in (57, 60, 64)] == [None, None, "Am"]
    assert [held.key(pitch, False) for pitch in (57, 60, 64)] == [None, None, None]
    assert [held.key(pitch, True) for pitch in (57, 60, 64)] == [None, None, None]  # the same again is no news
