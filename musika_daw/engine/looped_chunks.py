"""Chunks of a song that returns after some beats: one pass is made, and heard again and again, to the sample.

Bar lines fall between latent frames, and noise belongs to these: a pass made where it is heard would be another one
each time. The pass that is made lies where its notes already ring over from the one before, and its last hundredth of a
second goes over into what leads to its first sample: so it ends as it begins.
"""

from __future__ import annotations

import math
import threading
from concurrent.futures import Executor

import numpy as np

from musika_daw.engine.playable import AudioArray, PlayedChunks, PlayedSong
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.remember import remember

_FADE_SAMPLES = 512
_RINGS_BEATS = 5 * BEATS_PER_BAR  # after which the notes of a pass are those of every other
_KEPT = 4  # chunks: one that is asked for lies over two that are made, over four where the pass ends


class LoopedChunks:
    """Chunks of a song that returns after `beats`.

    Attributes:
        samples: of a chunk.
    """

    def __init__(self, song: PlayedSong, chunks: PlayedChunks, beats: float) -> None:
        """`chunks`: of the song, as it goes on."""
        lines = (line.longest_beats for line in song.score.notes.values())
        self.samples = chunks.samples
        self._chunks, self._beats, self._rate = chunks, beats, song.sample_rate
        self._tempo_map = song.score.tempo_map
        self._first = self._line(math.ceil(max(_RINGS_BEATS, *lines, beats) / beats))
        self._making = threading.Lock()
        self._made = remember(self._make, _KEPT)
        self._decoders: Executor | None = None

    def prepare(self, chunk: int) -> None:
        """Nothing: chunks of a pass are made once, whoever asks first."""

    def audio(self, chunk: int, decoders: Executor) -> dict[str, AudioArray]:
        """Window number (0 starts the song) -> dry stems, left and right `[2, samples]`."""
        place, end = chunk * self.samples, (chunk + 1) * self.samples
        parts: list[dict[str, AudioArray]] = []
        while place < end:
            number = math.floor(self._tempo_map.beat_at((place + 0.5) / self._rate) / self._beats)
            number += (place >= self._line(number + 1)) - (place < self._line(number))
            last = min(end, self._line(number + 1))
            parts.append(self._of_pass(number, place, last, decoders))
            place = last
        return {stem: np.concatenate([part[stem] for part in parts], 1) for stem in parts[0]}

    def _line(self, number: int) -> int:
        """The sample of the song on which a pass begins."""
        return self._tempo_map.sample_at(number * self._beats, self._rate)

    def _of_pass(self, number: int, first: int, end: int, decoders: Executor) -> dict[str, AudioArray]:
        """Samples of the song within one pass."""
        begin, length = self._line(number), self._line(number + 1) - self._line(number)
        made = self._read(self._first + first - begin, self._first + end - begin, decoders)
        fade = begin + length - _FADE_SAMPLES
        if end > fade:
            start = max(first, fade)
            leads = self._read(self._first + start - begin - length, self._first + end - begin - length, decoders)
            share = (np.arange(start - fade, end - fade, dtype=np.float32) + 0.5) / _FADE_SAMPLES
            for stem, audio in made.items():
                audio[:, start - first :] += share * (leads[stem] - audio[:, start - first :])
        return made

    def _read(self, first: int, end: int, decoders: Executor) -> dict[str, AudioArray]:
        """Samples of what is made, as arrays of their own."""
        parts = []
        with self._making:
            self._decoders = decoders
            for chunk in range(first // self.samples, (end - 1) // self.samples + 1):
                origin = chunk * self.samples
                keep = slice(max(first - origin, 0), min(end - origin, self.samples))
                parts.append({stem: audio[:, keep] for stem, audio in self._made(chunk).items()})
        return {stem: np.concatenate([part[stem] for part in parts], 1) for stem in parts[0]}

    def _make(self, chunk: int) -> dict[str, AudioArray]:
        assert self._decoders is not None
        return self._chunks.audio(chunk, self._decoders)
