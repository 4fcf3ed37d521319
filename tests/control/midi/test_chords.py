"""Chords held on a keyboard."""

from __future__ import annotations

import pytest

from musika_daw.control.midi.chords import HeldChord, chord_name
from musika_daw.control.midi.control import MidiControl
from musika_daw.control.midi.mapping import Mapping
from musika_daw.control.midi.messages import CONTROL, NOTE_ON, Message
from musika_daw.controls.move import Move
from musika_daw.music.harmony import QUALITIES, parse_chord
from tests.control.midi.conftest import FakeInstrument


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


def test_all_notes_off_gives_the_harmony_back() -> None:
    held = HeldChord()
    assert not held.let_go()
    for pitch in (57, 60, 64):
        held.key(pitch, True)
    assert held.let_go() and not held.let_go()
    assert [held.key(pitch, True) for pitch in (57, 60, 64)] == [None, None, "Am"]


def test_a_controller_for_all_notes_off_on_the_chords_channel_ends_them(
    control: MidiControl, instrument: FakeInstrument
) -> None:
    control.use(Mapping("test", chords_channel=1))
    for pitch in (57, 60, 64):
        control.feed("keys", Message(NOTE_ON, 1, (pitch, 100)), 1.0)
    control.feed("keys", Message(CONTROL, 2, (123, 0)), 1.1)  # another channel's
    control.flush(1.2)
    assert instrument.moves == [Move.of("chords", "Am")]
    control.feed("keys", Message(CONTROL, 1, (123, 0)), 1.3)
    control.flush(1.4)
    assert instrument.moves[-1] == Move.of("chords", "off")
