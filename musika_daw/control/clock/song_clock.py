"""Our own song as a clock: where the sound is that is heard."""

from __future__ import annotations

import threading
from typing import Protocol

from musika_daw.control.clock.protocol import ClockState

_JUMP_BEATS = 0.02  # a splice or a bend of the tempo moves the beat by less than that


class Heard(Protocol):
    """A place in the song that is heard (`engine.live.engine.Heard`)."""

    @property
    def beat(self) -> float: ...
    @property
    def bpm(self) -> float: ...
    @property
    def playing(self) -> bool: ...


class Song(Protocol):
    """The live engine."""

    def heard_at(self, seconds: float) -> Heard: ...


class SongClock:
    """Counts jumps by what it sees: whoever needs them asks often, and in the order of time; one clock per asker."""

    def __init__(self, song: Song) -> None:
        self._song = song
        self._before: tuple[float, Heard] | None = None
        self._jumps = 0
        self._lock = threading.Lock()

    def state_at(self, seconds: float) -> ClockState:
        heard = self._song.heard_at(seconds)
        with self._lock:
            if self._before is not None:
                at, before = self._before
                expected = before.beat + ((seconds - at) * before.bpm / 60.0 if before.playing else 0.0)
                started = heard.playing and not before.playing
                self._jumps += started or abs(heard.beat - expected) > _JUMP_BEATS
            self._before = seconds, heard
            return ClockState(heard.beat, heard.bpm, heard.playing, True, self._jumps)
