"""Notes to and from standard MIDI files."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import mido

from musika_daw.engine.take.disk import disk_error
from musika_daw.errors import UserError
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import TempoMap

TICKS_PER_BEAT = 960
DRUM_CHANNEL = 10
_EARLY_BEATS = 0.125  # micro-timing moves a note at most this far ahead of its step
_LARGEST_FILE_BYTES = 16 * 2**20
_NOTE_OFF, _NOTE_ON = 0, 1  # in this order where they fall on one tick


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

    Notes that start within the stretch are written, cut where it ends; one that micro-timing pulls just ahead of its
    start is put on tick 0. Of the same pitch only one can sound in MIDI: a note ends where the next one starts.
    Slides are left out, their notes stay.

    Args:
        notes: in any order, song position in beats.
        tempo_map: ramps are written as a step on every beat.
        name: of the track.
        channel: 1 to 16; `DRUM_CHANNEL` for drums.
    """
    end_tick = round(length_beats * TICKS_PER_BEAT)
    conductor = mido.MidiTrack([mido.MetaMessage("time_signature", numerator=BEATS_PER_BAR, denominator=4, time=0)])
    steps = _tempo_steps(tempo_map, first_beat, length_beats)
    tempi = [(tick, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))) for tick, bpm in steps]
    _append(conductor, tempi, end_tick)
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=name, time=0)])
    _append(track, _messages(notes, first_beat, end_tick, channel - 1), end_tick)
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT)
    file.tracks.extend([conductor, track])
    try:
        file.save(path)
    except OSError as error:
        raise disk_error("write", path, error) from error


def read_midi(path: Path) -> tuple[Note, ...]:
    """The notes of a standard MIDI file (`read_clip`)."""
    return read_clip(path)[0]


def read_clip(path: Path) -> tuple[tuple[Note, ...], float]:
    """The notes of a standard MIDI file, all tracks and channels together, in order of time; and its length in beats.

    Positions are in beats (the file's tempo does not matter); notes never released end with the file.

    Raises:
        UserError: no MIDI file, a damaged one, or one without notes.
    """
    file = _load(path)
    ticks_per_beat = int(file.ticks_per_beat)
    spans: list[tuple[int, int, int, int]] = []  # start tick, end tick, pitch, velocity
    last_tick = max((sum(message.time for message in track) for track in file.tracks), default=0)
    for track in file.tracks:
        held: dict[tuple[int, int], deque[tuple[int, int]]] = defaultdict(deque)
        tick = 0
        for message in track:
            tick += message.time
            if message.type not in ("note_on", "note_off"):
                continue
            waiting = held[message.channel, message.note]
            if message.type == "note_on" and message.velocity > 0:
                waiting.append((tick, message.velocity))
            elif waiting:
                start, velocity = waiting.popleft()
                spans.append((start, tick, message.note, velocity))
        for (_, pitch), waiting in held.items():
            spans.extend((start, last_tick, pitch, velocity) for start, velocity in waiting)
    if not spans:
        raise UserError(f"{path} holds no notes: expected a MIDI file (.mid) with at least one")
    notes = tuple(
        Note(start / ticks_per_beat, max(end - start, 1) / ticks_per_beat, pitch, velocity / 127.0)
        for start, end, pitch, velocity in sorted(spans)
    )
    return notes, last_tick / ticks_per_beat


def _load(path: Path) -> mido.MidiFile:
    try:
        if path.stat().st_size > _LARGEST_FILE_BYTES:
            raise UserError(f"{path} is too large for a MIDI file of notes: expected at most 16 MB")
        with open(path, "rb") as stream:
            if stream.read(4) != b"MThd":
                raise UserError(f"{path} is not a MIDI file: expected a standard MIDI file (.mid)")
            stream.seek(0)
            file = mido.MidiFile(file=stream, clip=True)
    except EOFError as error:
        raise UserError(f"{path} is damaged: the MIDI file ends too early; export it again") from error
    except OSError as error:
        if error.errno is None:  # mido's own complaints about the contents
            raise UserError(f"{path} is damaged: {error}; export it again") from error
        raise disk_error("read", path, error) from error
    except UserError:
        raise
    except Exception as error:  # mido raises whatever a damaged byte leads to (KeyError, IndexError, ...)
        raise UserError(f"{path} is damaged: it cannot be read as a MIDI file; export it again") from error
    if file.ticks_per_beat <= 0:
        raise UserError(f"{path} counts time in film frames, not in beats: export it with ticks per quarter note")
    if file.type == 2:
        raise UserError(f"{path} holds separate sequences (MIDI file type 2): export it as type 0 or 1")
    return file


def _tempo_steps(tempo_map: TempoMap, first_beat: float, length_beats: float) -> Iterator[tuple[int, float]]:
    """(tick, bpm) wherever the tempo changes; a ramp changes on every beat."""
    beats = {first_beat}
    if tempo_map.ramps:
        last_point = tempo_map.points[-1][0]
        beats.update(first_beat + i for i in range(1, math.ceil(length_beats)) if first_beat + i <= last_point)
    beats.update(beat for beat, _ in tempo_map.points if first_beat < beat < first_beat + length_beats)
    before = 0.0
    for beat in sorted(beats):
        bpm = tempo_map.bpm_at(beat)
        if bpm != before:
            yield round((beat - first_beat) * TICKS_PER_BEAT), bpm
        before = bpm


def _messages(notes: Sequence[Note], first_beat: float, end_tick: int, channel: int) -> list[tuple[int, mido.Message]]:
    """(tick, message) of every onset and release in the stretch, in order."""
    by_pitch: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)  # pitch -> start tick -> end tick, velocity
    for note in notes:
        if not all(map(math.isfinite, (note.start_beat, note.length_beats, note.strength))):
            raise UserError(f"a note of pitch {note.pitch} has no place or strength that is a number")
        start = round((note.start_beat - first_beat) * TICKS_PER_BEAT)
        if not -_EARLY_BEATS * TICKS_PER_BEAT <= start < end_tick:
            continue
        end = min(max(round((note.end_beat - first_beat) * TICKS_PER_BEAT), start + 1), end_tick)
        start, end = max(start, 0), max(end, 1)
        velocity = min(max(round(note.strength * 127), 1), 127)
        pitch = min(max(note.pitch, 0), 127)
        by_pitch[pitch][start] = max((end, velocity), by_pitch[pitch].get(start, (0, 0)))
    events: list[tuple[int, int, int, int]] = []
    for pitch, spans in by_pitch.items():
        starts = sorted(spans)
        for start, after in zip(starts, [*starts[1:], end_tick], strict=True):
            end, velocity = spans[start]
            events.append((start, _NOTE_ON, pitch, velocity))
            events.append((min(end, after), _NOTE_OFF, pitch, 0))
    return [
        (tick, mido.Message("note_on" if kind == _NOTE_ON else "note_off", channel=channel, note=pitch, velocity=level))
        for tick, kind, pitch, level in sorted(events)
    ]


def _append(track: mido.MidiTrack, messages: Sequence[tuple[int, mido.Message]], end_tick: int) -> None:
    """Adds messages at absolute ticks, in order, and the end of the track at `end_tick`."""
    now = 0
    for tick, message in messages:
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=max(end_tick - now, 0)))
