"""Where the host will be."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from musika_daw.controls.state import ControlState
from musika_daw.plugin.layout import BLOCK_FRAMES
from musika_daw.plugin.serve.path import Place, path_of
from musika_daw.plugin.serve.segment import Request
from musika_daw.plugin.serve.versions import Version, Versions

RATE, BPM = 48000.0, 120.0
BEAT = round(RATE * 60 / BPM)
OLD, NEW = (Version(number, BPM, RATE, cast(Any, None), ControlState()) for number in (1, 2))
PLAYING = Request(1, (), "", BPM, RATE, True, False, 2.0, 0.0, None, 1, 0.0, 0, {})


def first_samples(path: list[Place], version: Version) -> list[int]:
    return [place.sample for place in path if place.version is version]


def test_blocks_follow_on_where_the_host_is() -> None:
    path = path_of(PLAYING, OLD, OLD, 0.2)
    assert [place.sample for place in path][:2] == [2 * BEAT, (2 * BEAT // BLOCK_FRAMES + 1) * BLOCK_FRAMES]
    assert all(place.distance == place.sample - 2 * BEAT for place in path)
    assert {place.entry for place in path} == {2 * BEAT}


def test_at_the_end_of_the_loop_it_goes_on_from_its_start() -> None:
    path = path_of(dataclasses.replace(PLAYING, loop=(0.0, 3.0)), OLD, OLD, 2.0)
    again = next(place for place in path if place.entry is None)
    assert (again.sample, again.distance) == (0, BEAT)
    assert path[-1].sample < 3 * BEAT


def test_what_waits_for_its_place_is_played_from_there_on() -> None:
    request = dataclasses.replace(PLAYING, serial=2, land_at=4.0)
    path = path_of(request, OLD, NEW, 2.0)
    assert max(first_samples(path, OLD)) < 4 * BEAT
    landed = next(place for place in path if place.version is NEW)
    assert (landed.sample, landed.distance, landed.entry) == (4 * BEAT, 2 * BEAT, 4 * BEAT)


def test_what_has_just_landed_begins_where_it_would_have_if_it_was_known_before() -> None:
    at = 4.0 + 0.4 / BEAT  # between two samples
    early = dataclasses.replace(PLAYING, serial=2, land_at=at)
    begun = next(place for place in path_of(early, OLD, NEW, 2.0) if place.version is NEW)
    late = dataclasses.replace(PLAYING, serial=2, landed=2, quarters=4.0 + 1.3 / BEAT, land_at=at)
    assert path_of(late, NEW, NEW, 2.0)[0] == dataclasses.replace(begun, distance=0)


def test_what_waits_beyond_the_loop_is_played_from_its_start() -> None:
    request = dataclasses.replace(PLAYING, serial=2, land_at=64.0, loop=(0.0, 3.0))
    path = path_of(request, OLD, NEW, 2.0)
    assert first_samples(path, NEW)[0] == 0 and max(first_samples(path, OLD)) < 3 * BEAT


def test_a_version_that_waits_and_is_moved_on_is_never_heard(tiny_model: Any) -> None:
    from musika_daw.engine.models.load_model import load_model
    from musika_daw.plugin.parameters import parameters

    versions = Versions(lambda name: load_model(str(tiny_model)))
    standing = tuple(each.default for each in parameters())
    request = dataclasses.replace(PLAYING, values=standing)
    first = versions.want(request)
    for serial in (2, 3):
        moved = (0.1 * serial, *standing[1:])
        waiting = dataclasses.replace(request, serial=serial, values=moved, land_at=4.0)
        wanted = versions.want(waiting)
        assert [(heard.version, heard.serial) for heard in versions.recent] == [(wanted, serial), (first, 1)]
    back = versions.want(dataclasses.replace(request, serial=4, land_at=4.0))
    assert back is first and [heard.serial for heard in versions.recent] == [1]
