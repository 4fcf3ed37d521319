"""The messages of a MIDI clock that shows where we are. Pure: states in, messages and the moments they are due out."""

from __future__ import annotations

import math

from musika_daw.control.clock.protocol import Clock, ClockState
from musika_daw.control.clock.tick_line import TICKS_PER_BEAT
from musika_daw.control.midi.messages import CONTINUE, SONG_POSITION, START, STOP, TICK, Message
from musika_daw.control.midi.timed_sender import Due

_TICKS_PER_SIXTEENTH = 6
_LATE_SIXTEENTHS = 0.2  # a start seen so little after a sixteenth is sent for it
_SONG_POSITIONS = 16384


class ClockMessages:
    """Ticks all the time; start, stop, continue and song position as the clock plays, stops and jumps.

    A song position is sent in whole sixteenths: after a jump to between two of them, ticks begin again at the next.
    """

    def __init__(self) -> None:
        self._playing = False
        self._jumps = 0
        self._next_tick = 0  # since the start of the song; while playing
        self._next_seconds = -math.inf  # of the next tick, while stopped
        self._prelude: tuple[Message, ...] = ()  # comes right before the next tick

    def between(self, state: ClockState, seconds: float, end_seconds: float) -> list[Due]:
        """What is due from `seconds` until `end_seconds`, where the clock is at `state`: so a start is known before."""
        messages: list[Due] = []
        tick_seconds = 60.0 / state.bpm / TICKS_PER_BEAT
        if state.playing and (not self._playing or state.jumps != self._jumps):
            if self._playing and not self._prelude:
                messages.append((seconds, Message(STOP, 0)))
            sixteenth = max(0, math.ceil(state.beat * 4.0 - _LATE_SIXTEENTHS))
            self._next_tick = sixteenth * _TICKS_PER_SIXTEENTH
            self._prelude = _start_at(sixteenth)
        elif self._playing and not state.playing:
            if not self._prelude:
                messages.append((seconds, Message(STOP, 0)))
            self._prelude = ()
        self._playing, self._jumps = state.playing, state.jumps
        if not self._playing:
            self._next_seconds = max(self._next_seconds, seconds - tick_seconds)
        while (due := self._due(state, seconds, end_seconds, tick_seconds)) < end_seconds:
            messages += [(due, message) for message in (*self._prelude, Message(TICK, 0))]
            self._prelude = ()
            self._next_tick += 1
            self._next_seconds = due + tick_seconds
        return messages

    def _due(self, state: ClockState, seconds: float, end_seconds: float, tick_seconds: float) -> float:
        due = self._next_seconds
        if state.playing:
            due = end_seconds + (self._next_tick - state.beat * TICKS_PER_BEAT) * tick_seconds
        return max(due, seconds)


class ClockSource:
    """A clock as what is sent of it. Ends without a stop message: whoever follows plays on."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._messages = clock, ClockMessages()

    def between(self, seconds: float, end_seconds: float) -> list[Due]:
        return self._messages.between(self._clock.state_at(end_seconds), seconds, end_seconds)

    def end(self) -> list[Message]:
        return []


def _start_at(sixteenth: int) -> tuple[Message, ...]:
    if sixteenth == 0:
        return (Message(START, 0),)
    position = sixteenth % _SONG_POSITIONS
    return Message(SONG_POSITION, 0, (position & 0x7F, position >> 7)), Message(CONTINUE, 0)
