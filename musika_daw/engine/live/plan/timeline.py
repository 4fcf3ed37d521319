"""The timeline: which render of the song plays from which sample of the stream on, with a crossfade at every splice.

The stream is what goes to the bus, counted in samples from the start of the process; it never stops. Song position is
a function of it: each segment says where in the song it begins. A segment without a render is silence (the transport
stands still). Nothing here knows of clocks or threads, so that a replay splices as the live process did.
"""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Iterator

import numpy as np

from musika_daw.engine.live.plan.render import AudioArray, Render, Stems, silence
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.music.notes import MIX

FADE = 512  # samples of a crossfade; the new segment is whole where it starts
_RISE = (0.5 - 0.5 * np.cos(np.pi * (np.arange(FADE) + 0.5) / FADE)).astype(np.float32)


class Timeline:
    """Segments in order of the stream.

    Attributes:
        stems: that are read: those given, and the `mix` of models that make nothing else.
    """

    def __init__(self, first: Segment, stems: tuple[str, ...]) -> None:
        self.segments: tuple[Segment, ...] = (first,)
        self.stems = stems if MIX in stems else (*stems, MIX)

    def index_at(self, stream: int) -> int:
        return max(0, bisect.bisect_right([s.start for s in self.segments], stream) - 1)

    def at(self, stream: int) -> Segment:
        """The segment that is whole at a sample."""
        return self.segments[self.index_at(stream)]

    def meant_at(self, stream: int) -> Segment:
        """The segment that is to be heard at a sample, whatever fallback stands in for it."""
        index = self.index_at(stream)
        while index and self.segments[index].fallback:
            index -= 1
        return self.segments[index]

    @property
    def plan(self) -> Segment:
        """The last segment that is meant to be heard."""
        return next(s for s in reversed(self.segments) if not s.fallback)

    def beat_at(self, stream: int) -> float:
        return self.at(stream).beat_at(stream)

    def splice(self, *segments: Segment) -> None:
        """Plays these instead of whatever was planned from the start of the first one on."""
        kept = [s for s in self.segments if s.start < segments[0].start]
        self.segments = (*kept, *segments)

    def prolong(self, stream: int) -> None:
        """Puts the fallback segment at the end off until `stream`, or drops it where it can no longer help."""
        *kept, fallback = self.segments
        assert fallback.fallback and fallback.render is not None
        put_off = dataclasses.replace(fallback, start=stream, beat=kept[-1].beat_at(stream))
        useful = (put_off.made_until(stream) or stream) > stream
        self.segments = (*kept, put_off) if useful else tuple(kept)

    def cut(self, stream: int) -> None:
        """Plans nothing new from a sample on: what is heard there goes on."""
        self.segments = tuple(s for s in self.segments if s.start < stream)

    def forget(self, before: int) -> None:
        """Lets segments and blocks go that were played."""
        first = self.segments.index(self.meant_at(before))
        played, self.segments = self.segments[:first], self.segments[first:]
        kept = {segment.render for segment in self.segments}
        for segment in played:
            if segment.render is not None and segment.render not in kept:
                segment.render.let_go()
        needed: dict[Render, list[tuple[int, int | None]]] = {}
        for segment, begin, end in self._spans(before):
            if segment.render is not None:
                block = segment.render.block_at
                # What is planned is to be heard again, whatever fallback stands in for it.
                last = None if end is None or segment is self.plan else block(segment.song_sample(end))
                needed.setdefault(segment.render, []).append((block(segment.song_sample(begin - FADE)), last))
        for render, spans in needed.items():
            render.keep(spans)

    def _spans(self, first: int) -> Iterator[tuple[Segment, int, int | None]]:
        """Segments that are heard from `first` on, each with the samples between which it is, the last for ever."""
        segments = self.segments[self.index_at(first) :]
        for i, segment in enumerate(segments):
            begin = first if i == 0 else max(first, segment.start - FADE)
            yield segment, begin, segments[i + 1].start if i + 1 < len(segments) else None

    def gap(self, stream: int, fallbacks: bool = True) -> tuple[Segment, int] | None:
        """The first sample from `stream` on that cannot be read, and whose it is; None: everything can be read.

        `fallbacks`: whether what a fallback segment has counts.
        """
        first: tuple[Segment, int] | None = None
        for segment, begin, end in self._spans(stream):
            if first is not None and first[1] <= begin:
                break  # a segment's fade begins before the one under it ends: so far both had to be looked at
            if segment.fallback and not fallbacks and end is None:
                made: int | None = max(segment.start, stream)
                segment = self.meant_at(max(segment.start, stream))
            else:
                made = segment.made_until(begin)
            if made is not None and (end is None or made < end) and (first is None or made < first[1]):
                first = segment, made
        return first

    def read(self, first: int, end: int) -> Stems | None:
        """Dry stems of stream samples `[first, end)`; None if something of it is not made."""
        parts: list[tuple[Segment, int, Stems]] = []
        for segment, begin, until in self._spans(first):
            stop = end if until is None else min(end, until)
            if begin < stop:
                part = self._part(segment, begin, stop)
                if part is None:
                    return None
                parts.append((segment, begin, part))
        if len(parts) == 1:
            return parts[0][2]
        out = {stem: np.zeros((2, end - first), np.float32) for stem in self.stems}
        for i, (segment, begin, part) in enumerate(parts):
            _lay(out, part, begin - first, FADE if i == 0 else begin - (segment.start - FADE))
        return out

    def _part(self, segment: Segment, begin: int, end: int) -> Stems | None:
        if segment.render is None:
            return silence(self.stems, end - begin)
        made = segment.render.read(segment.song_sample(begin), segment.song_sample(end))
        return None if made is None else {**silence(self.stems, end - begin), **made}


def _lay(out: dict[str, AudioArray], part: Stems, at: int, faded: int) -> None:
    """Lays `part` over what is there from sample `at` on; `faded` samples of its crossfade are over by then."""
    samples = next(iter(part.values())).shape[1]
    rise = _RISE[min(faded, FADE) :][:samples]
    n = len(rise)
    for stem, audio in part.items():
        under = out[stem][:, at : at + samples]
        under[:, :n] += rise * (audio[:, :n] - under[:, :n])
        under[:, n:] = audio[:, n:]
