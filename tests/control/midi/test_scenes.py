"""Scenes: kept, recalled at once or over some beats, broken files refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw.control.midi.scenes import Morph, Recall, SceneBook, snapshot
from musika_daw.engine.live.moves import Move, RefusedError
from tests.control.midi.conftest import FakeInstrument


def test_a_scene_holds_the_sound_and_not_the_transport(instrument: FakeInstrument) -> None:
    scene = snapshot(instrument)
    assert scene["/musika/density"] == (0.7,) and scene["/musika/seed"] == (0,)
    assert not scene.keys() & {"/musika/tempo", "/musika/status", "/musika/record", "/musika/quantize"}


def test_saved_and_loaded(instrument: FakeInstrument, tmp_path: Path) -> None:
    book = SceneBook(tmp_path / "scenes")
    scene = snapshot(instrument)
    book.save("verse 1", scene)
    book.save("Übergang", scene)
    assert book.names() == ["verse 1", "Übergang"]
    assert book.load("verse 1") == scene


def test_numbers_glide_and_the_rest_changes_at_once() -> None:
    morph = Morph({"/a": (0.0,), "/b": (1,), "/same": (0.5,)}, {"/a": (1.0,), "/b": (5,), "/same": (0.5,)})
    recall = Recall(morph, start_beat=10.0, length_beats=4.0)
    assert recall.moves(9.9) == [Move("/a", (0.0,)), Move("/b", (5,))]
    assert recall.moves(11.0) == [Move("/a", (0.25,))]
    assert recall.moves(10.5) == []  # the song jumped back
    assert recall.moves(20.0) == [Move("/a", (1.0,))] and recall.finished
    assert recall.moves(21.0) == []


def test_without_a_morph_time_all_is_there_at_once() -> None:
    recall = Recall(Morph({"/a": (0.0,)}, {"/a": (1.0,), "/new": ("text",)}), 3.0, 0.0)
    assert recall.moves(3.0) == [Move("/a", (1.0,)), Move("/new", ("text",))]
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
    assert book.load("old") == {"/musika/density": (0.5,)}
