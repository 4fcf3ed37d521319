"""A stem's other patterns: new notes of that stem alone, over the same harmony, the same again from the same number."""

from __future__ import annotations

import dataclasses

from musika_daw.controls.move import Move
from musika_daw.controls.state import defaults, settings, state_of
from musika_daw.engine.own.song import Song
from musika_daw.engine.score import Score
from musika_daw.engine.score_of import score_of, state_of_score
from musika_daw.model.model_file import Networks
from musika_daw.music.line import parse_line
from musika_daw.music.notes import STEMS, Note

BEATS = 64.0


def _score(**patterns: int) -> Score:
    moves = [Move("pattern", stem, (number,)) for stem, number in patterns.items()]
    return score_of(defaults().over(settings(seed=5, stems=STEMS)).over(state_of(moves)))


def _notes(networks: Networks, score: Score) -> dict[str, list[Note]]:
    song = Song(networks, score)
    return {stem: song.notes(stem, 0.0, BEATS) for stem in STEMS}


def test_one_stem_changes_and_the_harmony_stays(tiny_networks: Networks) -> None:
    plain, other = (_notes(tiny_networks, score) for score in (_score(), _score(bass=3)))
    assert other["bass"] != plain["bass"] and other["bass"]
    assert all(other[stem] == plain[stem] for stem in STEMS if stem != "bass")
    songs = Song(tiny_networks, _score()), Song(tiny_networks, _score(bass=3))._others["bass"]
    assert songs[0].key == songs[1].key
    assert [songs[0].chord_at(beat) for beat in range(64)] == [songs[1].chord_at(beat) for beat in range(64)]


def test_a_number_is_a_pattern(tiny_networks: Networks) -> None:
    first, again, next_one = (_notes(tiny_networks, _score(lead=number))["lead"] for number in (1, 1, 2))
    assert first == again != next_one
    moved = dataclasses.replace(_score(lead=1), seed=6)
    assert _notes(tiny_networks, moved)["lead"] != first


def test_a_line_that_is_given_goes_before(tiny_networks: Networks) -> None:
    line = parse_line("loop 4: 40 0 0.5 100")
    score = dataclasses.replace(_score(bass=3), notes={"bass": line})
    assert {note.pitch for note in _notes(tiny_networks, score)["bass"]} == {40}


def test_logs_keep_it() -> None:
    assert score_of(defaults().over(state_of_score(_score(drums=8)))).patterns == {"drums": 8}
