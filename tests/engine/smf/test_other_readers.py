"""What independent readers make of a file, ours makes of it, too."""

from __future__ import annotations

from collections import defaultdict
from io import BytesIO
from pathlib import Path

import mido
import pretty_midi
import pytest
import symusic

from musika_daw.engine.smf.midi_song import parse_song
from tests.engine.smf.valid_files import valid_file

Notes = list[tuple[int, int, int, int, int]]  # channel 1 to 16, start and end tick, pitch, velocity


def ours(data: bytes) -> Notes:
    division = int.from_bytes(data[12:14], "big")
    return sorted(
        (c, round(n.start_beat * division), round(n.end_beat * division), n.pitch, round(n.strength * 127))
        for part in parse_song(data).parts
        for n, c in zip(part.notes, part.channels, strict=True)
    )


def of_mido(data: bytes) -> Notes:
    notes = []
    for track in mido.MidiFile(file=BytesIO(data), clip=True).tracks:
        tick, down = 0, {}
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                down[message.channel, message.note] = tick, message.velocity
            elif message.type in ("note_on", "note_off"):
                start, velocity = down.pop((message.channel, message.note))
                notes.append((message.channel + 1, start, tick, message.note, velocity))
    return sorted(notes)


def without_channels(notes: Notes) -> list[tuple[int, ...]]:
    return sorted(note[1:] for note in notes)


def of_symusic(data: bytes) -> list[tuple[int, ...]]:
    score = symusic.Score.from_midi(data)
    return sorted((n.start, n.end, n.pitch, n.velocity) for track in score.tracks for n in track.notes)


def of_pretty_midi(data: bytes, path: Path) -> list[tuple[int, ...]]:
    path.write_bytes(data)
    song = pretty_midi.PrettyMIDI(str(path))
    return sorted(
        (round(song.time_to_tick(n.start)), round(song.time_to_tick(n.end)), n.pitch, n.velocity)
        for instrument in song.instruments
        for n in instrument.notes
    )


def agree(seed: int, path: Path) -> None:
    data = valid_file(seed)
    notes = ours(data)
    assert notes == of_mido(data), seed
    assert without_channels(notes) == of_symusic(data), seed
    assert without_channels(notes) == of_pretty_midi(data, path), seed


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_few_files_are_read_alike(tmp_path: Path) -> None:
    for seed in range(12):
        agree(seed, tmp_path / "a.mid")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_two_hundred_files_are_read_alike(tmp_path: Path) -> None:
    for seed in range(200):
        agree(seed, tmp_path / "a.mid")


def test_overlapping_notes_are_read_as_symusic_reads_them() -> None:
    """mido gives messages, pretty_midi ends both at once: two against one are not to be had."""
    data = mido_overlaps()
    assert without_channels(ours(data)) == of_symusic(data)


def mido_overlaps() -> bytes:
    file, track, stream = mido.MidiFile(), mido.MidiTrack(), BytesIO()
    file.tracks.append(track)
    events = defaultdict(list)
    for start in range(0, 960, 120):
        events[start].append(mido.Message("note_on", note=60, velocity=1 + start // 10))
        events[start + 200].append(mido.Message("note_off", note=60))
    now = 0
    for tick in sorted(events):
        for message in events[tick]:
            track.append(message.copy(time=tick - now))
            now = tick
    file.save(file=stream)
    return stream.getvalue()
