"""The planner: what is to be done next, as a pure function of the situation.

What is about to be heard always comes first, then moves, then the rest of the look-ahead; so a burst of moves costs
look-ahead, not sound. All moves that wait are taken together and make one new render.
"""

from __future__ import annotations

from collections.abc import Iterator

from musika_daw.engine.live.plan.landings import due
from musika_daw.engine.live.plan.render import BLOCK_SAMPLES
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.situation import (
    Await,
    Idle,
    Make,
    Open,
    PutOff,
    Situation,
    Splice,
    Step,
    Take,
    Watch,
)
from musika_daw.engine.live.plan.splicing import SAFE_SECONDS, audible, go_on
from musika_daw.engine.live.plan.timeline import FADE

AHEAD_SECONDS = 1.75  # made ahead when there is nothing else to do
_SAFE_BLOCKS = 4  # made in the time that is always made ahead, while they are slow, before moves are taken
_SAFEST_SECONDS = 1.3  # more is not waited for
_SURE_BLOCKS = 3  # while which what is heard has to last before something else is made

_PREPARE_SECONDS = 1.0  # how long before its place a move that waits for the grid is made
_NEAR_SECONDS = 0.3  # its place is missed if something else is made first


def next_step(now: Situation) -> Step:
    """What is most urgent."""
    step = _most_urgent(now)
    if isinstance(step, Make) and now.making is not None and (step.patient or now.making == (step.render, step.block)):
        return Watch(step.patient)
    return step


def _most_urgent(now: Situation) -> Step:
    return (
        _tend_fallback(now)
        or _secure(now)
        or _change(now)
        or due(now, _NEAR_SECONDS)
        or _keep_safe(now)
        or (Take(now.batches) if now.batches else None)
        or due(now, _PREPARE_SECONDS)
        or _look_ahead(now)
        or _warm_up(now)
        or Idle()
    )


def _tend_fallback(now: Situation) -> Step | None:
    """A fallback begins where the newer render ends by now; one that is heard gives way as soon as it can."""
    fallback, newer = now.timeline.segments[-1], now.timeline.plan
    if not fallback.fallback:
        return None
    if fallback.start - FADE >= now.cursor:
        until = newer.made_until(fallback.start)
        return PutOff(until) if until is not None and until > fallback.start else None
    for start in _places_to_return(now, newer):
        back = Segment(start, fallback.beat_at(start), newer.render, newer.controls)
        if segments := audible(now, back):
            return Splice(segments)
    return None


def _places_to_return(now: Situation, newer: Segment) -> Iterator[int]:
    """Stream samples where a newer render could be heard again: at once, or with one of its next blocks."""
    soonest = now.cursor + FADE
    border = -newer.song_sample(now.cursor) % BLOCK_SAMPLES
    yield soonest
    yield from range(soonest + border, soonest + now.samples(AHEAD_SECONDS), BLOCK_SAMPLES)


def _secure(now: Situation) -> Step | None:
    """Makes more of what is heard, be it a fallback, until it lasts while blocks of something else are made."""
    enough = min(SAFE_SECONDS, _SURE_BLOCKS * now.costs.longest_seconds)
    return None if now.lasts(enough) else _make(now, fallbacks=True)


def _change(now: Situation) -> Step | None:
    """Goes on with moves that are being made audible.

    Phrases that nobody has played yet take the pattern net as long as several blocks; others are there at once, and
    the move is to be heard soon: so no more is made meanwhile than has to be.
    """
    if now.change is None:
        return None
    if now.change.ready:
        return go_on(now, now.change)
    return (None if now.lasts(SAFE_SECONDS) else _make(now, fallbacks=False)) or Await()


def _keep_safe(now: Situation) -> Step | None:
    # A block's time can double from one to the next when others want the processor, and a move costs several.
    slow = min(_SAFEST_SECONDS, _SAFE_BLOCKS * now.costs.longest_seconds)
    if now.lasts(max(SAFE_SECONDS, slow)):
        return None
    return _make(now, fallbacks=False) or _make(now, fallbacks=True)


def _look_ahead(now: Situation) -> Step | None:
    return None if now.lasts(AHEAD_SECONDS, fallbacks=False) else _make(now, fallbacks=False, patient=True)


def _make(now: Situation, fallbacks: bool, patient: bool = False) -> Make | None:
    """Makes the next missing block."""
    missing = now.missing(fallbacks)
    if missing is None:
        return None
    segment, stream = missing
    assert segment.render is not None
    return Make(segment.render, segment.block_at(stream), patient)


def _warm_up(now: Situation) -> Step | None:
    """While nothing plays: makes the blocks that playing would start with."""
    plan = now.timeline.plan
    if plan.render is not None:
        return None
    if now.warm is None or now.warm.controls != plan.controls:
        return Open(plan.controls)
    for beat in (now.located, plan.beat, 0.0):
        first = now.warm.block_at(now.warm.sample_at(beat))
        for block in (first - 1, first, first + 1):
            if not now.warm.has(block):
                return Make(now.warm, block)
    return None
