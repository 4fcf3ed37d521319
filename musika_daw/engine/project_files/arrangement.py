"""The arrangement of a take: its tracks, tempo and markers, as every project file tells them."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

from musika_daw.controls.colours import stem_colour
from musika_daw.engine.project_files.automation import Lane
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import Key
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import TempoMap, TempoStep


@dataclass(frozen=True)
class Marker:
    """A place with a name.

    Attributes:
        beat: song position.
    """

    beat: float
    name: str


@dataclass(frozen=True)
class Track:
    """A stem of the take, or its mix.

    Attributes:
        audio: name of its WAV file, which lies beside the project files.
        notes: what it plays, at song positions; empty for the mix.
        channel: MIDI channel of its notes, 1 to 16.
        muted: the mix is, because the stems sound as well.
    """

    name: str
    audio: str
    notes: tuple[Note, ...] = ()
    channel: int = 1
    muted: bool = False

    @property
    def colour(self) -> str:
        return stem_colour(self.name)


@dataclass(frozen=True)
class Arrangement:
    """Everything that project files hold.

    Attributes:
        name: of the take.
        tempo_map: of the song, from its start.
        first_beat: song position where the take starts.
        length_samples, sample_rate: of every WAV file.
        key: that sounds; None if there is none.
        tracks: in the order of the mixer.
        markers: in order of beats, within the take.
        automation: control moves, as lanes of MIDI controllers.
        has_beat: False for sound without a beat: its clips are not to be warped to the grid.
    """

    name: str
    tempo_map: TempoMap
    first_beat: float
    length_samples: int
    sample_rate: int
    key: Key | None
    tracks: tuple[Track, ...]
    markers: tuple[Marker, ...] = ()
    automation: tuple[Lane, ...] = ()
    has_beat: bool = True

    @property
    def length_seconds(self) -> float:
        return self.length_samples / self.sample_rate

    @property
    def start_seconds(self) -> float:
        """From the start of the song to the take's first sample, which lies on a whole one."""
        return self.tempo_map.sample_at(self.first_beat, self.sample_rate) / self.sample_rate

    @cached_property
    def last_beat(self) -> float:
        """Song position of the take's end."""
        return self.tempo_map.beat_at(self.start_seconds + self.length_seconds)

    def beat_markers(self) -> list[tuple[float, float]]:
        """(beat, second) pairs from the start of the take to its end: between them a beat lies on a straight line."""
        steps = self.tempo_steps(self.first_beat)
        inner = [(step.beat - self.first_beat, max(step.seconds - self.start_seconds, 0.0)) for step in steps]
        return [*inner, (self.last_beat - self.first_beat, self.length_seconds)]

    def tempo_steps(self, from_beat: float) -> list[TempoStep]:
        """The tempo from a song position to the end of the take."""
        return self.tempo_map.steps(from_beat, self.last_beat)


def phrase_markers(first_beat: float, last_beat: float, bars: int = 16) -> tuple[Marker, ...]:
    """Markers on the phrases of a take, named by the bar of the song at which each begins."""
    phrase = bars * BEATS_PER_BAR
    inner = (n * phrase for n in itertools.count(math.floor(first_beat / phrase) + 1))
    beats = [first_beat, *itertools.takewhile(lambda beat: beat < last_beat - 1e-6, inner)]
    return tuple(Marker(float(beat), f"bar {math.floor(beat / BEATS_PER_BAR) + 1}") for beat in beats)
