"""What FluidSynth makes of a performance, and what is said where it is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from musika_daw.analysis.onsets import find_notes
from musika_daw.errors import UserError
from musika_daw.train.labels import read_labels
from musika_daw.train.metrics.onset_agreement import onset_agreement
from musika_daw.train.music_folder import find_music, read_music
from musika_daw.train.piano import fluidsynth
from musika_daw.train.piano.fluidsynth import find_program, find_soundfont, render
from musika_daw.train.piano.make import CORPUS_FILE, make_piano
from musika_daw.train.piano.measure import PIANO_THRESHOLD
from musika_daw.train.piano.performance import Performance, PlayedNote
from musika_daw.train.piano.scores import find_scores

pytestmark = pytest.mark.slow


def missing() -> str:
    for find in (find_program, lambda: find_soundfont(None), find_scores):
        try:
            find()
        except UserError as error:
            return str(error)
    return ""


needs_sound = pytest.mark.skipif(bool(missing()), reason=missing() or "all there")


def test_a_missing_program_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match=r"^FluidSynth is not there: install it \(.+\)$"):
        find_program()


def test_a_missing_soundfont_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fluidsynth, "_FOLDERS", (str(tmp_path),))
    with pytest.raises(UserError, match=r"^no free soundfont is installed: install one \(.+\), or give one with"):
        find_soundfont(None)
    with pytest.raises(UserError, match=r"nothing\.sf2 is not there"):
        find_soundfont(tmp_path / "nothing.sf2")


def test_licences_go_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fluidsynth, "_FOLDERS", (str(tmp_path),))
    for name in ("Unknown.sf2", "FluidR3_GS.sf2", "FluidR3_GM.sf2"):
        (tmp_path / name).touch()
    assert find_soundfont(None).path.name == "FluidR3_GM.sf2"
    assert find_soundfont(None).licence == "MIT"
    assert "not known" in find_soundfont(tmp_path / "Unknown.sf2").licence


@pytest.mark.skipif(shutil.which("fluidsynth") is None, reason="FluidSynth is not installed")
def test_a_broken_soundfont_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"no soundfont")
    with pytest.raises(UserError, match=r"broken\.sf2"):
        render(Performance((), (), (), 1.0), find_program(), find_soundfont(broken), tmp_path)


@needs_sound
def test_notes_sound_when_they_are_played(tmp_path: Path) -> None:
    starts = np.array([0.3, 1.1, 1.6, 2.4, 3.3])
    notes = tuple(PlayedNote(start, start + 0.4, 57 + 3 * i, 90) for i, start in enumerate(starts))
    audio = render(Performance(notes, (), (), 5.0), find_program(), find_soundfont(None), tmp_path)
    assert audio.shape == (5 * 44100, 2)
    heard = find_notes(audio.T, PIANO_THRESHOLD)
    assert onset_agreement(heard, starts).f_measure == 1


@needs_sound
def test_the_pedal_holds_what_was_let_go(tmp_path: Path) -> None:
    note, program, font = PlayedNote(0.1, 0.3, 60, 90), find_program(), find_soundfont(None)
    dry = render(Performance((note,), (), (), 2.0), program, font, tmp_path)
    held = render(Performance((note,), ((0.2, True),), (), 2.0), program, font, tmp_path)
    later = slice(int(1.2 * 44100), int(1.7 * 44100))
    assert np.square(held[later]).mean() > 100 * np.square(dry[later]).mean()


@needs_sound
def test_a_corpus_says_what_it_is(tmp_path: Path) -> None:
    shares: list[float] = []
    folder = make_piano(tmp_path / "corpus", 2 / 60, 4, shares.append, 1)
    document = json.loads((folder / CORPUS_FILE).read_text())
    music = find_music(folder)
    assert shares[-1] == 1
    assert [file.path.name for file in music.files] == list(document["files"]) == ["piano-0001.flac", "piano-0002.flac"]
    assert document["seed"] == 4 and document["soundfont"]["licence"] == "MIT"
    for name, told in document["files"].items():
        assert told["score"] and told["composer"] and told["licence"] and told["pedal"] and told["bpm"]
        labels = read_labels(folder / name.replace(".flac", ".labels.json"))
        assert len(labels.onsets) == pytest.approx(60 * told["onsets_per_second"], abs=1)
    heard = find_notes(read_music(music.files[0], 44100), PIANO_THRESHOLD)
    known = np.array(read_labels(folder / "piano-0001.labels.json").onsets)
    assert onset_agreement(heard, known).f_measure > 0.9
    with pytest.raises(UserError, match="already there"):
        make_piano(folder, 0.01, 4, shares.append, 1)
