"""Files as programs write them, and as disks and downloads leave them: the notes are read."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from musika_daw.engine.smf.midi_song import joined, parse_song, read_song
from musika_daw.errors import UserError
from tests.engine.smf.midi_bytes import END, NOTE, end, header, meta, note, ticks, track

Spans = list[tuple[int, float, float]]
ONE: Spans = [(36, 0.0, 1.0)]


def spans(data: bytes) -> Spans:
    return [(n.pitch, n.start_beat, n.length_beats) for n in joined(parse_song(data).parts).notes]


@pytest.mark.parametrize(
    "event",
    [
        meta(0x59, b"\xf8\x01"),  # a key with eight flats
        meta(0x59, b"\x00\x07"),  # a mode that there is not
        meta(0x59, b""),
        meta(0x58, b"\x04\x02"),  # a time signature without clocks
        meta(0x58, b""),
        meta(0x58, b"\x00\x02\x18\x08"),  # no beats in a bar
        meta(0x58, b"\x04\xff\x18\x08"),  # beats of a 2^255th
        meta(0x51, b""),
        meta(0x51, b"\x00\x00\x00"),  # infinitely fast
        meta(0x20, b""),
        meta(0x54, b"\x00"),
        meta(0x00, b"\x01"),
        meta(0x7F, bytes(200)),
        meta(0x2E, b"unknown"),
        meta(0x03, b"Pi\xe9ce\n\x1b[2J"),
        b"\0\xf0\x03ab\xf7",
        b"\0\xf7\x02\xf3\x01",
        b"\0\xf6\0\xfe\0\xf2\x01\x02\0\xf3\x01",  # system messages, which do not belong into files
        b"\0\xc0\x05\0\xd0\x05\0\xe0\x01\x02\0\xb0\x01\x02\0\xa0\x01\x02",
        b"\0\x24\x64",  # data of nothing
    ],
)
def test_what_is_not_needed_does_not_matter(event: bytes) -> None:
    assert spans(header() + track(event + NOTE + END)) == ONE


@pytest.mark.parametrize(
    "data",
    [
        header(3) + track(NOTE + END),  # fewer tracks than promised
        header(0) + track(NOTE + END),
        header() + track(NOTE),  # no end
        header() + track(NOTE + END, size=7000),  # longer than it is
        header() + track(NOTE + END, size=0),  # of a recorder that lost power
        header(2) + track(NOTE + END, size=5) + track(END),
        header() + b"XFIH\0\0\0\x04abcd" + track(NOTE + END) + b"CASM\0\0\0\x03abc",
        header() + track(NOTE + END) + b"XFKM\0\0\xff\xffabc",  # a chunk that is cut off
        header() + track(NOTE + END) + b"\0\0\0",
        b"MThd\0\0\0\x08\0\x01\0\x01\0\x60\0\0" + track(NOTE + END),  # a longer header
        b"MThd\0\0\0\x04\0\x01\0\x01\0\x60" + track(NOTE + END),  # one that lies
        b"RIFF\x64\0\0\0RMIDdata\x32\0\0\0" + header() + track(NOTE + END),
        b"RIFF\x64\0\0\0RMIDLIST" + (5000).to_bytes(4, "little") + bytes(5000) + b"data\x32\0\0\0" + header()
        + track(NOTE + END),
        bytes(128) + header() + track(NOTE + END),  # MacBinary
        header(kind=7) + track(NOTE + END),
        header(division=-24 << 8 | 4) + track(note(length=48) + END),  # 24 frames of 4 ticks a second, 120 bpm
        header(division=-24 << 8 | 4) + track(meta(0x51, (10**6).to_bytes(3, "big")) + NOTE + END),  # 60 bpm
    ],
)  # fmt: skip
def test_chunks_that_are_strange_missing_or_cut(data: bytes) -> None:
    assert spans(data) == ONE


def test_the_notes_of_a_track_that_is_cut_off_are_kept() -> None:
    whole = header() + track(NOTE + note(40) + note(43) + END)
    assert spans(whole[:-8]) == [(36, 0, 1), (40, 1, 1), (43, 2, 1 / 96)]
    assert spans(whole[:-10]) == [(36, 0, 1), (40, 1, 1)]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        # Let go before it is struck, at one tick: very short.
        (b"\0\x80\x24\x40\0\x90\x24\x64" + end(96 * 16), [(36, 0, 1 / 96)]),
        (2 * (b"\0\x80\x24\x40\0\x90\x24\x64" + ticks(96) + b"\xb0\x01\0") + END, [(36, 0, 1 / 96), (36, 1, 1 / 96)]),
        (b"\0\x80\x24\x40" + NOTE + END, ONE),  # let go twice
        (b"\0\x90\x24\x64\0\x80\x24\x40" + end(960), [(36, 0, 1 / 96)]),
        (b"\0\x90\x24\x64" + end(96 * 400), [(36, 0, 4.0)]),  # never let go
        (b"\0\x90\x24\x64" + end(96), ONE),
        (b"\0\x90\x24\x64\x60\xb0\x7b\0" + end(960), ONE),  # all notes off
        # A pitch that is let go once less than it is struck does not ring on.
        (b"\0\x90\x24\x64" + ticks(192) + NOTE[1:] + NOTE + end(960), [(36, 0, 2), (36, 2, 1), (36, 3, 1)]),
        # Overlaps: the first that was struck is the first that is let go.
        (b"\0\x90\x24\x64\x60\x90\x24\x64\x60\x80\x24\0\x60\x80\x24\0" + END, [(36, 0, 2), (36, 1, 2)]),
        (b"\0\x90\x24\xff\x60\x24\0" + END, ONE),  # running status; a velocity above 127
        (b"\xff\xff\xff\x7f\x90\x24\x64\xff\xff\xff\x7f\x80\x24\0" + END, [(36, (2**28 - 1) / 96, 4096.0)]),
    ],
)  # fmt: skip
def test_no_note_rings_for_ever(body: bytes, wanted: Spans) -> None:
    assert np.allclose(spans(header() + track(body)), wanted)


def test_a_file_that_ends_where_it_begins_has_a_bar() -> None:
    song = parse_song(header(kind=0) + track(bytes((0, 0x91, 36, 100)) + END))
    assert song.bar_lines == (0.0, 4.0)


def test_a_note_of_a_file_of_film_frames_is_as_long_as_a_line_can_be_at_most() -> None:
    tempo = meta(0x51, (10_000).to_bytes(3, "big"))  # found after its notes: 6000 bpm
    assert spans(header(division=-25 << 8 | 40) + track(tempo + note(length=10**6) + END)) == [(36, 0, 4096)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is not a MIDI file"),
        (b"RIFF\0\0\0\0WAVEfmt ", "is not a MIDI file"),
        (b"MThd\0\0\0\x06\0", "ends too early"),
        (header(), "holds no notes"),
        (header() + track(END), "holds no notes"),
        (header(division=0) + track(NOTE + END), "0 ticks"),
        (header(division=-24 << 8) + track(NOTE + END), "0 ticks"),
        (header() + track(b"\0\x90\x24\x64" * 50_001), "holds more than 50000 notes"),
        (header() + track(bytes(2**21 + 1)), "is too large: expected 2 MB of events"),
        (header() + track(b"") * 2001, "in 2000 tracks at most"),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_line(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "a.mid").write_bytes(data)
    with pytest.raises(UserError, match=reason) as caught:
        read_song(tmp_path / "a.mid")
    assert str(caught.value).startswith(f"{tmp_path / 'a.mid'} ") and "\n" not in str(caught.value)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.mid")
        with pytest.raises(UserError, match=r"pipe.mid is not a file"):
            read_song(tmp_path / "pipe.mid")
    (tmp_path / "large.mid").write_bytes(header() + bytes(17 * 2**20))
    with pytest.raises(UserError, match="too large"):
        read_song(tmp_path / "large.mid")
    with pytest.raises(UserError, match="it is a folder"):
        read_song(tmp_path)


def test_names_and_bars() -> None:
    song = parse_song(
        header(3)
        + track(meta(0x58, b"\x07\x03\x18\x08") + ticks(96 * 7) + meta(0x58, b"\x03\x02\x18\x08")[1:] + end(96 * 5))
        + track(meta(0x03, "Bäß\t\x07 1".encode()) + NOTE + END)
        + track(meta(0x03, b"Fl\xfcgel") + note(50, channel=10) + note(52) + END)
    )
    assert [(p.number, p.name, p.channels) for p in song.parts] == [(1, "Bäß 1", (1,)), (2, "Flügel", (10, 1))]
    assert song.bar_lines == (0, 3.5, 7, 10, 13) and song.metre == "7/8" and song.length_beats == 12
    by_channel = parse_song(header(kind=0) + track(note(channel=2) + note(channel=10) + END)).parts
    assert [part.name for part in by_channel] == ["channel 2", "channel 10"]
