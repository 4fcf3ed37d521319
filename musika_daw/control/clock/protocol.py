"""What a clock is to those who follow it.

The live engine follows `MidiClock` or `LinkClock` through `Clock`; `ClockSource` sends the engine through it. The
internal clock is the engine itself: it needs no object. Offsets and output latency are the consumer's: it asks for the
moment at which a sample will be heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ClockState:
    """Where a clock is at the moment it was asked for.

    Attributes:
        beat: song position in beats; while stopped, the place from which it will play on.
        bpm: tempo; of a clock that never ran, the one it was made with.
        playing: it moves: the beat goes on at `bpm` from one moment to the next, unless `jumps` counts.
        settled: tempo and phase are known well (about 3 ms); false in the first beats of an unknown tempo.
        jumps: how often it started, continued, was located or found itself elsewhere. Two states of the same count lie
            on one smooth line; if the count differs, splice. As `beat` is where it is at the moment asked for, the
            moment of the jump itself need not be known: a start seen 8 ms late has beat = 8 ms * bpm / 60 000.
        lost: it should tick, but has not for longer than is bridged; it still runs freely.
        ratio: of `bpm` and `beat` to the tempo and the beats of those who made the clock: 0.5 is half time.
        jitter_seconds: standard deviation of its ticks about the smooth line, 0 if it has no ticks.
    """

    beat: float
    bpm: float
    playing: bool
    settled: bool
    jumps: int = 0
    lost: bool = False
    jitter_seconds: float = 0.0
    ratio: float = 1.0


class Clock(Protocol):
    """Something that leads."""

    def state_at(self, seconds: float) -> ClockState:
        """Its state at a moment of the monotonic clock (`time.monotonic`), a little ahead or behind of now.

        From any thread, in microseconds, never waiting for a port or a network.
        """
        ...
