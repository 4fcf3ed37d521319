"""Where a change can be heard, and what has to be made for it: pure functions of the situation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from musika_daw.engine.live.plan.change import Change
from musika_daw.engine.live.plan.render import BLOCK_SAMPLES
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.situation import Adjust, Make, Situation, Splice
from musika_daw.engine.live.plan.timeline import FADE

SAFE_SECONDS = 1.0  # always made ahead, whatever else there is to do: other programs want the processor, too
_SLOW = 1.5  # how much longer a block may take than those before it


def go_on(now: Situation, change: Change) -> Make | Adjust | Splice:
    """The next step of a change whose notes are there, once what is heard meanwhile lasts."""
    if change.landing is not None:
        return _land(now, change, change.landing)
    if change.render is None:
        return Splice((change.segment(now.timeline, now.earliest),), ends=True)
    if change.aim is None:
        return Adjust(_within_loop(now, _aimed(now, change, FADE)))
    missing = _first_unmade(change.aim, change.aim.start + change.reach)
    if missing is not None:
        return Make(change.render, missing)
    for start in (now.earliest, max(now.earliest, change.aim.start), now.soon):
        if segments := audible(now, change.segment(now.timeline, start)):
            return Splice(segments, ends=True)
    # A jump goes to the same place at every attempt: what was not enough will not be, unless there is more.
    return Adjust(_within_loop(now, _aimed(now, change, 2 * FADE + reserve(now))))


def audible(now: Situation, segment: Segment) -> tuple[Segment, ...]:
    """Segments that make one heard: itself, and what was planned before in place of what is not made of it yet.

    Empty if too little is made and nothing can stand in.
    """
    until = segment.made_until(segment.start - FADE)
    if until is None or until <= segment.start + FADE:
        return ()
    # What can be read has to last until the next block is made.
    enough = now.cursor + reserve(now)
    old = now.timeline.at(until)
    fallback = Segment(until, segment.beat_at(until), old.render, old.controls, fallback=True)
    if old.render is not None and (fallback.made_until(until - FADE) or 0) > max(until + FADE, enough):
        return segment, fallback
    return (segment,) if until > enough else ()


def reserve(now: Situation) -> int:
    """Samples in which the next block is made for certain, its fade included."""
    # No more than is always made ahead: or one block that took for ever would keep moves away for long.
    seconds = min(SAFE_SECONDS, max(_SLOW * now.costs.block_seconds, now.costs.longest_seconds))
    return FADE + now.samples(seconds)


def past_border(segment: Segment) -> int:
    """Samples by which a segment has to start later so that its fade need not be made of two blocks."""
    left = -segment.song_sample(segment.start - FADE) % BLOCK_SAMPLES
    return left if left < 2 * FADE else 0


def _aimed(now: Situation, change: Change, reach: int) -> Change:
    """The change with a place that it can be heard at if nothing takes longer than usual."""
    aim = change.segment(now.timeline, now.soon)
    aim = change.segment(now.timeline, aim.start + past_border(aim))
    return replace(change, aim=aim, reach=reach)


def _within_loop(now: Situation, change: Change) -> Change:
    """The change; with the loop's jump if it cannot be heard before that."""
    end = now.loop_end()
    if end is None or change.aim is None or change.after.jump is not None or change.aim.start < end[1]:
        return change
    after = replace(change.after, jump=now.loop[0])
    return replace(change, moves=change.moves + now.jump, after=after, landing=end[0], aim=None)


def _land(now: Situation, change: Change, landing: float) -> Make | Adjust | Splice:
    """The next step of a change that is to be heard at a place on the grid."""
    render, start = change.render, now.timeline.plan.stream_at(landing)
    assert render is not None
    if start - FADE < now.cursor:
        # Too late. A jump is where it would be by now; anything else must not make one.
        return Adjust(replace(change, landing=None, place=start + _passes(now, start)))
    beat = landing if change.after.jump is None else change.after.jump
    segment = Segment(start, beat, render, change.after.controls, change.moves, recallable=landing)
    if segments := audible(now, segment):
        return Splice(segments, ends=True)
    until = segment.made_until(start - FADE)
    assert until is not None
    return Make(render, segment.block_at(until))


def _passes(now: Situation, start: int) -> int:
    """Samples of whole passes of the loop that have gone by since a sample of the stream."""
    begin, end = now.loop
    render = now.timeline.plan.render
    if render is None or not begin < end:
        return 0
    length = render.sample_at(end) - render.sample_at(begin)
    return (now.soon - start) // length * length


def _first_unmade(segment: Segment, end: int) -> int | None:
    """The first block that is missing between a segment's fade and a sample of the stream, that one included."""
    return next((segment.block_at(at) for at in _places(segment, end) if not segment.has(at)), None)


def _places(segment: Segment, end: int) -> Iterator[int]:
    yield from range(segment.start - FADE, end, BLOCK_SAMPLES)
    yield end
