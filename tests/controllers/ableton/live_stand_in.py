"""A stand-in for Live's Python API, as strict as the real one where a script could get it wrong.

Written from public documentation of Live 12's object model. Its limits: no audio, no undo history, no threads, no
timer of its own (`run_ticks`), every clip stays where it was put. What it holds scripts to: calls that a version lacks
are not there; arguments by position where Live takes no others; warp markers within the file and at 5 to 999 bpm; a
shadow
marker that cannot be removed; MIDI notes as a tuple of specifications; new arrangement clips that are not warped.
"""

from __future__ import annotations

import contextlib
import itertools
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import soundfile


class WarpMarker:
    """`Live.Clip.WarpMarker(sample_time, beat_time)`, the sample time in seconds; no keywords."""

    def __init__(self, sample_time: float, beat_time: float, /) -> None:
        assert isinstance(sample_time, float) and isinstance(beat_time, float)
        self.sample_time, self.beat_time = sample_time, beat_time


@dataclass(frozen=True)
class MidiNoteSpecification:
    """`Live.Clip.MidiNoteSpecification`."""

    pitch: int
    start_time: float
    duration: float
    velocity: float = 100.0
    mute: bool = False

    def __post_init__(self) -> None:
        assert 0 <= self.pitch <= 127 and self.start_time >= 0 and self.duration > 0 and 1 <= self.velocity <= 127


@dataclass
class Clip:
    """A clip of either kind."""

    start_time: float
    length: float
    seconds: float | None = None
    file_path: str = ""
    name: str = ""
    color: int = 0
    looping: bool = False
    loop_end: float = 0.0
    notes: list[MidiNoteSpecification] = field(default_factory=list)
    _warping: bool = False
    _markers: list[WarpMarker] = field(default_factory=list)

    @property
    def warping(self) -> bool:
        return self._warping

    @warping.setter
    def warping(self, on: bool) -> None:
        assert self.seconds is not None, "only audio clips are warped"
        if on and not self._warping:
            # Live guesses a tempo of its own: here 123.4 bpm.
            self._markers = [WarpMarker(0.0, 0.0), WarpMarker(60.0 / 123.4 / 32, 1 / 32)]
        self._warping = on

    @property
    def warp_markers(self) -> tuple[WarpMarker, ...]:
        assert self._warping
        return tuple(sorted(self._markers, key=lambda m: m.beat_time))

    def add_warp_marker(self, marker: WarpMarker, /) -> None:
        assert self._warping and self.seconds is not None
        if not 0 <= marker.sample_time <= self.seconds:
            raise RuntimeError("Warp marker sample time is out of range")
        shadow = max(self._markers, key=lambda m: m.beat_time)
        pinned = [m for m in self._markers if m is not shadow]
        for other in pinned:
            if other.beat_time == marker.beat_time:
                if other.sample_time != marker.sample_time:
                    raise RuntimeError("Segment length out of range")
                return
        pinned = sorted([*pinned, marker], key=lambda m: m.beat_time)
        for a, b in itertools.pairwise(pinned):
            if not 5 <= 60 * (b.beat_time - a.beat_time) / (b.sample_time - a.sample_time) <= 999:
                raise RuntimeError("Segment length out of range")
        last = pinned[-1]
        beats = 1 / 32
        bpm = (
            123.4
            if len(pinned) < 2
            else 60 * (last.beat_time - pinned[-2].beat_time) / (last.sample_time - pinned[-2].sample_time)
        )
        # The shadow marker carries the tempo on behind the last one.
        self._markers = [*pinned, WarpMarker(last.sample_time + beats * 60 / bpm, last.beat_time + beats)]

    def remove_warp_marker(self, beat_time: float, /) -> None:
        shadow = max(self._markers, key=lambda m: m.beat_time)
        assert beat_time != shadow.beat_time, "The shadow marker can't be removed"
        self._markers = [m for m in self._markers if m.beat_time != beat_time]

    def add_new_notes(self, notes: tuple[MidiNoteSpecification, ...], /) -> list[int]:
        assert isinstance(notes, tuple) and self.seconds is None
        self.notes.extend(notes)
        return list(range(len(notes)))


def _audio_clip(path: str, start: float) -> Clip:
    info = soundfile.info(path)
    return Clip(start, info.duration * 2, info.duration, path)


@dataclass
class ClipSlot:
    """A slot of the session view."""

    clip: Clip | None = None

    @property
    def has_clip(self) -> bool:
        return self.clip is not None

    def create_audio_clip(self, path: str, /) -> None:
        assert self.clip is None
        self.clip = _audio_clip(path, 0.0)

    def create_clip(self, length: float, /) -> None:
        assert self.clip is None and length > 0
        self.clip = Clip(0.0, length)

    def delete_clip(self) -> None:
        assert self.clip is not None
        self.clip = None


@dataclass
class Scene:
    """A row of the session view."""

    name: str = ""
    tempo: float = -1.0
    tempo_enabled: bool = False


class Track:
    """Of Live 12.0: arrangement clips come from the session."""

    def __init__(self, audio: bool, scenes: int) -> None:
        self.name, self.color, self.has_audio_input, self.devices = "", 0, audio, []
        self.clip_slots = [ClipSlot() for _ in range(scenes)]
        self.arrangement_clips: list[Clip] = []

    def duplicate_clip_to_arrangement(self, clip: Clip, position: float, /) -> None:
        copy = Clip(float(position), clip.length, clip.seconds, clip.file_path, clip.name, clip.color)
        self.arrangement_clips.append(copy)


class Track121(Track):
    """Of Live 12.1: audio clips go into the arrangement; the call returns nothing."""

    def create_audio_clip(self, path: str, position: float, /) -> None:
        assert isinstance(path, str) and isinstance(position, float) and self.has_audio_input
        self.arrangement_clips.append(_audio_clip(path, position))


class Track124(Track121):
    """Of Live 12.4: MIDI clips too; the calls return the clip."""

    def create_audio_clip(self, path: str, position: float, /) -> Clip:  # type: ignore[override]
        super().create_audio_clip(path, position)
        return self.arrangement_clips[-1]

    def create_midi_clip(self, position: float, length: float, /) -> Clip:
        assert not self.has_audio_input
        self.arrangement_clips.append(Clip(float(position), float(length)))
        return self.arrangement_clips[-1]


TRACKS = {"12.0": Track, "12.1": Track121, "12.4": Track124}


class Observed:
    """Properties with `add_NAME_listener`, `remove_NAME_listener` and `NAME_has_listener`."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Callable[[], None]]] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("add_") and name.endswith("_listener"):
            return self._listeners.setdefault(name[4:-9], []).append
        if name.startswith("remove_") and name.endswith("_listener"):
            return self._listeners.setdefault(name[7:-9], []).remove
        if name.endswith("_has_listener"):
            return lambda listener: listener in self._listeners.get(name[:-13], [])
        raise AttributeError(name)

    def told(self, name: str) -> None:
        for listener in list(self._listeners.get(name, [])):
            listener()


class Song(Observed):
    """The set."""

    def __init__(self, version: str) -> None:
        super().__init__()
        self._track = TRACKS[version]
        self.tracks: list[Track] = []
        self.scenes = [Scene(), Scene()]
        self.is_playing, self.current_song_time, self.tempo = False, 0.0, 120.0
        self.undo_depth = 0

    def begin_undo_step(self) -> None:
        self.undo_depth += 1

    def end_undo_step(self) -> None:
        self.undo_depth -= 1

    def create_audio_track(self, index: int, /) -> None:
        assert index == -1
        self.tracks.append(self._track(True, len(self.scenes)))

    def create_midi_track(self, index: int, /) -> None:
        assert index == -1
        self.tracks.append(self._track(False, len(self.scenes)))

    def create_scene(self, index: int, /) -> Scene:
        assert index == -1
        self.scenes.append(Scene())
        for track in self.tracks:
            track.clip_slots.append(ClipSlot())
        return self.scenes[-1]


class Parameter(Observed):
    """A macro."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.min, self.max, self.value = name, 0.0, 127.0, 0.0

    def turn(self, value: float) -> None:
        self.value = value
        self.told("value")


class Rack:
    """A rack with macros; its first parameter is its switch."""

    can_have_chains = True

    def __init__(self, *names: str) -> None:
        self.parameters = [Parameter("Device On"), *map(Parameter, names)]


class ControlSurface:
    """`ableton.v2.control_surface.ControlSurface`, as much of it as is documented and used."""

    def __init__(self, c_instance: Any) -> None:
        self.song, self.messages = c_instance, []
        self._waiting: list[tuple[int, Callable[[], None]]] = []

    def component_guard(self) -> Any:
        return contextlib.nullcontext()

    def schedule_message(self, ticks: int, callback: Callable[[], None]) -> None:
        assert ticks >= 1
        self._waiting.append((ticks, callback))

    def show_message(self, text: str) -> None:
        self.messages.append(text)

    def disconnect(self) -> None:
        self._waiting = []

    def run_ticks(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            due, self._waiting = self._waiting, []
            for left, callback in due:
                if left > 1:
                    self._waiting.append((left - 1, callback))
                else:
                    callback()


def modules() -> dict[str, types.ModuleType]:
    """`Live` and `ableton.v2.control_surface` under their names."""
    live, clip = types.ModuleType("Live"), types.ModuleType("Live.Clip")
    clip.WarpMarker, clip.MidiNoteSpecification = WarpMarker, MidiNoteSpecification  # type: ignore[attr-defined]
    live.Clip = clip  # type: ignore[attr-defined]
    surface = types.ModuleType("ableton.v2.control_surface")
    surface.ControlSurface = ControlSurface  # type: ignore[attr-defined]
    others = {name: types.ModuleType(name) for name in ("ableton", "ableton.v2")}
    return {"Live": live, "Live.Clip": clip, **others, "ableton.v2.control_surface": surface}
