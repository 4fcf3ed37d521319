"""Notes out of MusicXML: chords, ties, voices, hands, transposing parts, loudness."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from musika_daw.errors import UserError
from musika_daw.train.piano.musicxml import ScoreNote, read_score

HEAD = '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="3.1"><part-list/>'


def note(step: str, octave: int, duration: int, inside: str = "", first: str = "") -> str:
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{first}{pitch}<duration>{duration}</duration>{inside}</note>"


def part(*measures: str, attributes: str = "<attributes><divisions>2</divisions></attributes>") -> str:
    inner = "".join(f"<measure>{attributes if i == 0 else ''}{measure}</measure>" for i, measure in enumerate(measures))
    return f"<part>{inner}</part>"


def score(tmp_path: Path, *parts: str) -> Path:
    path = tmp_path / "score.xml"
    path.write_text(HEAD + "".join(parts) + "</score-partwise>")
    return path


def test_chords_sound_together_and_backups_bring_a_second_voice(tmp_path: Path) -> None:
    measure = (
        note("C", 4, 4)
        + note("E", 4, 4, first="<chord/>")
        + "<backup><duration>4</duration></backup>"
        + note("C", 3, 2)
    )
    read = read_score(score(tmp_path, part(measure, note("D", 4, 2))))
    assert read.notes == (
        ScoreNote(0, 1, 48, 0),
        ScoreNote(0, 2, 60, 0),
        ScoreNote(0, 2, 64, 0),
        ScoreNote(2, 1, 62, 0),
    )
    assert read.beats == 3


def test_tied_notes_are_one(tmp_path: Path) -> None:
    held = note("C", 4, 8, '<tie type="start"/>'), note("C", 4, 2, '<tie type="stop"/>') + note("C", 4, 2)
    assert read_score(score(tmp_path, part(*held))).notes == (ScoreNote(0, 5, 60, 0), ScoreNote(5, 1, 60, 0))


def test_transposing_parts_sound_as_they_do(tmp_path: Path) -> None:
    clarinet = "<attributes><divisions>1</divisions><transpose><chromatic>-2</chromatic></transpose></attributes>"
    bass = "<attributes><transpose><chromatic>0</chromatic><octave-change>-1</octave-change></transpose></attributes>"
    read = read_score(
        score(tmp_path, part(note("D", 4, 1), attributes=clarinet), part(note("C", 3, 1), attributes=bass))
    )
    assert [(n.pitch, n.part) for n in read.notes] == [(60, 0), (36, 1)]


def test_hands_are_parts_of_their_own(tmp_path: Path) -> None:
    hands = (
        note("C", 5, 2, "<staff>1</staff>")
        + "<backup><duration>2</duration></backup>"
        + note("C", 3, 2, "<staff>2</staff>")
    )
    read = read_score(score(tmp_path, part(hands), part(note("G", 2, 2))))
    assert [(n.pitch, n.part) for n in read.notes] == [(72, 0), (48, 1), (43, 2)]


def test_loudness_is_the_parts_mean(tmp_path: Path) -> None:
    def mark(name: str) -> str:
        return f"<direction><direction-type><dynamics><{name}/></dynamics></direction-type></direction>"

    loud, soft = mark("f") + note("C", 4, 2), mark("p") + note("C", 3, 2)
    assert read_score(score(tmp_path, part(loud), part(soft))).loudness == ((0.0, pytest.approx(0.525)),)


def test_packed_files(tmp_path: Path) -> None:
    plain, packed = score(tmp_path, part(note("A", 4, 2))), tmp_path / "score.mxl"
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("META-INF/container.xml", "<container/>")
        file.write(plain, "score.xml")
    assert read_score(packed) == read_score(plain)


@pytest.mark.parametrize("name", ["score.xml", "score.mxl"])
def test_what_is_no_score_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("no score")
    with pytest.raises(UserError, match=name):
        read_score(tmp_path / name)
