"""A render of the song: the controls as they stood at one time, and the blocks of audio made of them so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from musika_daw.controls.state import ControlState
from musika_daw.engine.own.chunks import LIVE
from musika_daw.engine.playable import PlayedChunks, PlayedModel, PlayedSong
from musika_daw.engine.score_of import score_of
from musika_daw.model.autoencoder import FRAME

BLOCK_SAMPLES = LIVE * FRAME
AudioArray = NDArray[np.float32]
Stems = Mapping[str, AudioArray]


class Render:
    """Dry stems of a song whose controls never move, block by block.

    One thread makes blocks and forgets them; any may read those that are made.
    """

    def __init__(self, controls: ControlState, model: PlayedModel) -> None:
        self.controls = controls
        self.model = model
        score = score_of(controls)
        self._tempo_map = score.tempo_map
        self._song: PlayedSong | None = model.song(score)
        self.sample_rate = self._song.sample_rate
        self._chunks: PlayedChunks | None = None
        self._blocks: dict[int, Stems] = {}

    @property
    def song(self) -> PlayedSong:
        """What is played; made again where it was let go."""
        song = self._song
        if song is None:
            self._song = song = self.model.song(score_of(self.controls))
        return song

    def sample_at(self, beat: float) -> int:
        return self._tempo_map.sample_at(beat, self.sample_rate)

    def beat_at(self, sample: int) -> float:
        return self._tempo_map.beat_at(sample / self.sample_rate)

    def has(self, block: int) -> bool:
        """Whether a block can be read; what lies before the song is silence and needs no making."""
        return block < 0 or block in self._blocks

    def make(self, block: int, pool: Executor) -> None:
        """Makes a block, its stems side by side in `pool`."""
        if self._chunks is None:
            self._chunks = self.song.chunks(LIVE)
        self._blocks[block] = self._chunks.audio(block, pool)

    def block_at(self, sample: int) -> int:
        """The block that holds a song sample."""
        return sample // BLOCK_SAMPLES

    def keep(self, spans: Sequence[tuple[int, int | None]]) -> None:
        """Lets all blocks go but those from the first to the second of each pair (None: the end)."""
        for block in list(self._blocks):
            if not any(first <= block and (last is None or block <= last) for first, last in spans):
                del self._blocks[block]

    def let_go(self) -> None:
        """Lets everything go that can be made again: who remembers what was played need not remember its sound."""
        self._blocks.clear()
        self._song = self._chunks = None

    def read(self, first: int, end: int) -> Stems | None:
        """Dry stems of song samples `[first, end)`, left and right `[2, end - first]`; None if some are missing."""
        size = BLOCK_SAMPLES
        parts: list[Stems] = []
        for block in range(first // size, (end - 1) // size + 1):
            keep = slice(max(first - block * size, 0), min(end - block * size, size))
            if block < 0:
                parts.append(silence(self.controls.get("stems"), keep.stop - keep.start))
                continue
            made = self._blocks.get(block)
            if made is None:
                return None
            parts.append({stem: audio[:, keep] for stem, audio in made.items()})
        if len(parts) == 1:
            return parts[0]
        return {stem: np.concatenate([part[stem] for part in parts], 1) for stem in parts[0]}


def silence(stems: tuple[str, ...], samples: int) -> Stems:
    nothing = np.zeros((2, samples), np.float32)
    return dict.fromkeys(stems, nothing)
