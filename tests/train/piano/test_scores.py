"""Which scores are taken: nothing whose encoder reserves rights."""

from __future__ import annotations

import importlib.util

import pytest

from musika_daw.errors import UserError
from musika_daw.train.piano.musicxml import read_score
from musika_daw.train.piano.scores import find_scores, is_free, notice_of


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("<score-partwise/>", True),
        ("<rights></rights>", True),
        ("<rights>© 2014, Creative Commons License (CC-BY)</rights>", True),
        ("<credit-words>Public Domain</credit-words>", True),
        ("<credit-words default-x='3'>Allegro</credit-words>", True),
        ("<credit-words>PDF © 2004 Somebody</credit-words><credit-words>used by permission</credit-words>", False),
        ("<rights>All Rights Reserved</rights>", False),
        ("<rights>Public Domain</rights><rights>Copyright 2003 Edizioni</rights>", False),
        ("<rights>released under the CC BY-SA 4.0 license</rights>", False),
    ],
)
def test_notices(text: str, free: bool) -> None:
    assert is_free(notice_of(text)) is free


def test_missing_scores_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"install them with pip install 'musika-daw\[piano\]'"):
        find_scores()


@pytest.mark.skipif(importlib.util.find_spec("music21") is None, reason="music21 is not installed")
def test_scores_of_music21() -> None:
    scores = find_scores()
    assert len(scores) > 90
    assert len({score.composer for score in scores}) >= 8
    sonata = next(score for score in scores if score.name.startswith("mozart/k545"))
    read = read_score(sonata.path)
    assert read.notes[0].pitch in (60, 72) and read.beats > 40
