"""What the stems play, told bar by bar."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from musika_daw.control.handlers.bars import BarsHandler, notes_text
from musika_daw.music.notes import Note


class Song:
    """One note a bar, its pitch the bar's number and more."""

    def __init__(self, pitch: int) -> None:
        self.pitch = pitch
        self.asked: list[tuple[str, float]] = []

    def notes(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        assert end_beat == first_beat + 4
        self.asked.append((stem, first_beat))
        return [Note(first_beat + 1.5, 0.5, self.pitch, 100 / 127)]


class Stream:
    """A stream of one sample a beat."""

    def __init__(self) -> None:
        self.song: Song | None = Song(40)
        self.render: Any = SimpleNamespace(song=self.song)

    def play(self, pitch: int) -> None:
        self.song = Song(pitch)
        self.render = SimpleNamespace(song=self.song)

    def stream_at(self, seconds: float) -> int:
        return round(seconds)

    def meant_at(self, stream: int) -> Any:
        beat_at: Callable[[int], float] = float
        return SimpleNamespace(render=self.render, beat_at=beat_at)


def part_of(stream: Stream) -> BarsHandler:
    part = BarsHandler(stream, lambda: ("bass",))  # type: ignore[arg-type]
    part.close()
    part.notices()
    part._told.clear()
    part._asked.clear()
    return part


def told(part: BarsHandler) -> list[tuple[Any, ...]]:
    return [notice.values for notice in part.notices()]


def test_this_bar_and_the_next_three_are_told_once() -> None:
    part = part_of(stream := Stream())
    part.look(9.0)
    assert told(part) == [("bass", start, "40 1.5 0.5 100") for start in (8.0, 12.0, 16.0, 20.0)]
    assert stream.song is not None
    asked = len(stream.song.asked)
    part.look(10.0)
    assert told(part) == [] and len(stream.song.asked) == asked
    part.look(12.0)
    assert told(part) == [("bass", 24.0, "40 1.5 0.5 100")]


def test_a_splice_tells_what_changes_and_nothing_else() -> None:
    part = part_of(stream := Stream())
    part.look(0.0)
    told(part)
    stream.play(40)
    part.look(1.0)
    assert told(part) == []
    stream.play(50)
    part.look(2.0)
    assert [values[2] for values in told(part)] == ["50 1.5 0.5 100"] * 4


def test_a_loop_tells_its_bars_again() -> None:
    part = part_of(Stream())
    for beat in (0.0, 4.0, 8.0, 0.0):
        part.look(beat)
    assert [values[1] for values in told(part)] == [0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 0.0, 4.0]


def test_nothing_is_told_while_nothing_plays() -> None:
    part = part_of(stream := Stream())
    stream.render = None
    part.look(3.0)
    assert told(part) == []


def test_notes_as_text() -> None:
    assert (
        notes_text([Note(4.25, 0.125, 36, 1.0), Note(5.0, 1 / 3, 60, 0.001)], 4.0) == "36 0.25 0.125 127, 60 1 0.3333 1"
    )
    assert notes_text([], 4.0) == ""
