"""Broken files end in notes or in one line: never in a traceback, a note that rings for ever, or a long wait."""

from __future__ import annotations

import math
import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from musika_daw.engine.smf.midi_song import parse_song
from musika_daw.engine.smf.stem_notes import read_stem_notes
from musika_daw.errors import UserError
from musika_daw.music.line import LONGEST_BEATS
from tests.engine.smf.valid_files import valid_file
from tests.support.fuzz import fuzzing
from tests.support.mutations import mutated


def check(data: bytes) -> bool:
    """Whether there are notes."""
    try:
        song = parse_song(data)
    except UserError as error:
        assert "\n" not in str(error) and len(str(error)) < 300
        return False
    for part in song.parts:
        for note in part.notes:
            assert math.isfinite(note.start_beat) and note.start_beat >= 0 and 0 <= note.pitch < 128
            assert 0 < note.length_beats <= LONGEST_BEATS and 0 < note.strength <= 1
            assert note.start_beat <= part.length_beats
        assert list(part.notes) == sorted(part.notes, key=lambda n: n.start_beat)
        assert part.name.isprintable()
    assert len(song.bar_lines) >= 1 and list(song.bar_lines) == sorted(set(song.bar_lines))
    return True


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 40), st.integers(0, 2**32))
def test_mutated_files(file: int, chance: int) -> None:
    check(mutated(valid_file(file), random.Random(chance)))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 5), st.floats(0, 1))
def test_files_that_are_cut_off_keep_their_notes(file: int, share: float) -> None:
    data = valid_file(file)
    kept = data[: int(share * len(data))]
    assert not check(kept) or len(parse_song(kept).parts) <= len(parse_song(data).parts) + 15  # channels as parts
    if share > 0.5:
        assert check(kept)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=400))
def test_any_bytes(body: bytes) -> None:
    check(body)
    check(b"MThd\0\0\0\6\0\1\0\1\0\x60MTrk" + len(body).to_bytes(4, "big") + body)


def test_stems_of_mutated_files(tmp_path: Path) -> None:
    """Both as a whole and as what a stem plays of them."""
    path, read, tried = tmp_path / "a.mid", 0, 0
    files = [valid_file(seed) for seed in range(100)]
    for seed in fuzzing("mutated MIDI files", 300):
        data = mutated(files[seed % 100], random.Random(seed))
        check(data)
        path.write_bytes(data)
        tried += 1
        try:
            notes, beats = read_stem_notes(str(path), ("drums", "bass")[seed % 2]).looped()
        except UserError as error:
            assert "\n" not in str(error)
            continue
        read += 1
        assert notes and 0 < beats <= LONGEST_BEATS
    assert read > 0.6 * tried
