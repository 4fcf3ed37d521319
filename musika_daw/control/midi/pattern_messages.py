"""The notes of the patterns that are heard, as MIDI messages at the moments of their sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from musika_daw.control.midi.channels import STEM_CHANNELS
from musika_daw.control.midi.messages import NOTE_OFF, NOTE_ON, Message
from musika_daw.control.midi.timed_sender import Due
from musika_daw.engine.live.output.played import Stretch
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.music.notes import Note

_SAME_BEATS = 1e-3  # notes of two renders that begin so close to each other are one
_SAME_SAMPLES = 64


class PlayedSong(Protocol):
    """The song that is heard (`engine.live.output.played.Played`)."""

    def stream_at(self, seconds: float) -> int: ...
    def seconds_at(self, stream: int) -> float: ...
    def stretches(self, first: int, end: int) -> list[Stretch]: ...


@dataclass
class _Sounding:
    note: Note
    stream: int  # where it began


class PatternMessages:
    """A stem's notes on its channel. A note ends where it does, where its pitch begins again, and where it is not
    played any more: after a stop, a jump, or a move that changed the pattern."""

    def __init__(self, song: PlayedSong, channels: Mapping[str, int] = STEM_CHANNELS) -> None:
        """`channels`: of the stems that are sent, 1-16."""
        self._song, self._channels = song, channels
        self._sounding: dict[tuple[str, int], _Sounding] = {}
        self._stream: int | None = None  # told until here
        self._segment: Segment | None = None

    def between(self, seconds: float, end_seconds: float) -> list[Due]:
        end = self._song.stream_at(end_seconds)
        first, self._stream = self._stream if self._stream is not None else end, max(end, self._stream or 0)
        told: list[tuple[int, Message]] = []
        for stretch in self._song.stretches(first, end) if first < end else ():
            if stretch.segment is not self._segment:
                self._turn(stretch, told)
            if stretch.segment.render is not None:
                self._play(stretch, told)
        told.sort(key=lambda event: (event[0], event[1].kind == NOTE_ON))
        return [(self._song.seconds_at(stream), message) for stream, message in told]

    def end(self) -> list[Message]:
        return [self._off(stem, pitch) for stem, pitch in tuple(self._sounding)]

    def _turn(self, stretch: Stretch, told: list[tuple[int, Message]]) -> None:
        """Another segment: what it does not play on ends."""
        self._segment = stretch.segment
        beat = stretch.beats[0]
        song = stretch.segment.render.song if stretch.segment.render is not None else None
        for stem, pitch in tuple(self._sounding):
            sounding = self._sounding[stem, pitch]
            played_on = song.sounding(stem, beat, beat + _SAME_BEATS) if song is not None else []
            same = [n for n in played_on if n.pitch == sounding.note.pitch and _begin_together(n, sounding.note)]
            if same:
                sounding.note = same[0]
            else:
                told.append((stretch.first, self._off(stem, pitch)))

    def _play(self, stretch: Stretch, told: list[tuple[int, Message]]) -> None:
        segment, (beat, end_beat) = stretch.segment, stretch.beats
        assert segment.render is not None
        for stem, channel in self._channels.items():
            for note in segment.render.song.notes(stem, beat, end_beat):
                stream, pitch = segment.stream_at(note.start_beat), min(127, max(0, note.pitch))
                before = self._sounding.get((stem, pitch))
                if before is not None and stream - before.stream < _SAME_SAMPLES:
                    continue
                self._end_notes(stem, segment, stream + 1, told)
                if (stem, pitch) in self._sounding:
                    told.append((stream, self._off(stem, pitch)))
                velocity = min(127, max(1, round(note.strength * 127)))
                told.append((stream, Message(NOTE_ON, channel, (pitch, velocity))))
                self._sounding[stem, pitch] = _Sounding(note, stream)
            self._end_notes(stem, segment, stretch.end, told)

    def _end_notes(self, stem: str, segment: Segment, end: int, told: list[tuple[int, Message]]) -> None:
        """Ends what ends before a sample of the stream."""
        for name, pitch in tuple(self._sounding):
            if name == stem:
                stream = segment.stream_at(self._sounding[stem, pitch].note.end_beat)
                if stream < end:
                    told.append((stream, self._off(stem, pitch)))

    def _off(self, stem: str, pitch: int) -> Message:
        del self._sounding[stem, pitch]
        return Message(NOTE_OFF, self._channels[stem], (pitch, 0))


def _begin_together(one: Note, other: Note) -> bool:
    return abs(one.start_beat - other.start_beat) < _SAME_BEATS
