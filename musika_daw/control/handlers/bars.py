"""What the stems play, bar by bar, for whoever shows it: this bar, and the next three before they are heard."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence

from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target
from musika_daw.engine.live.output.played import Played
from musika_daw.engine.live.plan.render import Render
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import Note

_LOOK_SECONDS = 0.1
_SHORTEST_BAR_BEATS = 1e-6
_AHEAD_BARS = 3


class BarsHandler:
    """Has no controls; a thread of its own asks for the notes, so that no pattern is waited for in the control loop.

    A bar is told when it comes near, and again when a splice gives it other notes.
    """

    def __init__(self, played: Played, stems: Callable[[], tuple[str, ...]]) -> None:
        """`stems`: those that are played now."""
        self._played, self._stems = played, stems
        self._lock = threading.Lock()
        self._notices: list[Notice] = []
        self._told: dict[tuple[str, int], str] = {}
        self._asked: set[tuple[int, int]] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="musika-bars", daemon=True)
        self._thread.start()

    def targets(self) -> tuple[Target, ...]:
        return ()

    def check(self, moves: Sequence[Move]) -> None:
        pass  # no move concerns it

    def apply(self, move: Move) -> None:
        raise RefusedError(move.target, "refused", f"{move.control} does nothing here")

    def get(self, target: Target) -> tuple[Value, ...]:
        raise RefusedError(target, "address", f"{target} cannot be asked for here")

    def notices(self) -> list[Notice]:
        with self._lock:
            notices, self._notices = self._notices, []
        return notices

    def close(self) -> None:
        """Ends the thread."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self.look(time.monotonic())

    def look(self, seconds: float) -> None:
        """Tells what is new of the bar that is heard at this moment of the monotonic clock, and of the next three."""
        segment = self._played.meant_at(self._played.stream_at(seconds))
        render = segment.render
        if render is None:
            self._told.clear()
            self._asked.clear()
            return
        beat = segment.beat_at(self._played.stream_at(seconds))
        bar = math.floor(beat / BEATS_PER_BAR + _SHORTEST_BAR_BEATS)
        for place in range(bar, bar + _AHEAD_BARS + 1):
            if (id(render), place) not in self._asked:
                self._tell(render, place)
                self._asked.add((id(render), place))
        # Renders come and go, and their numbers with them: only those of the bars at hand are kept.
        self._asked = {asked for asked in self._asked if asked[0] == id(render) and asked[1] >= bar}
        self._told = {key: text for key, text in self._told.items() if bar <= key[1] <= bar + _AHEAD_BARS}

    def _tell(self, render: Render, bar: int) -> None:
        start = float(bar * BEATS_PER_BAR)
        for stem in self._stems():
            text = notes_text(render.song.notes(stem, start, start + BEATS_PER_BAR), start)
            if self._told.get((stem, bar)) != text:
                self._told[stem, bar] = text
                with self._lock:
                    self._notices.append(Notice("bar", values=(stem, start, text)))


def notes_text(notes: Sequence[Note], first_beat: float) -> str:
    """`36 0 0.25 100, 43 1.5 0.5 90`: pitch, start from `first_beat` and length in beats, velocity of each note."""
    return ", ".join(
        f"{n.pitch} {n.start_beat - first_beat:.4g} {n.length_beats:.4g} {min(127, max(1, round(n.strength * 127)))}"
        for n in notes
    )
