"""The composer: what every genre must give the pattern net to learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from musika_daw.music.grid import STEPS_PER_BAR, STEPS_PER_BEAT, GridNote, rank, thin
from musika_daw.music.harmony import COLOURS, MODES, Chord, Key, diatonic_chord
from musika_daw.music.notes import DRUM_CLASSES, STEMS
from musika_daw.music.realize import realize
from musika_daw.train.corpus.composer import Composition, compose
from musika_daw.train.corpus.drum_patterns import LAYERS
from musika_daw.train.corpus.genres import GENRES, GRAMMARS
from musika_daw.train.corpus.loops import spread_salience, vary

BARS = 32
TRACKS = 8
CANDIDATES = {"drums": (20, 32), "bass": (14, 16), "chords": (6, 8), "lead": (12, 16)}
FILL_PLACES = {3, 7, 11, 14, 15}


@cache
def tracks(genre: str) -> tuple[Composition, ...]:
    return tuple(compose(np.random.default_rng([7, i]), genre, BARS) for i in range(TRACKS))


def bars_of(notes: list[GridNote] | tuple[GridNote, ...], bars: int = BARS) -> list[list[GridNote]]:
    split: list[list[GridNote]] = [[] for _ in range(bars)]
    for note in notes:
        split[note.bar].append(note)
    return split


def constant(density: float) -> Callable[[float], float]:
    return lambda _: density


def chord_at(composition: Composition, key: Key) -> Callable[[float], Chord]:
    chords = [diatonic_chord(key, step.degree, step.colour) for step in composition.harmony]
    return lambda beat: chords[min(max(int(beat), 0), len(chords) - 1)]


def chord_changes(composition: Composition) -> list[int]:
    steps = composition.harmony
    return [beat for beat in range(1, len(steps)) if steps[beat] != steps[beat - 1]]


@pytest.mark.parametrize("genre", GENRES)
def test_every_bar_has_the_candidates_that_give_density_its_range(genre: str) -> None:
    for track in tracks(genre):
        for stem, (fewest, most) in CANDIDATES.items():
            for bar, notes in enumerate(bars_of(track.notes[stem])):
                # A break takes the kicks out of a drum bar.
                least = fewest - 5 if stem == "drums" and bar % 16 in FILL_PLACES else fewest
                assert least <= len(notes) <= most, (stem, bar)


@pytest.mark.parametrize("genre", GENRES)
def test_notes_are_within_the_ranges_of_the_grid(genre: str) -> None:
    for track in tracks(genre):
        assert len(track.harmony) == BARS * 4
        assert 0 <= track.swing <= 0.33
        for stem in STEMS:
            notes = track.notes[stem]
            assert list(notes) == sorted(notes, key=lambda n: (n.step, n.timing, n.drum))
            places = [(n.step, n.drum) for n in notes]
            assert len(set(places)) == len(places), "one note per place"
            for note in notes:
                assert note.stem == stem
                assert 0 <= note.step < BARS * STEPS_PER_BAR
                assert 0 < note.salience <= 1
                assert 0 < note.strength <= 1
                assert -0.5 <= note.timing < 0.5
                assert note.length_steps > 0
                assert 0 <= note.degree <= 6
                assert -1 <= note.octave <= 1
                assert 0 <= note.voicing <= 3
                assert (note.drum in DRUM_CLASSES) if stem == "drums" else note.drum == ""
                assert stem in ("bass", "lead") or not note.slide
                assert stem == "drums" or not note.ratchet


@pytest.mark.parametrize("genre", GENRES)
def test_density_thins_exactly_and_in_one_order(genre: str) -> None:
    track = tracks(genre)[0]
    for stem in STEMS:
        heard: set[GridNote] = set()
        for density in (0.0, 0.15, 0.3, 0.5, 0.75, 1.0):
            louder = thin(rank(track.notes[stem]), constant(density))
            assert heard <= set(louder)
            heard = set(louder)
            for all_notes, kept in zip(bars_of(track.notes[stem]), bars_of(louder), strict=True):
                assert len(kept) == round(density * len(all_notes))
        assert len(heard) == len(track.notes[stem])


@pytest.mark.parametrize("genre", GENRES)
def test_saliences_are_spread_and_come_back_with_the_loop(genre: str) -> None:
    for track in tracks(genre):
        for stem in STEMS:
            saliences = [n.salience for n in track.notes[stem]]
            assert np.quantile(saliences, (0.25, 0.5, 0.75)) == pytest.approx((0.25, 0.5, 0.75), abs=0.13)
            first, third = (
                {(n.step % 16, n.drum): n.salience for n in bar}
                for bar in (bars_of(track.notes[stem])[i] for i in (0, 2))
            )
            shared = first.keys() & third.keys()
            alike = np.mean([abs(first[place] - third[place]) < 1e-9 for place in shared])
            # Cells of 3, 5 or 6 sixteenths stand elsewhere in the third bar.
            assert alike > 0.3 or stem == "lead"


def share_of_onsets(notes: tuple[GridNote, ...], density: float) -> float:
    """Onsets that neighbouring bars have in common at one density, fills apart."""
    places = [{(n.step % STEPS_PER_BAR, n.drum) for n in bar} for bar in bars_of(thin(rank(notes), constant(density)))]
    pairs = [(i, i + 1) for i in range(BARS - 1) if not {i % 16, (i + 1) % 16} & {7, 15}]
    return float(np.mean([2 * len(places[i] & places[j]) / (len(places[i]) + len(places[j])) for i, j in pairs]))


@pytest.mark.parametrize("stem", STEMS)
def test_neighbouring_bars_are_alike_but_not_the_same(stem: str) -> None:
    means = {genre: float(np.mean([share_of_onsets(t.notes[stem], 0.5) for t in tracks(genre)])) for genre in GENRES}
    assert all(0.75 < mean < 0.99 for mean in means.values()), means
    assert 0.82 < np.mean(list(means.values())) < 0.95, means


@pytest.mark.parametrize("genre", GENRES)
def test_kicks_stand_on_every_beat_outside_fills(genre: str) -> None:
    for track in tracks(genre):
        kicks = [n for n in track.notes["drums"] if n.drum == "kick"]
        assert all(abs(n.timing) <= 0.01 for n in kicks)
        for bar, notes in enumerate(bars_of(kicks)):
            beats = {n.step % STEPS_PER_BAR for n in notes}
            if genre == "electro":
                assert bar % 16 in FILL_PLACES or (0 in beats and beats != {0, 4, 8, 12})
            elif bar % 16 not in FILL_PLACES:
                assert beats == {0, 4, 8, 12}


def test_breaks_are_short_and_rare() -> None:
    silent = [
        bar % 16
        for genre in GENRES
        for track in tracks(genre)
        for bar, notes in enumerate(bars_of(track.notes["drums"]))
        if not any(n.drum == "kick" for n in notes)
    ]
    assert 0 < len(silent) < 0.08 * len(GENRES) * TRACKS * BARS
    assert set(silent) == {15}


def test_fills_grow_towards_the_end_of_the_phrase() -> None:
    """Rolls, toms and pick-ups that the bar four bars earlier did not have."""
    new: Counter[int] = Counter()
    for genre in GENRES:
        for track in tracks(genre):
            bars = [{(n.step % 16, n.drum) for n in bar} for bar in bars_of(track.notes["drums"])]
            for place in range(16, 32):
                new[place % 16] += len(bars[place] - bars[place - 1])
    assert new[15] > new[7] > new[3] > 1.3 * new[2]


def test_low_density_leaves_the_skeleton() -> None:
    for genre in GENRES:
        for track in tracks(genre):
            drums = bars_of(thin(rank(track.notes["drums"]), constant(0.15)))[1]
            assert sum(n.drum == "kick" for n in drums) >= min(len(drums), 3)
            assert all(n.degree == 0 for n in bars_of(thin(rank(track.notes["bass"]), constant(0.13)))[1])
            assert len(bars_of(thin(rank(track.notes["chords"]), constant(0.13)))[1]) == 1


@pytest.mark.parametrize("genre", GENRES)
def test_bass_plays_the_root_where_it_matters(genre: str) -> None:
    for track in tracks(genre):
        by_step = {n.step: n for n in track.notes["bass"]}
        bars = bars_of(track.notes["bass"])
        for bar, notes in enumerate(bars):
            assert by_step[bar * STEPS_PER_BAR].degree == 0
            assert max(notes, key=lambda n: n.salience).degree == 0
        for beat in chord_changes(track):
            notes = [n for n in bars[beat // 4] if n.step // STEPS_PER_BEAT == beat]
            assert max(notes, key=lambda n: n.salience).degree == 0
            assert notes[0].step != beat * STEPS_PER_BEAT or notes[0].degree == 0
        assert np.mean([n.degree == 0 for n in track.notes["bass"]]) > 0.5


@pytest.mark.parametrize("genre", GENRES)
def test_lead_plays_chord_tones_on_the_beat(genre: str) -> None:
    for track in tracks(genre):
        assert all(n.degree in (0, 2, 4) for n in track.notes["lead"] if n.step % STEPS_PER_BEAT == 0)


@pytest.mark.parametrize("mode", MODES)
def test_every_realised_note_is_in_key(mode: str) -> None:
    for genre in GENRES:
        track = tracks(genre)[1]
        for tonic in (0, 5, 11):
            key = Key(tonic, mode)
            for stem in ("bass", "chords", "lead"):
                for note in realize(stem, track.notes[stem], chord_at(track, key), key):
                    assert note.pitch % 12 in key.scale, (genre, stem, note)


@pytest.mark.parametrize("genre", GENRES)
def test_pitched_notes_end_with_their_chord(genre: str) -> None:
    track = tracks(genre)[2]
    changes = np.array([*chord_changes(track), BARS * 4]) * STEPS_PER_BEAT
    for stem in ("bass", "chords", "lead"):
        for note in track.notes[stem]:
            assert note.step + note.length_steps <= changes[np.searchsorted(changes, note.step, side="right")]


def test_harmony_repeats_and_belongs_to_its_genre() -> None:
    counts = {}
    for genre in GENRES:
        for track in tracks(genre):
            assert track.mode in GRAMMARS[genre].modes
            assert all(0 <= step.degree <= 6 and step.colour in COLOURS for step in track.harmony)
            assert track.harmony[:16] == track.harmony[16:32] == track.harmony[32:48]
        counts[genre] = np.mean([len(set(track.harmony[:64])) for track in tracks(genre)])
    assert counts["melodic"] > counts["dub"] > 1
    assert counts["hypnotic"] < 1.8


def test_genres_differ_in_what_they_are_known_for() -> None:
    def mean(genre: str, measure: Callable[[Composition], float]) -> float:
        return float(np.mean([measure(track) for track in tracks(genre)]))

    def slides(track: Composition) -> float:
        return float(np.mean([n.slide for n in track.notes["bass"]]))

    def ratchets(track: Composition) -> float:
        return float(np.mean([n.ratchet for n in track.notes["drums"]]))

    def chord_steps(track: Composition) -> float:
        return float(np.median([n.length_steps for n in track.notes["chords"]]))

    others = [mean(genre, slides) for genre in GENRES if genre != "acid"]
    assert mean("acid", slides) > max(2 * float(np.mean(others)), *others)
    assert mean("hard", ratchets) > mean("dub", ratchets)
    assert mean("melodic", chord_steps) > 1.5 * mean("hard", chord_steps)
    assert max(track.swing for track in tracks("minimal")) > 0.1


def test_swing_delays_odd_sixteenths() -> None:
    track = max(tracks("minimal"), key=lambda t: t.swing)
    hats = [n for n in track.notes["drums"] if n.drum in ("snare", "perc")]
    odd, even = (np.mean([n.timing for n in hats if n.step % 2 == side]) for side in (1, 0))
    assert odd - even == pytest.approx(track.swing, abs=0.02)


def test_the_generator_decides_everything() -> None:
    for genre in GENRES:
        assert compose(np.random.default_rng(3), genre, 8) == compose(np.random.default_rng(3), genre, 8)
        assert compose(np.random.default_rng(3), genre, 8) != compose(np.random.default_rng(4), genre, 8)


@pytest.mark.parametrize("bars", [1, 5, 16, 23])
def test_any_number_of_bars(bars: int) -> None:
    track = compose(np.random.default_rng(bars), "melodic", bars)
    assert track.bars == bars
    assert len(track.harmony) == 4 * bars
    assert all(bars_of(track.notes[stem], bars)[-1] for stem in STEMS)


def test_layers_are_well_formed() -> None:
    assert LAYERS.keys() == set(GENRES)
    for layers in LAYERS.values():
        for layer in layers:
            assert layer.drum in DRUM_CLASSES
            for line in layer.lines:
                assert set(line) <= set(".123456789")
                assert len(line) in (0, 3, 5, 6, 16, 32), line


def test_variation_spares_the_skeleton_and_the_number_of_notes() -> None:
    bar = [GridNote("bass", step, 1.0 - step / 20) for step in range(16)]
    for seed in range(20):
        varied = vary(np.random.default_rng(seed), bar, 3, 4, 15)
        assert 15 <= len(varied) <= 16
        assert sorted(varied, key=lambda n: -n.salience)[:4] == bar[:4]
        assert {n.salience for n in varied} <= {n.salience for n in bar}


def test_spread_salience_keeps_order_and_ties() -> None:
    track = [
        [GridNote("bass", 0, 9.0), GridNote("bass", 1, -3.0)],
        [GridNote("bass", 0, 9.0), GridNote("bass", 4, 1.0)],
    ]
    assert spread_salience(track) == [[0.875, 0.25], [0.875, 0.5]]
