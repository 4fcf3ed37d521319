"""Follows a MIDI clock: messages with their time stamps in, song position out. Pure: no port, no thread, no clock read.

A start or continue takes effect on the next tick, which *is* the beat it plays from; a stop at once, the next tick
being where a continue goes on. A song position pointer counts sixteenths; while playing it moves the next tick.
"""

from __future__ import annotations

import math

from musika_daw.control.clock.protocol import ClockState
from musika_daw.control.clock.tick_line import TICKS_PER_BEAT, TickLine
from musika_daw.control.clock.ticks import Tick

BRIDGED_BEATS = 8.0  # a clock silent for longer is lost

_SLEW_SECONDS = 0.04  # a better estimate is approached with this time constant
_SNAP_BEATS = 0.125  # further away, the clock is elsewhere: jump
_SETTLED_SECONDS = 0.0012  # standard error
_SETTLED_TICKS = 2 * TICKS_PER_BEAT
_SILENCE_TICKS = 3  # without ticks for longer, a stopped clock is not running


class ClockFollower:
    """Where a MIDI clock is. All times are seconds of one monotonic clock; calls come in the order of their times."""

    def __init__(self, bpm: float = 120.0) -> None:
        """`bpm`: guess until ticks come."""
        self._ticks = TickLine(60.0 / bpm / TICKS_PER_BEAT)
        self._playing = False
        self._held_beat = 0.0  # where it plays from once it plays
        self._pending: float | None = None  # beat of the next tick
        self._start: Tick | None = None  # the tick that is `_start_beat`
        self._start_beat = 0.0
        self._jumps = 0
        self._slip_beats, self._slip_seconds = 0.0, 0.0  # still to be slewed away, counted from that moment

    def start(self) -> None:
        """FA: play from the start of the song, on the next tick."""
        self._pending = self._held_beat = 0.0

    def resume(self) -> None:
        """FB: play on, on the next tick."""
        if not self._playing:
            self._pending = self._held_beat

    def stop(self) -> None:
        """FC."""
        if self._playing and self._pending is None:
            self._held_beat = self._beat_of_next_tick()
        self._playing, self._pending, self._start = False, None, None

    def locate(self, sixteenths: int) -> None:
        """F2: the next tick, once it plays, is this position; 0 to 16383."""
        beat = sixteenths / 4.0
        if not self._playing:
            self._held_beat = beat
            if self._pending is not None:
                self._pending = beat
        elif self._pending is not None or abs(beat - self._beat_of_next_tick()) > 0.25:
            # Some senders repeat the position while they play: within a sixteenth it says nothing new.
            self._pending = self._held_beat = beat

    def tick(self, seconds: float) -> None:
        """F8."""
        latest = self._ticks.latest
        if latest is not None:
            silence = (seconds - latest.seconds) / self._ticks.line.seconds_per_tick
            moving = self._playing and self._pending is None
            if silence > _SILENCE_TICKS and not moving:
                self._ticks.restart()
        before = self._beat_at(seconds) if self._playing else 0.0
        tick = self._ticks.add(seconds)
        if self._pending is not None:
            self._start, self._start_beat, self._pending = tick, self._pending, None
            self._playing = True
            self._jump()
        elif self._playing:
            self._slew(before, seconds)

    def state_at(self, seconds: float) -> ClockState:
        line = self._ticks.line
        latest = self._ticks.latest
        silent_ticks = 0.0 if latest is None else (seconds - latest.seconds) / line.seconds_per_tick
        return ClockState(
            beat=self._beat_at(seconds) if self._playing else self._held_beat,
            bpm=60.0 / (TICKS_PER_BEAT * line.seconds_per_tick),
            playing=self._playing,
            settled=line.error_seconds < _SETTLED_SECONDS or line.length >= _SETTLED_TICKS,
            jumps=self._jumps,
            lost=self._playing and silent_ticks > BRIDGED_BEATS * TICKS_PER_BEAT,
            jitter_seconds=self._ticks.jitter_seconds,
        )

    def _beat_of_next_tick(self) -> float:
        latest = self._ticks.latest
        assert latest is not None and self._start is not None
        return self._start_beat + (latest.number + 1 - self._start.number) / TICKS_PER_BEAT

    def _line_beat_at(self, seconds: float) -> float:
        assert self._start is not None
        return self._start_beat + (self._ticks.line.tick_at(seconds) - self._start.number) / TICKS_PER_BEAT

    def _beat_at(self, seconds: float) -> float:
        age = max(0.0, seconds - self._slip_seconds)
        return self._line_beat_at(seconds) + self._slip_beats * math.exp(-age / _SLEW_SECONDS)

    def _slew(self, before: float, seconds: float) -> None:
        """Moves from where it was thought to be, `before`, to the new line: smoothly, or at once if that is far."""
        slip = before - self._line_beat_at(seconds)
        if abs(slip) > _SNAP_BEATS:
            self._jump()
        else:
            self._slip_beats, self._slip_seconds = slip, seconds

    def _jump(self) -> None:
        self._jumps += 1
        self._slip_beats = 0.0
