"""Notes to standard MIDI files: one file a stem, and one of all stems with tempo, key and markers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import mido

from musika_daw.engine.project_files.arrangement import Arrangement
from musika_daw.engine.project_files.automation import CHANNEL, TRACK_NAME
from musika_daw.errors import UserError
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import MODES, Key
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import TempoMap
from musika_daw.storage.files import replace_file

TICKS_PER_BEAT = 960
_EARLY_BEATS = 0.125  # micro-timing moves a note at most this far ahead of its step
_NOTE_OFF, _NOTE_ON = 0, 1  # in this order where they fall on one tick
_MAJOR = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MINOR = ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")

Events = list[tuple[int, mido.Message]]
"""(tick, message), in order."""


def write_midi(
    path: Path,
    notes: Sequence[Note],
    tempo_map: TempoMap,
    first_beat: float,
    length_beats: float,
    *,
    name: str,
    channel: int,
) -> None:
    """Writes what a stem plays between two song positions; the first is tick 0, the last ends the file.

    One track that holds tempo and notes (type 0): of a tempo track of its own some DAWs make a track without notes.
    Notes that start within the stretch are written, cut where it ends; one that micro-timing pulls just ahead of its
    start is put on tick 0. Of the same pitch only one can sound in MIDI: a note ends where the next one starts.
    Slides are left out, their notes stay.

    Args:
        notes: in any order, song position in beats.
        tempo_map: ramps are written as a step on every beat.
        name: of the track.
        channel: 1 to 16; 10 for drums.
    """
    end_tick = _ticks(length_beats)
    events = [*_tempo_events(tempo_map, first_beat, length_beats), *_note_events(notes, first_beat, end_tick, channel)]
    _save(path, [_track(name, sorted(events, key=lambda event: event[0]), end_tick)], kind=0)


def write_song_midi(path: Path, arrangement: Arrangement) -> None:
    """Writes all stems as one file: a track each, before them one of tempo, metre, key and
    markers, and one of the control moves.

    Tick 0 is the start of the take, as in the files of the stems.
    """
    first_beat = arrangement.first_beat
    length_beats = arrangement.last_beat - first_beat
    end_tick = _ticks(length_beats)
    conductor = _tempo_events(arrangement.tempo_map, first_beat, length_beats)
    if arrangement.key is not None:
        conductor.append((0, mido.MetaMessage("key_signature", key=key_signature(arrangement.key))))
    for marker in arrangement.markers:
        conductor.append((_ticks(marker.beat - first_beat), mido.MetaMessage("marker", text=marker.name)))
    tracks = [_track(arrangement.name, sorted(conductor, key=lambda event: event[0]), end_tick)]
    if arrangement.automation:
        tracks.append(_track(TRACK_NAME, _controller_events(arrangement), end_tick))
    for track in arrangement.tracks:
        if track.notes:
            events = _note_events(track.notes, first_beat, end_tick, track.channel)
            tracks.append(_track(track.name, events, end_tick))
    _save(path, tracks, kind=1)


def key_signature(key: Key) -> str:
    """The signature as MIDI names it: of a mode that is neither minor nor major, the major scale of the same notes."""
    if key.mode == "minor":
        return _MINOR[key.tonic]
    major = set(MODES["major"])
    notes = set(key.scale)
    return next(name for tonic, name in enumerate(_MAJOR) if {(tonic + step) % 12 for step in major} == notes)


def _tempo_events(tempo_map: TempoMap, first_beat: float, length_beats: float) -> Events:
    """Metre and tempi. Tempi are whole microseconds in MIDI: each makes up for the rounding of those before it."""
    events: Events = [(0, mido.MetaMessage("time_signature", numerator=BEATS_PER_BAR, denominator=4))]
    steps = tempo_map.steps(first_beat, first_beat + length_beats)
    written = 0.0
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        tick = _ticks(step.beat - first_beat)
        if after is None:
            microseconds = mido.bpm2tempo(step.bpm)
        else:
            beats = (_ticks(after.beat - first_beat) - tick) / TICKS_PER_BEAT
            microseconds = round(((after.seconds - steps[0].seconds) * 1e6 - written) / beats) if beats else 0
            written += microseconds * beats
        if microseconds:
            events.append((tick, mido.MetaMessage("set_tempo", tempo=microseconds)))
    return events


def _note_events(notes: Iterable[Note], first_beat: float, end_tick: int, channel: int) -> Events:
    """Every onset and release in the stretch."""
    by_pitch: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)  # pitch -> start tick -> end tick, velocity
    for note in notes:
        if not all(map(math.isfinite, (note.start_beat, note.length_beats, note.strength))):
            raise UserError(f"a note of pitch {note.pitch} has no place or strength that is a number")
        start = _ticks(note.start_beat - first_beat)
        if not -_EARLY_BEATS * TICKS_PER_BEAT <= start < end_tick:
            continue
        end = min(max(_ticks(note.end_beat - first_beat), start + 1), end_tick)
        start, end = max(start, 0), max(end, 1)
        velocity = min(max(round(note.strength * 127), 1), 127)
        pitch = min(max(note.pitch, 0), 127)
        by_pitch[pitch][start] = max((end, velocity), by_pitch[pitch].get(start, (0, 0)))
    spans: list[tuple[int, int, int, int]] = []
    for pitch, of_pitch in by_pitch.items():
        starts = sorted(of_pitch)
        for start, after in zip(starts, [*starts[1:], end_tick], strict=True):
            end, velocity = of_pitch[start]
            spans.append((start, _NOTE_ON, pitch, velocity))
            spans.append((min(end, after), _NOTE_OFF, pitch, 0))
    kinds = {_NOTE_ON: "note_on", _NOTE_OFF: "note_off"}
    # Checked above, and mido's own checks take longer than all the rest.
    return [
        (tick, mido.Message(kinds[kind], skip_checks=True, channel=channel - 1, note=pitch, velocity=velocity))
        for tick, kind, pitch, velocity in sorted(spans)
    ]


def _controller_events(arrangement: Arrangement) -> Events:
    events: Events = []
    for lane in arrangement.automation:
        for beat, value in lane.points:
            tick = max(_ticks(beat - arrangement.first_beat), 0)
            message = mido.Message(
                "control_change", channel=CHANNEL - 1, control=lane.controller, value=round(value * 127)
            )
            events.append((tick, message))
    return sorted(events, key=lambda event: event[0])


def _track(name: str, events: Events, end_tick: int) -> mido.MidiTrack:
    """A track of messages at absolute ticks, in order, that ends at `end_tick`."""
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name, time=0)])
    now = 0
    for tick, message in events:
        message.time = tick - now  # a copy would be checked all over again, which takes longer than all the rest
        track.append(message)
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=max(end_tick - now, 0)))
    return track


def _save(path: Path, tracks: list[mido.MidiTrack], kind: int) -> None:
    file = mido.MidiFile(type=kind, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    file.tracks.extend(tracks)
    with replace_file(path) as partial:
        file.save(partial)


def _ticks(beats: float) -> int:
    return round(beats * TICKS_PER_BEAT)
