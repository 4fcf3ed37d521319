"""Grid notes to sounding notes: pitches, lengths, slides and strokes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from musika_daw.music.grid import GridNote
from musika_daw.music.harmony import MODES, Chord, Key, diatonic_chord, parse_chord
from musika_daw.music.notes import DRUM_PITCHES
from musika_daw.music.realize import realize

A_MINOR = Key(9, "minor")


def am(_: float) -> Chord:
    return parse_chord("Am")


def am_then_f(beat: float) -> Chord:
    return parse_chord("Am" if beat < 4 else "F")


def always(chord: Chord) -> Callable[[float], Chord]:
    return lambda _: chord


def bass(step: int, **how: object) -> GridNote:
    return GridNote("bass", step, 1.0, **how)  # type: ignore[arg-type]


def test_drums_play_their_class_and_ratchets_strike_twice() -> None:
    hat = GridNote("drums", 6, 1.0, 0.8, timing=0.1, drum="closed_hat", ratchet=True)
    kick = GridNote("drums", 8, 1.0, 0.9, drum="kick")
    first, second, third = realize("drums", [hat, kick], am, A_MINOR)
    assert first.start_beat == pytest.approx(1.525)
    assert (first.pitch, first.strength) == (DRUM_PITCHES["closed_hat"], 0.8)
    assert second.start_beat - first.start_beat == pytest.approx(0.125)
    assert second.strength < first.strength
    assert first.end_beat <= second.start_beat
    assert (third.start_beat, third.pitch, third.strength) == (2.0, 36, 0.9)


def test_bass_stands_between_e1_and_d_sharp_2() -> None:
    for tonic in range(12):
        key = Key(tonic, "minor")
        tonic_chord = diatonic_chord(key, 0, "triad")
        (root,) = realize("bass", [bass(0)], always(tonic_chord), key)
        assert 28 <= root.pitch <= 39
        assert root.pitch % 12 == tonic
    fifth, high = realize("bass", [bass(0, degree=4), bass(4, octave=1)], am, A_MINOR)
    assert fifth.pitch == 33 + 7
    assert high.pitch == 33 + 12


def test_lead_stands_around_the_middle_of_the_keyboard() -> None:
    low, root, third = realize(
        "lead",
        [GridNote("lead", 0, 1.0, octave=-1), GridNote("lead", 1, 1.0), GridNote("lead", 2, 1.0, degree=2)],
        am,
        A_MINOR,
    )
    assert (low.pitch, root.pitch, third.pitch) == (57, 69, 72)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("degree", range(7))
def test_degrees_climb_the_scale_on_every_chord(mode: str, degree: int) -> None:
    key = Key(2, mode)
    notes = [GridNote("lead", step, 1.0, degree=step) for step in range(7)]
    pitches = [n.pitch for n in realize("lead", notes, lambda _: diatonic_chord(key, degree, "triad"), key)]
    assert all(pitch % 12 in key.scale for pitch in pitches)
    assert pitches == sorted(set(pitches))


def test_a_note_is_cut_at_the_next_and_keeps_its_length_otherwise() -> None:
    first, second = realize("bass", [bass(0, length_steps=8.0), bass(4, timing=0.1, length_steps=2.0)], am, A_MINOR)
    assert first.end_beat == second.start_beat == pytest.approx(1.025)
    assert second.length_beats == 0.5


def test_a_chord_cuts_the_chord_before() -> None:
    notes = [GridNote("chords", 0, 1.0, length_steps=16.0), GridNote("chords", 8, 1.0, voicing=1, length_steps=16.0)]
    sounding = realize("chords", notes, am, A_MINOR)
    assert [n.pitch % 12 for n in sounding[:3]] == [4, 9, 0]
    assert min(n.pitch for n in sounding) == 52
    assert {n.end_beat for n in sounding[:3]} == {2.0}
    assert {n.end_beat for n in sounding[3:]} == {6.0}


def test_notes_follow_the_chord_where_they_stand_and_are_not_retuned() -> None:
    """A note that comes early for its step reads the chord of the step, and a held note keeps its pitch."""
    notes = [bass(12, length_steps=4.0), bass(16, timing=-0.2), bass(20)]
    held, early, late = realize("bass", notes, am_then_f, A_MINOR)
    assert (held.pitch, early.pitch, late.pitch) == (33, 29, 29)
    assert early.start_beat < 4


def test_a_slide_comes_from_the_note_before_and_ties_to_it() -> None:
    low, high = realize("bass", [bass(0, length_steps=1.0), bass(2, degree=4, slide=True)], am, A_MINOR)
    assert high.slide_semitones == low.pitch - high.pitch == -7
    assert low.end_beat == high.start_beat


def test_no_slide_without_a_note_to_come_from() -> None:
    first, far = realize("bass", [bass(0, slide=True), bass(8, degree=2, slide=True)], am, A_MINOR)
    assert first.slide_semitones == far.slide_semitones == 0
    assert first.length_beats == 0.25


def test_a_slide_spans_an_octave_at_most() -> None:
    notes = [GridNote("lead", 0, 1.0, octave=-1), GridNote("lead", 1, 1.0, octave=1, degree=4, slide=True)]
    assert realize("lead", notes, am, A_MINOR)[1].slide_semitones == -12


def test_any_stretch_sounds_as_in_the_whole() -> None:
    notes = [bass(i, degree=i % 7, slide=i % 3 == 0, length_steps=1.0 + i % 2) for i in range(0, 32)]
    whole = realize("bass", notes, am_then_f, A_MINOR)
    assert realize("bass", notes[9:21], am_then_f, A_MINOR)[1:-1] == whole[10:20]


def test_silence_is_no_notes() -> None:
    assert all(realize(stem, [], am, A_MINOR) == [] for stem in ("drums", "bass", "chords", "lead"))
