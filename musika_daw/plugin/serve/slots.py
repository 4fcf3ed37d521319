"""Which blocks are laid into the segment, and which one makes room for the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.plugin.layout import BLOCK_FRAMES, EXACT, SETS, SLOTS, WAYS
from musika_daw.plugin.serve.segment import Segment

_NEAR = 6  # blocks around the place that is played, in which nothing is thrown away that may be in use


@dataclass(frozen=True)
class _Held:
    version: int
    block: int
    quality: int
    valid_from: int


class Slots:
    """The engine's own account of the directory: what it does not hold may be made again."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._held: list[_Held | None] = [None] * SLOTS
        self._playhead = 0
        self._wanted = 0
        self._recent: dict[int, int] = {}  # version -> its place in the line, the wanted one first
        self._loop = range(0)

    def focus(self, playhead: int, versions: Iterable[int], loop: range) -> None:
        """What matters now: the block that is played, versions with the wanted one first, blocks of the loop."""
        self._playhead, self._loop = playhead, loop
        numbers = tuple(versions)
        self._wanted = numbers[0]
        self._recent = {number: place for place, number in reversed(list(enumerate(numbers)))}

    def quality(self, version: int, block: int, frame: int = 0) -> int:
        """How good what there is of a block from a frame on is; 0: nothing."""
        found = (held for held in self._set(block) if held and (held.version, held.block) == (version, block))
        return max((held.quality for held in found if held.valid_from <= frame), default=0)

    def cover(self, version: int, block: int) -> int:
        """How many blocks from one on are there."""
        return next((n for n in range(SETS) if not self.quality(version, block + n, BLOCK_FRAMES - 1)), SETS)

    def put(
        self,
        version: int,
        block: int,
        quality: int,
        valid_from: int,
        audio: NDArray[np.float32],
        notes: NDArray[np.void],
    ) -> None:
        """Lays a block and its notes (`Segment.write`) beside a lesser one of the same place, never over it."""
        if self.quality(version, block, valid_from) == EXACT:
            return
        first = block % SETS * WAYS
        slot = min(range(first, first + WAYS), key=lambda slot: self._worth(slot))
        self._segment.write(slot, version, block, quality, valid_from, audio, notes)
        self._held[slot] = _Held(version, block, quality, valid_from)

    def _set(self, block: int) -> list[_Held | None]:
        first = block % SETS * WAYS
        return self._held[first : first + WAYS]

    def _worth(self, slot: int) -> tuple[int, int, int]:
        held = self._held[slot]
        if held is None:
            return 0, 0, 0
        away = abs(held.block - self._playhead)
        if held.version not in self._recent:
            return 1, -away, 0
        place = self._recent[held.version]
        if away <= _NEAR:
            return 4, -away, -place  # what was heard last is heard still
        if held.version != self._wanted or self.quality(held.version, held.block) > held.quality:
            return 2, -away, -place
        return 3, 0 if held.block in self._loop else -away, 0


def block_of(position: int) -> int:
    """The block in which a sample of the song lies."""
    return position // BLOCK_FRAMES
