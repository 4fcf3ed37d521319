"""Bars played in become a line."""

from __future__ import annotations

import pytest

from musika_daw.control.midi.note_recorder import NoteRecorder, PlayedIn
from musika_daw.music.grid import bar_beats
from musika_daw.music.line import Line

Played = list[tuple[float, float, int]]
"""Onset and length in beats, pitch."""
FOUR_BARS: Played = [(16.0, 0.5, 33), (17.48, 0.2, 36), (20.03, 0.9, 38), (24.0, 1.0, 40), (29.5, 0.5, 43)]


def play(recorder: NoteRecorder, notes: Played, first: float, end: float) -> list[Line]:
    """The lines that came while the song went from `first` to `end`."""
    events = sorted(
        [(start, pitch, 100) for start, _, pitch in notes]
        + [(start + length, pitch, 0) for start, length, pitch in notes]
    )
    lines, beat = [], first
    while beat < end:
        while events and events[0][0] <= beat:
            at, pitch, velocity = events.pop(0)
            recorder.key(pitch, velocity, at)
        line = recorder.pass_by(max(first, beat - 0.05))
        lines += [line] if line else []
        beat += 0.01
    return lines


def as_played(line: Line) -> list[tuple[float, int]]:
    return [(round(note.start_beat, 3), note.pitch) for note in line.notes]


def test_four_bars_become_a_loop_on_the_grid() -> None:
    line = play(NoteRecorder(PlayedIn()), FOUR_BARS, 16.0, 40.0)[-1]
    assert as_played(line) == [(0.0, 33), (1.5, 36), (4.0, 38), (8.0, 40), (13.5, 43)]
    assert line.looped and (line.length_beats, line.start_beat) == (16.0, 0.0)
    assert [note.length_beats for note in line.notes] == pytest.approx([0.5, 0.2, 0.9, 1.0, 0.5])
    assert line.notes[0].strength == pytest.approx(100 / 127)


@pytest.mark.parametrize("metre", ["3/4", "5/4", "6/8", "7/8"])
def test_bars_of_another_metre_repeat_in_their_own_length(metre: str) -> None:
    bar = bar_beats(metre)
    wish = PlayedIn(bars=2, bar_beats=bar)
    clip: Played = [(0.0, 0.5, 33), (bar - 0.5, 0.4, 36), (bar, 0.5, 38), (2 * bar - 0.25, 0.2, 40)]
    sent = [(n * 2 * bar + start, length, pitch) for n in range(3) for start, length, pitch in clip]
    lines = play(NoteRecorder(wish), sent, 0.0, 6 * bar + 0.3)
    assert {(line.length_beats, line.start_beat) for line in lines} == {(2 * bar, 0.0)}
    assert as_played(lines[-1]) == [(start, pitch) for start, _, pitch in clip]
    third = lines[-1].between(4 * bar, 6 * bar)
    assert [note.start_beat for note in third] == pytest.approx([4 * bar + start for start, _, _ in clip])
    once = play(NoteRecorder(PlayedIn(False, 2, True, bar)), sent[:4], 0.0, 2 * bar + 0.3)[-1]
    assert (once.length_beats, once.start_beat) == (2 * bar, 2 * bar)


def test_as_played_keeps_its_timing() -> None:
    line = play(NoteRecorder(PlayedIn(on_grid=False)), FOUR_BARS, 16.0, 40.0)[-1]
    assert as_played(line)[:3] == [(0.0, 33), (1.48, 36), (4.03, 38)]


def test_once_is_an_answer_from_the_next_bar_on() -> None:
    line = play(NoteRecorder(PlayedIn(looped=False)), FOUR_BARS, 16.0, 40.0)[-1]
    assert not line.looped and (line.length_beats, line.start_beat) == (16.0, 32.0)
    assert as_played(line) == [(0.0, 33), (1.5, 36), (4.0, 38), (8.0, 40), (13.5, 43)]


def test_nothing_new_comes_while_nothing_is_played() -> None:
    recorder = NoteRecorder(PlayedIn())
    assert len(play(recorder, FOUR_BARS, 16.0, 32.2)) == 4
    assert play(recorder, [], 32.2, 80.0) == []


def test_a_loop_that_is_sent_all_the_time_stays_itself() -> None:
    """Its last bar is empty, and the song goes round with it."""
    recorder = NoteRecorder(PlayedIn())
    clip: Played = [(0.0, 0.5, 33), (4.0, 0.5, 36), (8.0, 0.5, 38)]
    lines = [line for _ in range(3) for line in play(recorder, clip, 0.0, 15.99)]
    later = [(b + 16.0, n, p) for b, n, p in clip]
    lines += play(recorder, later, 16.0, 33.0)
    assert [as_played(line) for line in lines[2:]] == [[(0.0, 33), (4.0, 36), (8.0, 38)]] * (len(lines) - 2)


def test_a_bar_that_is_played_again_replaces_itself_and_a_rest_begins_anew() -> None:
    recorder = NoteRecorder(PlayedIn(bars=2))
    play(recorder, [(0.0, 0.5, 33), (4.0, 0.5, 36)], 0.0, 8.2)
    assert as_played(play(recorder, [(9.0, 0.5, 40)], 8.2, 12.2)[-1]) == [(1.0, 40), (4.0, 36)]
    assert as_played(play(recorder, [(28.0, 0.5, 50)], 12.2, 32.2)[-1]) == [(4.0, 50)]


def test_a_note_just_before_the_bar_belongs_to_it() -> None:
    line = play(NoteRecorder(PlayedIn(bars=1)), [(3.95, 0.3, 33), (5.0, 0.5, 36)], 0.0, 8.2)[-1]
    assert as_played(line) == [(0.0, 33), (1.0, 36)]


def test_a_key_that_is_held_sounds_until_now_and_then_as_long_as_it_was() -> None:
    lines = play(NoteRecorder(PlayedIn(bars=2)), [(2.0, 4.0, 33)], 0.0, 8.2)
    assert [line.notes[0].length_beats for line in lines] == pytest.approx([2.0, 4.0], abs=0.03)


def test_a_clock_that_wavers_at_the_bar_line_ends_the_bar_once() -> None:
    recorder = NoteRecorder(PlayedIn(bars=2))
    assert recorder.pass_by(3.99) is None
    recorder.key(33, 100, 4.0)
    assert [recorder.pass_by(beat) for beat in (4.01, 3.98, 4.02)] == [None] * 3
    recorder.key(33, 0, 4.5)
    lines = [recorder.pass_by(beat) for beat in (7.99, 8.01, 7.99, 8.02)]
    assert [as_played(line) for line in lines if line] == [[(4.0, 33)]]


def test_a_stop_ends_what_is_held() -> None:
    recorder = NoteRecorder(PlayedIn())
    play(recorder, [(1.0, 99.0, 33)], 0.0, 3.0)
    line = recorder.pass_by(None)
    assert line is not None and line.notes[0].length_beats == pytest.approx(1.95, abs=0.03)
    assert recorder.pass_by(None) is None
