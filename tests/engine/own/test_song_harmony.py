"""A song's own harmony moves, comes from its position alone, and stays where nothing varies."""

from __future__ import annotations

import dataclasses

import numpy as np

from musika_daw.controls.state import defaults, settings
from musika_daw.engine.own.song import PHRASE_BEATS, Song
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.engine.score_of import score_of, score_with
from musika_daw.model.model_file import Networks
from musika_daw.music.harmony import Chord, Key, parse_chords
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import constant_tempo

STYLES = ("aurora", "circuit", "strobe", "warehouse")


def _song(networks: Networks, seed: int, style: str, variation: float = 0.15) -> Song:
    curves = {stem: constant(0.5) for stem in STEMS}
    score = Score(
        seed, constant_tempo(125), StyleCurve(((0.0, style),)), curves, curves, Key(9, "minor"), None, variation
    )
    return Song(networks, score)


def _phrase(song: Song, phrase: int) -> tuple[Chord, ...]:
    return tuple(song.chord_at(float(phrase * PHRASE_BEATS + beat)) for beat in range(0, PHRASE_BEATS, 2))


def test_takes_have_progressions_of_their_own(tiny_networks: Networks) -> None:
    taken = [_phrase(_song(tiny_networks, seed, style), 0) for seed in range(11, 15) for style in STYLES]
    assert len(set(taken)) >= 6
    on_tonic = np.mean([chord.root == 9 for chords in taken for chord in chords])
    assert 0.4 < on_tonic < 0.85


def test_harmony_is_a_function_of_position(tiny_networks: Networks) -> None:
    ahead, behind = (_song(tiny_networks, 3, "aurora", 0.3) for _ in range(2))
    forwards = [_phrase(ahead, phrase) for phrase in range(6)]
    assert [_phrase(behind, phrase) for phrase in reversed(range(6))] == forwards[::-1]
    assert len(set(forwards)) > 1


def test_without_variation_the_first_progression_stays(tiny_networks: Networks) -> None:
    song = _song(tiny_networks, 3, "aurora", 0.0)
    assert len({_phrase(song, phrase) for phrase in range(6)}) == 1


def test_given_chords_go_before(tiny_networks: Networks) -> None:
    song = _song(tiny_networks, 3, "aurora")
    given = Song(tiny_networks, dataclasses.replace(song.score, chords=parse_chords("Am | F")))
    assert {chord.name for chord in _phrase(given, 1)} == {"Am", "F"}


def test_still_harmony_is_left_to_the_pattern_net(tiny_networks: Networks) -> None:
    song = _song(tiny_networks, 3, "aurora")
    still = Song(tiny_networks, dataclasses.replace(song.score, still=True))
    assert still._given_harmony(0) is None and song._given_harmony(0) is not None
    assert still.controls_at(0.0)["chords"] == "still"
    given = dataclasses.replace(song.score, still=True, chords=parse_chords("Am | F"))
    assert {chord.name for chord in _phrase(Song(tiny_networks, given), 1)} == {"Am", "F"}


def test_still_is_a_text_of_the_chords() -> None:
    state = defaults().over(settings(chords="still"))
    score = score_of(state)
    assert score.still and score.chords is None and not score_of(defaults()).still
    assert not score_with(score, settings(chords="off")).still
