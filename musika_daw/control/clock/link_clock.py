"""Ableton Link as a leading clock.

Threads: one thread of its own keeps the session's state up to date, any thread may call any method.
"""

from __future__ import annotations

import asyncio
import threading
import time
from types import TracebackType
from typing import Self

import aalink

from musika_daw.control.clock.link_song import LinkSong
from musika_daw.control.clock.protocol import ClockState
from musika_daw.errors import UserError

QUANTUM = 4  # beats of a bar

# A peer that joins as soon as it exists may take the session for its own, and everybody's tempo with it.
_JOIN_SECONDS = 0.6
_LOOK_SECONDS = 0.005
_START_TIMEOUT_SECONDS = 5.0


class LinkClock:
    """A peer of the Link session of this network. Joins about 0.6 s after it is made; until then it is alone."""

    def __init__(self, bpm: float = 120.0) -> None:
        """`bpm`: tempo of the session, if nobody else is in it."""
        self._song = LinkSong(QUANTUM)
        self._lock = threading.Lock()
        self._look = (time.monotonic(), 0.0, bpm)  # seconds, session's beat, bpm
        self._ended, self._made = threading.Event(), threading.Event()
        self._link: aalink.Link | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(bpm)), name="link", daemon=True)
        self._thread.start()
        if not self._made.wait(_START_TIMEOUT_SECONDS):
            raise UserError("Ableton Link does not start: check that this machine has a network interface")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def peers(self) -> int:
        """Others in the session."""
        return int(self._session.num_peers)

    def close(self) -> None:
        """Leaves the session."""
        self._ended.set()
        self._thread.join()

    def state_at(self, seconds: float) -> ClockState:
        with self._lock:
            at, beat, bpm = self._look
            song, playing = self._song.position(beat + (seconds - at) * bpm / 60.0)
            return ClockState(song, bpm, playing, True, self._song.jumps)

    def play(self) -> None:
        """Starts all peers that share start and stop; the song begins at the session's next bar line."""
        self._session.playing = True

    def stop(self) -> None:
        """Stops all peers that share start and stop."""
        self._session.playing = False

    def locate(self, beat: float) -> None:
        """Our own song position in beats; Link shares none."""
        with self._lock:
            self._song.locate(beat)

    def set_tempo(self, bpm: float) -> None:
        """Sets everybody's tempo, 20-999."""
        self._session.tempo = bpm

    @property
    def _session(self) -> aalink.Link:
        assert self._link is not None
        return self._link

    async def _run(self, bpm: float) -> None:
        self._link = link = aalink.Link(bpm)
        link.quantum = QUANTUM
        link.start_stop_sync_enabled = True
        self._update(link)
        self._made.set()
        join_seconds = time.monotonic() + _JOIN_SECONDS
        while not self._ended.is_set():
            if not link.enabled and time.monotonic() >= join_seconds:
                link.enabled = True
            self._update(link)
            await asyncio.sleep(_LOOK_SECONDS)
        link.enabled = False

    def _update(self, link: aalink.Link) -> None:
        before = time.monotonic()
        beat, tempo, playing = float(link.beat), float(link.tempo), bool(link.playing)
        after = time.monotonic()
        with self._lock:
            if after - before < _LOOK_SECONDS:  # else the thread was stopped in between: the moment is not known
                self._look = ((before + after) / 2, beat, tempo)
            self._song.update(self._look[0], self._look[1], tempo, playing)
