"""Where the host will be: places of the song, in the order in which they are played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from musika_daw.plugin.layout import BLOCK_FRAMES
from musika_daw.plugin.serve.segment import Request
from musika_daw.plugin.serve.slots import block_of
from musika_daw.plugin.serve.versions import Version

_LOOP_SECONDS = 3.0  # after the loop's start that are made before the loop ends


@dataclass(frozen=True)
class Place:
    """The first sample of a block that is played, or of what is played of it.

    Attributes:
        sample: of the version, at the host's rate.
        distance: samples from now.
        entry: the sample from which on it is played without a jump before it; None if there is one.
    """

    version: Version
    sample: int
    distance: int
    entry: int | None


def path_of(request: Request, current: Version, wanted: Version, seconds: float) -> list[Place]:
    """Places of the next seconds.

    Args:
        current: the version that is heard where the host is.
        wanted: the one that is heard from where moves land; the same if none wait.
    """
    a_second = request.bpm / 60.0
    found: list[Place] = []
    for begin, end, away in _stretches(request, seconds):
        version = wanted if away > 0.0 else current
        if version is not wanted and begin < request.land_at < end:
            found += _places(current, begin, request.land_at, away, _entry(request, current) if away == 0.0 else None)
            away += (request.land_at - begin) / a_second
            landed = wanted.entry(request.land_at)
            found += _places(wanted, request.land_at, end, away, landed)
        else:
            found += _places(version, begin, end, away, _entry(request, version) if away == 0.0 else None)
    return found


def _entry(request: Request, version: Version) -> int:
    """The sample where the host is; where moves have just landed, it is the same whenever they came."""
    here = version.sample(request.quarters)
    landed = version.entry(request.land_at)
    return landed if landed in (here - 1, here) else here


def _stretches(request: Request, seconds: float) -> Iterator[tuple[float, float, float]]:
    """Begin and end in quarters, and the seconds until they are played: up to the loop's end, and on from its start."""
    a_second = request.bpm / 60.0
    here = request.quarters
    begin, end = max(here, 0.0), here + seconds * a_second
    if request.loop is None or here >= request.loop[1] or end <= request.loop[1]:
        yield begin, end, (begin - here) / a_second
        return
    loop_begin, loop_end = request.loop
    yield begin, loop_end, (begin - here) / a_second
    rest = min(end - loop_end, loop_end - loop_begin, _LOOP_SECONDS * a_second)
    yield loop_begin, loop_begin + rest, (loop_end - here) / a_second


def _places(version: Version, begin: float, end: float, away: float, entry: int | None) -> Iterator[Place]:
    """The first sample, then that of each block that follows."""
    first = sample = version.sample(begin) if entry is None else entry
    last, distance = version.sample(end), round(away * version.rate)
    while sample < last:
        yield Place(version, sample, distance + sample - first, entry)
        sample = (block_of(sample) + 1) * BLOCK_FRAMES
