"""What a clock sends, as a follower hears it."""

from __future__ import annotations

import random

import pytest

from musika_daw.control.clock.clock_messages import ClockMessages
from musika_daw.control.clock.midi_clock import MidiClock
from musika_daw.control.clock.protocol import ClockState
from musika_daw.control.midi.messages import CONTINUE, SONG_POSITION, START, STOP, TICK, Message

WINDOW = 0.005


class Song:
    """Plays from a beat at a moment on, until it is told otherwise."""

    def __init__(self, bpm: float) -> None:
        self.bpm, self.beat, self.since, self.playing, self.jumps = bpm, 0.0, 0.0, False, 0

    def state_at(self, seconds: float) -> ClockState:
        running = self.playing and seconds >= self.since
        beat = self.beat + (seconds - self.since) * self.bpm / 60.0 if running else self.beat
        return ClockState(beat, self.bpm, running, True, self.jumps)

    def play(self, seconds: float, beat: float) -> None:
        self.beat, self.since, self.playing = beat, seconds, True
        self.jumps += 1

    def stop(self, seconds: float) -> None:
        self.beat, self.playing = self.state_at(seconds).beat, False


def sent(song: Song, messages: ClockMessages, start: float, end: float) -> list[tuple[float, Message]]:
    windows = round((end - start) / WINDOW)
    found = []
    for i in range(windows):
        at = start + i * WINDOW
        found += messages.between(song.state_at(at + WINDOW), at, at + WINDOW)
    return found


def kinds(messages: list[tuple[float, Message]]) -> list[int]:
    return [message.kind for _, message in messages if message.kind != TICK]


def test_ticks_run_while_stopped_and_a_start_comes_right_before_its_tick() -> None:
    song, messages = Song(120.0), ClockMessages()
    song.play(1.0, 0.0)
    found = sent(song, messages, 0.0, 2.0)
    assert kinds(found) == [START]
    start = next(i for i, (_, message) in enumerate(found) if message.kind == START)
    assert 46 <= start <= 49  # the second before it has 48 ticks
    assert found[start + 1][1].kind == TICK
    times = [seconds for seconds, _ in found[start + 1 :]]
    assert times == pytest.approx([1.0 + i / 48 for i in range(len(times))])


def test_a_start_within_a_sixteenth_is_sent_at_the_next_one_with_its_position() -> None:
    song, messages = Song(120.0), ClockMessages()
    song.play(1.0, 200.1)
    found = sent(song, messages, 0.0, 2.0)
    assert kinds(found) == [SONG_POSITION, CONTINUE]
    seconds, position = next(due for due in found if due[1].kind == SONG_POSITION)
    assert seconds == pytest.approx(1.0 + 0.15 * 0.5)
    assert position.data == (801 & 127, 801 >> 7)


def test_a_follower_is_where_the_sender_is_after_any_start_stop_and_jump() -> None:
    rng = random.Random(4)
    song, messages, follower = Song(128.0), ClockMessages(), MidiClock(100.0)
    now = 0.0
    for _ in range(60):
        begin = now + rng.uniform(0.0, 0.1)
        if song.playing and rng.random() < 0.4:
            song.stop(now)
        else:
            song.play(begin, rng.choice([0.0, rng.uniform(0.0, 400.0)]))
        end = now + WINDOW * rng.randint(100, 200)
        for due, message in sent(song, messages, now, end):
            follower.feed("cable", message, due)
        state, truth = follower.state_at(end), song.state_at(end)
        assert state.playing == truth.playing
        if truth.playing:
            assert state.beat == pytest.approx(truth.beat, abs=0.003)
        else:
            assert abs(state.beat - truth.beat) < 0.3  # rounded to a sixteenth
        now = end


def test_stop_is_sent_once() -> None:
    song, messages = Song(120.0), ClockMessages()
    song.play(0.0, 0.0)
    sent(song, messages, 0.0, 1.0)
    song.stop(1.0)
    assert kinds(sent(song, messages, 1.0, 2.0)) == [STOP]
