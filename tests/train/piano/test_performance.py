"""Performances: expressive, repeatable, and of very different densities."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from musika_daw.train.piano.musicxml import Score, ScoreNote
from musika_daw.train.piano.performance import PEDALS, Manner, draw_manner, perform
from musika_daw.train.piano.texture import Section, apply_texture, draw_sections

MANNER = Manner(start=0.0, bpm=120.0, rubato=0.0, transpose=0, pedal="none", level=0.5, swell=0.1)


def chorale(beats: int = 64) -> Score:
    """Four parts in quarters, the top one in eighths."""
    notes = [ScoreNote(beat / 2, 0.5, 72 + beat % 5, 0) for beat in range(2 * beats)]
    notes += [ScoreNote(float(beat), 1.0, (64, 60, 48)[part - 1], part) for beat in range(beats) for part in (1, 2, 3)]
    return Score(tuple(sorted(notes, key=lambda n: (n.beat, n.part))), float(beats), ((0.0, 0.3), (32.0, 0.9)))


def places(notes: list[ScoreNote]) -> int:
    return len({note.beat for note in notes})


def test_thinned_music_has_fewer_onsets_on_strong_beats() -> None:
    notes = chorale().notes
    few = apply_texture(notes, [Section(0, 64, "thinned", 0.1)], np.random.default_rng(1))
    some = apply_texture(notes, [Section(0, 64, "thinned", 0.5)], np.random.default_rng(1))
    assert places(few) == pytest.approx(12.8, abs=1)
    assert places(some) == 64
    assert sum(note.beat % 2 == 0 for note in few) > 0.9 * len(few)


def test_broken_chords_have_as_many_notes_as_asked_for() -> None:
    notes = chorale().notes
    for per_beat in (3, 6):
        broken = apply_texture(notes, [Section(0, 64, "broken", per_beat)], np.random.default_rng(5))
        lower = [note for note in broken if note.part == 1]
        assert len(lower) == 64 * per_beat
        assert {note.pitch % 12 for note in lower} <= {note.pitch % 12 for note in notes}


def test_sections_follow_each_other() -> None:
    sections = draw_sections(100.0, np.random.default_rng(2))
    assert sections[0].start == 0 and sections[-1].end == 100
    assert all(a.end == b.start for a, b in pairwise(sections))


def test_a_performance_repeats_with_its_seed_and_ends_in_time() -> None:
    first, again, other = (perform(chorale(), MANNER, 20.0, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again and first != other
    assert all(0 <= note.start < 18 and note.start < note.end <= 20 for note in first.notes)


def test_a_short_score_begins_anew() -> None:
    played = perform(chorale(8), MANNER, 30.0, np.random.default_rng(1))
    assert max(note.start for note in played.notes) > 25


def test_rubato_moves_beats_and_loudness_follows_the_score() -> None:
    steady, free = (perform(chorale(), replace(MANNER, rubato=r), 30.0, np.random.default_rng(4)) for r in (0.0, 0.14))
    moved = [abs(a.start - b.start) for a, b in zip(steady.notes[:80], free.notes[:80], strict=True)]
    assert max(moved) > 0.1
    soft = np.mean([note.velocity for note in steady.notes if note.start < 5])
    loud = np.mean([note.velocity for note in steady.notes if 16 < note.start < 21])
    assert loud > soft + 10


def test_the_pedal_comes_up_with_each_chord() -> None:
    played = perform(chorale(), replace(MANNER, pedal="half bar"), 20.0, np.random.default_rng(1))
    ups = [seconds for seconds, down in played.pedal if not down]
    assert np.diff(ups) == pytest.approx(1.0)
    assert perform(chorale(), MANNER, 20.0, np.random.default_rng(1)).pedal == ()


def test_chords_count_as_one_onset() -> None:
    played = perform(chorale(), MANNER, 20.0, np.random.default_rng(1))
    onsets = played.onsets()
    assert len(onsets) < len(played.notes)
    assert np.diff(onsets).min() > 0.045


def test_manners_differ_and_keep_the_keyboard() -> None:
    manners = [draw_manner(chorale(), np.random.default_rng(seed)) for seed in range(60)]
    assert {manner.pedal for manner in manners} == set(PEDALS)
    assert max(m.bpm for m in manners) > 2 * min(m.bpm for m in manners)
    assert len({manner.transpose for manner in manners}) > 8


def test_densities_of_a_corpus_reach_far() -> None:
    rates: list[float] = []
    for seed in range(8):
        generator = np.random.default_rng(seed)
        played = perform(chorale(), draw_manner(chorale(), generator), 60.0, generator)
        seconds = np.floor(np.array(played.onsets()) / 4).astype(int)
        rates += list(np.bincount(seconds, minlength=14)[:14] / 4)
    low, high = np.percentile(rates, [5, 95])
    assert low <= 1.0 and high >= 4.5
