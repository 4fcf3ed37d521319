"""What takes longest made before it is needed, in a thread of its own.

A phrase takes the pattern net as long as several blocks of sound, a section of an imported model longer still. The next
one will be needed for certain, and phrases of the other style anchors as soon as somebody touches the morph square.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.engine.bus.priority import defer_this_thread
from musika_daw.engine.live.plan.render import Render
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.score_of import score_of

_CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))


class Prefetch:
    """Looks ahead of what plays."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "musika-prefetch", defer_this_thread)
        self._seen: tuple[ControlState, int] | None = None
        self._looking: Future[None] | None = None

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)

    def look(self, render: Render, beat: float, busy: bool) -> None:
        """Has what a song that plays at a beat will need made, if that was not done already; returns at once.

        `busy`: there are more urgent things to do; what comes next is made all the same, but not for controls that
        have moved since.
        """
        place = render.controls, int(beat // render.song.section_beats)
        known = self._seen is not None and (place[1] == self._seen[1] if busy else place == self._seen)
        if known or (self._looking is not None and not self._looking.done()):
            return
        self._seen = place
        self._looking = self._thread.submit(_prepare, render.model, *place)


def _prepare(model: PlayedModel, controls: ControlState, section: int) -> None:
    corners = _CORNERS if model.prefetches_corners else ()
    moved = (controls, *(controls.with_move(Move.of("morph", *corner)) for corner in corners))
    songs = [model.song(score_of(each)) for each in moved]
    for ahead in (0, 1):
        for song in songs:
            song.prepare((section + ahead) * song.section_beats)
