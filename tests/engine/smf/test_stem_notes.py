"""Which notes of a file a stem plays, and what repeats of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw.controls.move import Move, RefusedError
from musika_daw.engine.live.state.given_notes import with_line
from musika_daw.engine.smf.stem_notes import StemNotes, read_stem_notes, split_source
from musika_daw.errors import UserError
from musika_daw.music.line import parse_line
from tests.engine.smf.midi_bytes import END, NOTE, end, header, meta, note, ticks, track

SONG = header(4) + b"".join(
    track(meta(0x03, name) + body + END)
    for name, body in [
        (b"Tempo", b""),
        (b"Bass", note(33)),
        (b"Kit", note(42, channel=10)),
        (b"Sub bass", note(21, channel=3)),
    ]
)


def read(tmp_path: Path, data: bytes, stem: str = "bass", track: str = "") -> StemNotes:
    (tmp_path / "song.mid").write_bytes(data)
    return read_stem_notes(f"{tmp_path / 'song.mid'}{track}", stem)


def pitches(found: StemNotes) -> list[int]:
    return [n.pitch for n in found.notes]


def test_drums_and_tunes_stay_apart(tmp_path: Path) -> None:
    bass, drums = read(tmp_path, SONG), read(tmp_path, SONG, "drums")
    assert (pitches(bass), pitches(drums)) == ([21, 33], [42])
    assert bass.remarks == ("song.mid: 2 tracks were merged (1 Bass, 3 Sub bass); bass=song.mid:1 takes one",)
    assert drums.remarks == ()
    with pytest.raises(UserError, match=r"holds drums alone there \(channel 10\): expected notes for lead"):
        read(tmp_path, header() + track(note(36, channel=10) + END), "lead")
    assert pitches(read(tmp_path, header() + track(note(36) + END), "drums")) == [36]


@pytest.mark.parametrize(
    ("which", "wanted"),
    [(":1", [33]), (":3", [21]), (":bass", [33]), (":SUB", [21]), (":Sub bass", [21]), (":s", [21, 33])],
)
def test_a_track_by_number_or_name(tmp_path: Path, which: str, wanted: list[int]) -> None:
    assert pitches(read(tmp_path, SONG, "bass", which)) == wanted


@pytest.mark.parametrize("which", [":0", ":4", ":99999999999999999999", ":tempo", ":²"])
def test_a_track_that_is_not_there(tmp_path: Path, which: str) -> None:
    with pytest.raises(UserError, match="with notes: expected one of 1 Bass, 2 Kit, 3 Sub bass"):
        read(tmp_path, SONG, "bass", which)


def test_channels_of_one_track_are_parts(tmp_path: Path) -> None:
    data = header(kind=0) + track(note(40, channel=1) + note(42, channel=10) + note(45, channel=5) + END)
    assert pitches(read(tmp_path, data)) == [40, 45]
    assert pitches(read(tmp_path, data, "bass", ":channel 5")) == [45]
    assert pitches(read(tmp_path, data, "drums")) == [42]


def test_sequences_of_their_own_are_not_played_together(tmp_path: Path) -> None:
    data = header(2, kind=2) + track(NOTE + END) + track(note(40, length=96 * 8) + END)
    assert pitches(read(tmp_path, data)) == [36] and read(tmp_path, data).bars == (0, 4)
    assert pitches(read(tmp_path, data, "bass", ":2")) == [40] and read(tmp_path, data, "bass", ":2").bars == (0, 8)


def test_drums_of_general_midi_sound(tmp_path: Path) -> None:
    others = (35, 40, 49, 22, 26, 41, 56)
    found = read(tmp_path, header() + track(b"".join(note(p, channel=10) for p in (*others, 5, 5, 120)) + END), "drums")
    assert pitches(found) == [36, 38, 51, 42, 46, 45, 75, 5, 5, 120]
    assert found.remarks == ("song.mid: 3 of 10 notes have no drum and are not heard (pitches 5, 120)",)


def signature(numerator: int, power: int) -> bytes:
    return meta(0x58, bytes((numerator, power, 24, 8)))


@pytest.mark.parametrize(
    ("body", "bars"),
    [
        (NOTE + END, (0, 4)),
        (NOTE + end(96 * 15), (0, 16)),
        (NOTE + end(96 * 3 + 20), (0, 4)),  # rings a little into the next bar
        (signature(3, 2) + NOTE + end(96 * 5), (0, 6)),
        (signature(7, 3) + NOTE + end(96 * 6), (0, 7)),
        (signature(6, 3) + NOTE + END, (0, 3)),
        (signature(5, 2) + NOTE + end(96 * 9), (0, 10)),
        (signature(7, 3) + note(length=336) + ticks(0) + signature(3, 2)[1:] + note(length=288) + END, (0, 6.5)),
        (NOTE + end(96 * 6000), (0, 4)),  # ends where its song ends
        (ticks(96 * 4 * 64) + NOTE[1:] + END, (256, 260)),  # begins where it stood in its song
        (ticks(96 * 4 * 34 + 8) + note(length=1)[1:] + END, (136, 140)),  # on the last bar line, and hardly longer
        (ticks(96 * 8) + NOTE[1:] + END, (0, 12)),  # two bars' rest are meant
    ],
)
def test_bars_that_repeat(tmp_path: Path, body: bytes, bars: tuple[float, float]) -> None:
    assert read(tmp_path, header() + track(body)).bars == bars


def test_a_loop_in_its_own_metre_goes_into_a_line(tmp_path: Path) -> None:
    file = tmp_path / "seven.mid"
    file.write_bytes(header() + track(signature(7, 3) + NOTE + end(96 * 6)))
    told: list[str] = []
    move = with_line(Move.of("stem/bass/notes", f"{file}:1"), 8.0, told.append)
    line = parse_line(str(move.values[0]))
    assert [n.start_beat for n in line.between(0.0, 21.0)] == [0.0, 7.0, 14.0]
    assert told == ["seven.mid: 2 bars of 7/8 repeat, 7 beats"]
    file.write_bytes(header() + track(note(length=96 * 4000) + note(length=96 * 4000) + END))
    with pytest.raises(RefusedError, match=r"a loop of 8000 beats is not possible: expected 4096 at most"):
        with_line(Move.of("stem/bass/notes", str(file)), 0.0)


def test_paths_as_people_write_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a:1.mid").write_bytes(SONG)
    assert split_source("~/line.mid:2") == (tmp_path / "line.mid", "2")
    assert split_source(str(tmp_path / "a:1.mid")) == (tmp_path / "a:1.mid", "")
    assert split_source(r"C:\Songs\a.mid")[1] == "" and split_source("line.mid:")[1] == ""
    assert pitches(read_stem_notes("~/a:1.mid:bass", "bass")) == [33]
    for nothing in ("", "a\0.mid"):
        with pytest.raises(UserError, match=r"path .* is not possible"):
            read_stem_notes(nothing, "bass")
