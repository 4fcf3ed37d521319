"""Scenes: kept, recalled at once or over some beats, broken files refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw.control.scenes import Morph, Recall, SceneBook, snapshot
from musika_daw.controls.move import Move, RefusedError
from musika_daw.controls.target import Target
from tests.control.midi.conftest import FakeInstrument


@pytest.fixture
def instrument() -> FakeInstrument:
    return FakeInstrument()


def test_a_scene_holds_the_sound_and_not_the_transport(instrument: FakeInstrument) -> None:
    scene = snapshot(instrument)
    assert scene[Target("density")] == (0.7,) and scene[Target("seed")] == (0,)
    assert not {target.control for target in scene} & {"tempo", "status", "record", "quantize"}


def test_saved_and_loaded(instrument: FakeInstrument, tmp_path: Path) -> None:
    book = SceneBook(tmp_path / "scenes")
    scene = snapshot(instrument)
    book.save("verse 1", scene)
    book.save("Übergang", scene)
    assert book.names() == ["verse 1", "Übergang"]
    assert book.load("verse 1") == scene


def test_deleted_and_renamed(instrument: FakeInstrument, tmp_path: Path) -> None:
    book = SceneBook(tmp_path)
    for name in ("verse", "drop"):
        book.save(name, snapshot(instrument))
    book.rename("verse", "break")
    with pytest.raises(RefusedError, match="there is a scene 'drop' already"):
        book.rename("break", "drop")
    book.delete("drop")
    assert book.names() == ["break"]
    for refused in (lambda: book.delete("verse"), lambda: book.rename("verse", "x")):
        with pytest.raises(RefusedError, match="there is no scene 'verse': there are break"):
            refused()
    with pytest.raises(RefusedError, match="expected letters"):
        book.rename("break", "../x")


def test_a_scene_holds_one_style_or_the_square(instrument: FakeInstrument) -> None:
    """What is not heard would undo what is when it is set."""
    square = {Target("morph"), *(Target(f"anchor/{corner}") for corner in "abcd")}
    instrument.values |= {f"/musika/anchor/{corner}": ("tunnel",) for corner in "abcd"} | {"/musika/style": ("",)}
    scene = set(snapshot(instrument))
    assert square <= scene and Target("style") not in scene
    instrument.post([Move.of("style", "fathom")])
    alone = snapshot(instrument)
    assert alone[Target("style")] == ("fathom",) and not square & set(alone)


def test_numbers_glide_and_the_rest_changes_at_once() -> None:
    a, b, same = Target("a"), Target("b"), Target("same")
    morph = Morph({a: (0.0,), b: (1,), same: (0.5,)}, {a: (1.0,), b: (5,), same: (0.5,)})
    recall = Recall(morph, start_beat=10.0, length_beats=4.0)
    assert recall.moves(9.9) == [Move.of("a", 0.0), Move.of("b", 5)]
    assert recall.moves(11.0) == [Move.of("a", 0.25)]
    assert recall.moves(10.5) == []  # the song jumped back
    assert recall.moves(20.0) == [Move.of("a", 1.0)] and recall.finished
    assert recall.moves(21.0) == []


def test_without_a_morph_time_all_is_there_at_once() -> None:
    recall = Recall(Morph({Target("a"): (0.0,)}, {Target("a"): (1.0,), Target("new"): ("text",)}), 3.0, 0.0)
    assert recall.moves(3.0) == [Move.of("a", 1.0), Move.of("new", "text")]
    assert recall.finished


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden", "x" * 200])
def test_names_that_no_file_can_have_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefusedError):
        SceneBook(tmp_path).save(name, {})


def test_missing_and_broken_scenes_are_refused(tmp_path: Path) -> None:
    book = SceneBook(tmp_path)
    with pytest.raises(RefusedError, match="there is no scene"):
        book.load("none")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(RefusedError, match="cannot be read"):
        book.load("broken")
    (tmp_path / "old.json").write_text('{"/musika/gone": [1], "/musika/density": [0.5], "/musika/seed": [-3]}')
    assert book.load("old") == {Target("density"): (0.5,)}
