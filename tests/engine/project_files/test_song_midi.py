"""One MIDI file of all stems: tempo, key, markers and names."""

from __future__ import annotations

from pathlib import Path

import mido
import pretty_midi
import pytest
import symusic

from musika_daw.engine.project_files.midi import key_signature, write_song_midi
from musika_daw.music.harmony import parse_key
from musika_daw.music.tempo_map import TempoMap
from tests.engine.project_files.arranged import RAMP, STEADY, STEPS, arranged


def test_it_holds_every_stem_beside_tempo_key_and_markers(tmp_path: Path) -> None:
    write_song_midi(tmp_path / "take.mid", arranged(STEADY))
    file = mido.MidiFile(tmp_path / "take.mid")
    assert file.type == 1 and [track.name for track in file.tracks] == ['the "best" & only', "drums", "bass"]
    assert {m.channel for m in file.tracks[1] if not m.is_meta} == {9}
    assert {m.channel for m in file.tracks[2] if not m.is_meta} == {1}
    tick, told = 0, []
    for message in file.tracks[0]:
        tick += message.time
        if message.type in ("key_signature", "marker"):
            told.append((tick, message.key if message.type == "key_signature" else message.text))
    assert told == [(0, "E"), (0, "bar 5"), (48 * 960, "bar 17")]
    assert {sum(m.time for m in track) for track in file.tracks} == {72 * 960}


def test_its_length_is_the_takes(tmp_path: Path) -> None:
    take = arranged(RAMP)
    write_song_midi(tmp_path / "take.mid", take)
    assert abs(mido.MidiFile(tmp_path / "take.mid").length - take.length_seconds) < 1e-4


@pytest.mark.parametrize("tempo_map", [STEADY, STEPS, RAMP])
def test_other_readers_find_every_note_at_its_second(tmp_path: Path, tempo_map: TempoMap) -> None:
    take = arranged(tempo_map)
    write_song_midi(tmp_path / "take.mid", take)
    start = tempo_map.seconds_at(take.first_beat)
    expected = {
        track.name: sorted(max(tempo_map.seconds_at(note.start_beat) - start, 0.0) for note in track.notes)
        for track in take.tracks
        if track.notes
    }
    pretty = pretty_midi.PrettyMIDI(str(tmp_path / "take.mid"))
    heard = {part.name: sorted(note.start for note in part.notes) for part in pretty.instruments}
    score = symusic.Score(str(tmp_path / "take.mid")).to("second")
    also = {track.name: sorted(note.time for note in track.notes) for track in score.tracks if len(track.notes)}
    for name, seconds in expected.items():
        assert heard[name] == pytest.approx(seconds, abs=6e-4)  # half a tick of 960 a beat
        assert also[name] == pytest.approx(seconds, abs=1e-3)


@pytest.mark.parametrize(
    ("key", "signature"),
    [("Am", "Am"), ("C", "C"), ("D dorian", "C"), ("E phrygian", "C"), ("Bb mixolydian", "Eb"), ("G#m", "G#m")],
)
def test_keys(key: str, signature: str) -> None:
    parsed = parse_key(key)
    assert parsed is not None and key_signature(parsed) == signature
