"""Reaper's project file, as `take.rpp`: text, one element a line, blocks between `<NAME` and `>`.

Element names are those that Reaper writes itself; whatever is left out it fills with its defaults. Reaper's own gradual
tempo changes are linear in time, ours in beats, so a ramp is written as a step on every beat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from musika_daw.controls.colours import stem_colour
from musika_daw.engine.project_files.arrangement import Arrangement, Track
from musika_daw.engine.project_files.automation import CHANNEL, TRACK_NAME
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.storage.files import write_text

_TICKS_PER_BEAT = 960
_SQUARE = 1  # shape of an envelope point: the value holds until the next one
_CUSTOM_COLOUR = 0x1000000
_METRE = 4 << 16 | BEATS_PER_BAR  # denominator and numerator as tempo points hold them
_ALL_NOTES_OFF = "b0 7b 00"  # Reaper ends a MIDI item with it

Lines = Iterator[str]
Message = tuple[int, str]
"""Tick from the start of the item, and a MIDI message in hexadecimal."""


def write_reaper_project(path: Path, arrangement: Arrangement) -> None:
    """Writes the project; the audio is referred to by name, beside it.

    Raises:
        UserError: the disk refuses it.
    """
    write_text(path, "\n".join(_project(arrangement)) + "\n")


def _project(arrangement: Arrangement) -> Lines:
    yield '<REAPER_PROJECT 0.1 "7.0" 0'
    yield f"  TEMPO {_number(arrangement.tempo_steps(0.0)[0].bpm)} {BEATS_PER_BAR} 4"
    yield f"  SAMPLERATE {arrangement.sample_rate} 0 0"
    yield f"  CURSOR {_number(arrangement.start_seconds)}"
    for i, marker in enumerate(arrangement.markers, 1):
        seconds = arrangement.tempo_map.seconds_at(marker.beat)
        yield f"  MARKER {i} {_number(seconds)} {_quoted(marker.name)} 0"
    yield from _indented(_tempo_envelope(arrangement))
    for track in arrangement.tracks:
        item = _audio_item(arrangement, track)
        yield from _indented(_track(track.colour, track.name, item, track.muted))
    for track in arrangement.tracks:
        if track.notes:
            name = f"{track.name} MIDI"
            messages = _note_messages(track, arrangement.first_beat, _end_tick(arrangement))
            item = _item(arrangement, name, _midi_source(messages, _end_tick(arrangement)))
            yield from _indented(_track(track.colour, name, item))
    if arrangement.automation:
        source = _midi_source(_controller_messages(arrangement), _end_tick(arrangement))
        item = _item(arrangement, TRACK_NAME, source)
        yield from _indented(_track(stem_colour(TRACK_NAME), TRACK_NAME, item))
    yield ">"


def _tempo_envelope(arrangement: Arrangement) -> Lines:
    steps = arrangement.tempo_steps(0.0)
    if len(steps) < 2:
        return
    yield "<TEMPOENVEX"
    yield "  ACT 1 -1"
    yield "  VIS 1 0 1"
    yield f"  DEFSHAPE {_SQUARE} -1 -1"
    for i, step in enumerate(steps):
        metre = f" {_METRE}" if i == 0 else ""
        yield f"  PT {_number(step.seconds)} {_number(step.bpm)} {_SQUARE}{metre}"
    yield ">"


def _track(colour: str, name: str, item: Lines, muted: bool = False) -> Lines:
    yield "<TRACK"
    yield f"  NAME {_quoted(name)}"
    yield f"  PEAKCOL {_colour(colour)}"
    yield f"  MUTESOLO {int(muted)} 0 0"
    yield "  NCHAN 2"
    yield from _indented(item)
    yield ">"


def _item(arrangement: Arrangement, name: str, source: Lines) -> Lines:
    yield "<ITEM"
    yield f"  POSITION {_number(arrangement.start_seconds)}"
    yield f"  LENGTH {_number(arrangement.length_seconds)}"
    yield "  LOOP 0"
    yield f"  NAME {_quoted(name)}"
    yield from _indented(source)
    yield ">"


def _audio_item(arrangement: Arrangement, track: Track) -> Lines:
    source = ("<SOURCE WAVE", f"  FILE {_quoted(track.audio)}", ">")
    yield from _item(arrangement, track.name, iter(source))


def _midi_source(messages: Iterable[Message], end_tick: int) -> Lines:
    yield "<SOURCE MIDI"
    yield f"  HASDATA 1 {_TICKS_PER_BEAT} QN"
    now = 0
    for tick, message in sorted(messages):
        yield f"  E {tick - now} {message}"
        now = tick
    yield f"  E {end_tick - now} {_ALL_NOTES_OFF}"
    yield ">"


def _note_messages(track: Track, first_beat: float, end_tick: int) -> Iterator[Message]:
    """Onsets and releases; releases sort before onsets of the same tick."""
    for note in track.notes:
        start = max(_ticks(note.start_beat - first_beat), 0)
        if start < end_tick:
            stop = min(max(_ticks(note.end_beat - first_beat), start + 1), end_tick)
            pitch, velocity = min(max(note.pitch, 0), 127), min(max(round(note.strength * 127), 1), 127)
            yield start, f"{0x90 | track.channel - 1:02x} {pitch:02x} {velocity:02x}"
            yield stop, f"{0x80 | track.channel - 1:02x} {pitch:02x} 00"


def _controller_messages(arrangement: Arrangement) -> Iterator[Message]:
    for lane in arrangement.automation:
        for beat, value in lane.points:
            tick = max(_ticks(beat - arrangement.first_beat), 0)
            yield tick, f"{0xB0 | CHANNEL - 1:02x} {lane.controller:02x} {round(value * 127):02x}"


def _end_tick(arrangement: Arrangement) -> int:
    return _ticks(arrangement.last_beat - arrangement.first_beat)


def _ticks(beats: float) -> int:
    return round(beats * _TICKS_PER_BEAT)


def _colour(colour: str) -> int:
    """`#rrggbb` as Reaper holds it: blue, green, red, and a flag that it is set."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return _CUSTOM_COLOUR | blue << 16 | green << 8 | red


def _quoted(text: str) -> str:
    """Text between whichever quotes it does not hold itself."""
    for quote in ('"', "'", "`"):
        if quote not in text:
            return f"{quote}{text}{quote}"
    return f"`{text.replace('`', chr(39))}`"


def _number(value: float) -> str:
    return f"{value:.12f}".rstrip("0").rstrip(".") or "0"


def _indented(lines: Lines) -> Lines:
    return (f"  {line}" for line in lines)
