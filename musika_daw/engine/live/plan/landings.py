"""Moves that wait for the grid: where they land, and when it is time to make what they change."""

from __future__ import annotations

import math

from musika_daw.engine.live.plan.change import Batch, Landing
from musika_daw.engine.live.plan.situation import Land, Situation
from musika_daw.engine.own.song import PHRASE_BEATS
from musika_daw.music.grid import BEATS_PER_BAR

GRIDS = {"now": 0.0, "beat": 1.0, "bar": float(BEATS_PER_BAR), "phrase": float(PHRASE_BEATS)}
"""Beats between the places where moves land, by the value of `quantize`."""

_LEFT_SECONDS = 0.15  # what lands sooner than a splice can be heard, and so much, stays: made again, it might be late


def landing_of(now: Situation, batch: Batch) -> Landing | None:
    """Where moves land that came now; None: at once."""
    grid, here = GRIDS[batch.quantize], now.timeline.meant_at(now.soon)
    if not grid or here.render is None or batch.urgent:
        return None
    # Not the place that what takes long would come too late for.
    ready = now.soon + now.samples(here.render.model.ready_seconds)
    return Landing(math.floor(here.beat_at(ready) / grid + 1e-6) * grid + grid, batch.moves)


def due(now: Situation, seconds: float) -> Land | None:
    """Everything that lands at the next place where something does, if that is so near.

    What lies behind the loop's end lands there, before the jump.
    """
    plan, end = now.timeline.plan, now.loop_end()
    beats = [landing.beat for landing in now.landings] + ([end[0]] if end else [])
    if plan.render is None or not beats:
        return None
    beat = min(beats)
    before = seconds + now.costs.splice_seconds + plan.render.model.ready_seconds
    if plan.stream_at(beat) > now.cursor + now.samples(before):
        return None
    leaves = end is not None and beat == end[0]
    here = [landing for landing in now.landings if leaves or landing.beat <= beat]
    moves = tuple(move for landing in here for move in landing.moves) + (now.jump if leaves else ())
    return Land(Landing(beat, moves), tuple(landing for landing in now.landings if landing not in here))


def recalled(now: Situation) -> tuple[list[Landing], int | None]:
    """Landings that are planned but not heard yet: they are to be made again on what comes before them.

    Returns:
        The landings, without the loop's jump; the stream sample that the timeline is to be cut at, if any.
    """
    sure = now.at_best + now.samples(_LEFT_SECONDS)
    later = [s for s in now.timeline.segments if s.start > sure and s.recallable is not None]
    landings = [
        Landing(segment.recallable, moves)
        for segment in later
        if segment.recallable is not None and (moves := tuple(move for move in segment.moves if move not in now.jump))
    ]
    return landings, later[0].start if later else None
