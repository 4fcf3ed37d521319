"""Looks at the external clock that is followed, now and then, and says which moves follow it."""

from __future__ import annotations

from dataclasses import dataclass

from musika_daw.controls.move import Move
from musika_daw.engine.live.plan.external_clock import ClockFollower, Here
from musika_daw.engine.live.plan.shared import Shared
from musika_daw.engine.live.plan.timeline import FADE
from musika_daw.engine.live.state.transition import PLAY

_LOOK_SECONDS = 0.02  # between two looks


@dataclass(frozen=True)
class Asked:
    """Moves that follow the clock; `place`: see `Change`."""

    moves: tuple[Move, ...]
    place: int | None


class ClockWatch:
    """Of the worker's thread alone."""

    def __init__(self) -> None:
        self._follower = ClockFollower()
        self._look_again = 0.0

    def asks(self, shared: Shared, soon: int, now: float) -> Asked | None:
        """What the clock asks for, if anything; `soon`: where a splice that is begun now can be heard.

        To be called with the lock of what is shared.
        """
        leading = shared.leading
        if leading is None or now < self._look_again:
            return None
        self._look_again = now + _LOOK_SECONDS
        waiting = shared.timeline.meant_at(shared.cursor).render is None
        # What playing starts with is there already.
        place = shared.cursor + FADE if waiting else soon
        heard = shared.stream_clock.heard_at(place) - leading.offset_seconds
        plan = shared.timeline.meant_at(place)
        here = Here(plan.beat_at(place), plan.controls.number("tempo"), plan.render is not None)
        moves = self._follower.moves(leading.clock.state_at(heard), here, leading.stop_on_loss)
        if not moves:
            return None
        whole = moves[-1].control == PLAY and float(moves[-1].values[0]).is_integer()
        return Asked(moves, None if whole else place)
