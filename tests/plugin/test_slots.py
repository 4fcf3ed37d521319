"""Which block makes room for which."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from musika_daw.plugin import layout
from musika_daw.plugin.layout import BLOCK_FRAMES, CHANNELS, EXACT, QUICK, SETS
from musika_daw.plugin.serve.segment import SLOT_NOTE, Segment
from musika_daw.plugin.serve.server import sweep
from musika_daw.plugin.serve.slots import Slots

AUDIO = np.ones((CHANNELS, BLOCK_FRAMES), np.float32)
NOTES = np.zeros(0, SLOT_NOTE)


@pytest.fixture
def slots(tmp_path: Path) -> Slots:
    path = tmp_path / "segment"
    with path.open("wb") as file:
        file.truncate(layout.SEGMENT_BYTES)
        header = layout.Header(magic=layout.MAGIC, layout_version=layout.LAYOUT_VERSION)
        file.write(bytes(header))
    made = Slots(Segment(path))
    made.focus(0, [1], range(0))
    return made


def test_what_is_put_is_there(slots: Slots) -> None:
    assert slots.quality(1, 7) == 0
    slots.put(1, 7, QUICK, 100, AUDIO, NOTES)
    assert (slots.quality(1, 7), slots.quality(1, 7, 100), slots.quality(2, 7, 100)) == (0, QUICK, 0)


def test_a_better_one_lies_beside_the_lesser(slots: Slots) -> None:
    slots.put(1, 7, QUICK, 0, AUDIO, NOTES)
    slots.put(1, 7, EXACT, 0, AUDIO, NOTES)
    assert slots.quality(1, 7) == EXACT


def test_old_versions_go_first_then_what_is_far(slots: Slots) -> None:
    slots.focus(0, [2, 1], range(0))
    for version, block in ((1, 0), (2, SETS), (2, 2 * SETS), (3, 3 * SETS)):
        slots.put(version, block, EXACT, 0, AUDIO, NOTES)
    slots.put(2, 4 * SETS, EXACT, 0, AUDIO, NOTES)
    assert slots.quality(3, 3 * SETS) == 0  # nobody wants that version any more
    slots.focus(4 * SETS, [2], range(0))
    slots.put(2, 5 * SETS, EXACT, 0, AUDIO, NOTES)
    assert slots.quality(1, 0) == 0
    slots.put(2, 6 * SETS, EXACT, 0, AUDIO, NOTES)
    assert [slots.quality(2, n * SETS) for n in (1, 2, 4, 5, 6)] == [0, EXACT, EXACT, EXACT, EXACT]


def test_of_what_may_be_in_use_the_oldest_makes_room(slots: Slots) -> None:
    slots.focus(7, [9, 5, 6, 7, 8], range(0))
    for version in (5, 8, 7, 6):
        slots.put(version, 7, EXACT, 0, AUDIO, NOTES)
    slots.put(9, 7, QUICK, 0, AUDIO, NOTES)
    assert [slots.quality(version, 7) for version in (9, 5, 6, 7, 8)] == [QUICK, EXACT, EXACT, EXACT, 0]


def test_what_follows_without_a_gap_covers(slots: Slots) -> None:
    for block in (3, 4, 5, 7):
        slots.put(1, block, EXACT, 0, AUDIO, NOTES)
    assert [slots.cover(1, block) for block in (2, 3, 5, 7)] == [0, 3, 1, 1]


def test_the_loop_stays(slots: Slots) -> None:
    slots.focus(9 * SETS, [1], range(SETS, SETS + 4))
    for number in (1, 2, 3, 4, 5, 6):
        slots.put(1, number * SETS, EXACT, 0, AUDIO, NOTES)
    assert slots.quality(1, SETS) == EXACT


def test_memory_of_the_dead_is_swept(tmp_path: Path) -> None:
    for name in ("musika-daw-4194999-0", "musika-daw-1-0", "musika-daw-notes", "other"):
        (tmp_path / name).touch()
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["musika-daw-1-0", "musika-daw-notes", "other"]
