"""Dry stems of a version from a place on, made ahead by other threads, so that whoever plays them never waits."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from musika_daw.engine.bus.priority import defer_this_thread
from musika_daw.engine.live.plan.render import AudioArray
from musika_daw.engine.own.chunks import LIVE, OFFLINE
from musika_daw.model.autoencoder import FRAME
from musika_daw.plugin.serve.versions import Version

Dry = dict[str, AudioArray]
LONG, SHORT = OFFLINE * FRAME, LIVE * FRAME
_AHEAD = 2  # long chunks in the making


class Pools:
    """Threads that all instances share: those that make chunks, and those that decode their stems. Short chunks have
    threads of their own: they are wanted at once, and a long one that is being made takes a while."""

    def __init__(self, threads: int) -> None:
        self.long_makers = ThreadPoolExecutor(_AHEAD, "musika-chunk")
        self.long_decoders = ThreadPoolExecutor(threads, "musika-decode")
        self.short_makers = ThreadPoolExecutor(1, "musika-short")
        self.short_decoders = ThreadPoolExecutor(threads, "musika-decode-short")
        self.effects = ThreadPoolExecutor(threads, "musika-effects")
        self.ahead = ThreadPoolExecutor(1, "musika-prefetch", defer_this_thread)


class DryFeed:
    """The stems of a song, chunk by chunk.

    A stretch that is wanted at once comes in short chunks, up to a border of the long ones, which `render` makes.
    """

    def __init__(self, version: Version, begin: int, pools: Pools, short_until: int | None = None) -> None:
        """Begins to make them.

        Args:
            begin: sample of the engine, the first that comes.
            short_until: short chunks up to the border of long ones that follows on this sample; None: none.
        """
        self._version, self._begin, self._pools = version, begin, pools
        border = begin if short_until is None else -(-short_until // LONG) * LONG
        self._chunks = _plan(begin, border)
        self._making: deque[tuple[int, Future[Dry]]] = deque()
        self._fill()

    @property
    def ready(self) -> bool:
        return self._making[0][1].done()

    def take(self) -> Dry:
        """The next stretch, as long as its chunk."""
        start, made = self._making.popleft()
        dry = made.result()
        self._fill()
        cut = max(self._begin - start, 0)
        return {stem: audio[:, cut:] for stem, audio in dry.items()} if cut else dry

    def close(self) -> None:
        """Gives up what is not begun."""
        for _, made in self._making:
            made.cancel()

    def _fill(self) -> None:
        while not self._making or (len(self._making) < _AHEAD and not self._short):
            start, size, number = next(self._chunks)
            self._short = size == SHORT
            pools = self._pools
            if self._short:
                chunks, makers, decoders = self._version.short_chunks, pools.short_makers, pools.short_decoders
            else:
                chunks, makers, decoders = self._version.long_chunks, pools.long_makers, pools.long_decoders
            made = makers.submit(chunks.audio, number, decoders)
            self._making.append((start, made))

    _short = False


def _plan(begin: int, border: int) -> Iterator[tuple[int, int, int]]:
    """Chunks from a place on: first sample, size, number."""
    if begin < border:
        for number in range(begin // SHORT, border // SHORT):
            yield number * SHORT, SHORT, number
        begin = border
    for number in itertools.count(begin // LONG):
        yield number * LONG, LONG, number
