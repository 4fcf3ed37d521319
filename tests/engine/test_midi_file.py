"""MIDI files there and back, and files that are none."""

from __future__ import annotations

import itertools
from pathlib import Path

import mido
import numpy as np
import pytest

from musika_daw.engine.project_files.midi import write_midi
from musika_daw.engine.take.midi_file import read_midi
from musika_daw.errors import UserError
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import TempoMap, constant_tempo


def saved(path: Path, *messages: mido.Message, ticks: int = 96, kind: int = 0) -> Path:
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks)
    file.tracks.append(mido.MidiTrack(messages))
    file.save(path)
    return path


def test_notes_come_back(tmp_path: Path) -> None:
    notes = [Note(8.0, 0.5, 36, 1.0), Note(8.25, 1.0, 40, 64 / 127), Note(9.5, 0.25, 36, 1 / 127)]
    write_midi(tmp_path / "a.mid", notes, constant_tempo(128), 8.0, 4.0, name="bass", channel=2)
    back = read_midi(tmp_path / "a.mid")
    assert back == tuple(Note(n.start_beat - 8, n.length_beats, n.pitch, n.strength) for n in notes)
    file = mido.MidiFile(tmp_path / "a.mid")
    assert [m.name for m in file.tracks[0] if m.type == "track_name"] == ["bass"]
    assert abs(file.length - 4 * 60 / 128) < 1e-4


def test_only_what_starts_in_the_stretch_is_written(tmp_path: Path) -> None:
    notes = [Note(3.0, 4.0, 50, 0.5), Note(3.95, 0.5, 51, 0.5), Note(7.5, 2.0, 52, 0.5), Note(8.0, 1.0, 53, 0.5)]
    write_midi(tmp_path / "a.mid", notes, constant_tempo(100), 4.0, 4.0, name="lead", channel=1)
    back = read_midi(tmp_path / "a.mid")
    assert [(n.pitch, n.start_beat) for n in back] == [(51, 0.0), (52, 3.5)]
    assert back[1].end_beat == 4.0


def test_overlapping_notes_of_one_pitch_end_where_the_next_starts(tmp_path: Path) -> None:
    notes = [Note(0.0, 3.0, 60, 0.5), Note(1.0, 0.5, 60, 0.9), Note(1.0, 1.0, 60, 0.2), Note(2.0, 1.0, 60, 0.7)]
    write_midi(tmp_path / "a.mid", notes, constant_tempo(100), 0.0, 4.0, name="x", channel=1)
    back = read_midi(tmp_path / "a.mid")
    assert [(n.start_beat, n.end_beat) for n in back] == [(0, 1), (1, 2), (2, 3)]
    playing = 0
    for message in mido.MidiFile(tmp_path / "a.mid").tracks[0]:
        playing += {"note_on": 1, "note_off": -1}.get(message.type, 0)
        assert playing in (0, 1)


def test_ramps_are_written_beat_by_beat_and_do_not_drift(tmp_path: Path) -> None:
    tempo_map = TempoMap(((0.0, 120.0), (64.0, 160.0)), ramps=True)
    write_midi(tmp_path / "a.mid", [], tempo_map, 2.0, 70.0, name="x", channel=1)
    tick, tempi = 0, {}
    for message in mido.MidiFile(tmp_path / "a.mid").tracks[0]:
        tick += message.time
        if message.type == "set_tempo":
            tempi[tick] = message.tempo
    assert list(tempi) == [960 * beat for beat in range(63)]
    seconds = 0.0
    for beat in range(62):
        assert abs(seconds - (tempo_map.seconds_at(2.0 + beat) - tempo_map.seconds_at(2.0))) < 1e-6
        seconds += tempi[960 * beat] / 1e6
    assert round(mido.tempo2bpm(tempi[960 * 62]), 3) == 160.0


@pytest.mark.parametrize("bad", [Note(np.nan, 1, 60, 0.5), Note(0, np.inf, 60, 0.5), Note(0, 1, 60, np.nan)])
def test_broken_notes_are_refused(tmp_path: Path, bad: Note) -> None:
    with pytest.raises(UserError, match="pitch 60"):
        write_midi(tmp_path / "a.mid", [bad], constant_tempo(100), 0, 4, name="x", channel=1)


@pytest.mark.parametrize(("kind", "ticks"), [(0, 96), (1, 480), (1, 15360)])
def test_files_of_others(tmp_path: Path, kind: int, ticks: int) -> None:
    path = saved(
        tmp_path / "a.mid",
        mido.Message("note_on", note=60, velocity=127, time=0),
        mido.Message("note_on", note=60, velocity=0, time=ticks),  # a release in disguise
        mido.Message("note_off", note=61, time=0),  # never struck
        mido.Message("note_on", note=62, velocity=64, time=ticks),  # never released
        mido.Message("note_on", note=64, velocity=1, channel=9, time=0),
        mido.Message("note_off", note=64, channel=9, time=0),
        mido.Message("pitchwheel", time=2 * ticks),
        ticks=ticks,
        kind=kind,
    )
    back = read_midi(path)
    assert [(n.pitch, n.start_beat) for n in back] == [(60, 0.0), (64, 2.0), (62, 2.0)]
    assert [n.length_beats for n in back] == [1.0, 1 / ticks, 2.0]
    assert [round(n.strength * 127) for n in back] == [127, 1, 64]


def test_running_status(tmp_path: Path) -> None:
    track = bytes([0, 0x90, 60, 100, 96, 60, 0, 0, 62, 100, 96, 62, 0, 0, 0xFF, 0x2F, 0])
    header = b"MThd" + (6).to_bytes(4, "big") + bytes([0, 0, 0, 1, 0, 96])
    (tmp_path / "a.mid").write_bytes(header + b"MTrk" + len(track).to_bytes(4, "big") + track)
    assert [(n.pitch, n.start_beat, n.length_beats) for n in read_midi(tmp_path / "a.mid")] == [(60, 0, 1), (62, 1, 1)]


def test_files_that_are_none(tmp_path: Path) -> None:
    good = saved(tmp_path / "good.mid", mido.Message("note_on", note=60), mido.Message("note_off", note=60, time=9))
    content, path = good.read_bytes(), tmp_path / "bad.mid"
    generator = np.random.default_rng(0)
    bad = [b"", b"MThd", b"not midi at all", b"RIFF" + bytes(100), content[:20]]
    bad += [content[:12] + ticks + content[14:] for ticks in (bytes(2), b"\xe2\x00")]
    for data in bad:
        path.write_bytes(data)
        with pytest.raises(UserError) as caught:
            read_midi(path)
        assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    for position, _ in itertools.product(range(len(content)), range(4)):
        path.write_bytes(content[:position] + bytes([generator.integers(256)]) + content[position + 1 :])
        try:
            assert all(np.isfinite(n.start_beat) and n.length_beats > 0 for n in read_midi(path))
        except UserError as error:
            assert "\n" not in str(error)


def test_missing_and_silent_files(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="it does not exist"):
        read_midi(tmp_path / "none.mid")
    with pytest.raises(UserError, match="folder"):
        read_midi(tmp_path)
    with pytest.raises(UserError, match="holds no notes"):
        read_midi(saved(tmp_path / "a.mid", mido.Message("pitchwheel")))
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot write"):
        write_midi(tmp_path / "file" / "a.mid", [], constant_tempo(100), 0, 4, name="x", channel=1)
