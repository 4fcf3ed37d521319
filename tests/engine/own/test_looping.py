"""At variation 0 a loop returns, to the note and to the sample; with more of it the song leaves the loop by and by."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from musika_daw.engine.offline.renderer import stream_dry
from musika_daw.engine.own.chunks import LIVE
from musika_daw.engine.own.looping import repeats_after
from musika_daw.engine.own.song import Song
from musika_daw.engine.playable import AudioArray
from musika_daw.engine.score import Curve, Score, StyleCurve, constant
from musika_daw.model.model_file import Networks
from musika_daw.music.form import parse_form
from musika_daw.music.harmony import parse_chords
from musika_daw.music.line import parse_line
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import TempoMap, constant_tempo

RATE = 44100


def score(bars: int = 16, variation: float = 0.0, **changes: object) -> Score:
    curves = {stem: constant(0.7) for stem in STEMS}
    style = StyleCurve(((0.0, "aurora"),))
    made = Score(7, constant_tempo(120), style, curves, curves, variation=variation, motion=0.8, loop_bars=bars)
    return replace(made, **changes)  # type: ignore[arg-type]


def bars_of(song: Song, stem: str, first: int, end: int) -> list[tuple[tuple[float | int, ...], ...]]:
    """The notes of each bar, positions within it."""
    notes = [[_placed(n, bar) for n in song.notes(stem, bar * 4 - 0.2, bar * 4 + 3.8)] for bar in range(first, end)]
    return [tuple(sorted(bar)) for bar in notes]


def _placed(note: Note, bar: int) -> tuple[float | int, ...]:
    return round(note.start_beat - 4 * bar, 6), round(note.length_beats, 6), note.pitch, round(note.strength, 6)


def dry(song: Song, first_bar: int, bars: int) -> Mapping[str, AudioArray]:
    at = song.score.tempo_map.sample_at
    blocks = list(stream_dry(song, at(first_bar * 4, RATE), at((first_bar + bars) * 4, RATE)))
    return {stem: np.concatenate([block[stem] for block in blocks], 1) for stem in blocks[0]}


@pytest.mark.parametrize("bars", [1, 2, 3, 4, 8, 16])
def test_without_variation_every_note_returns(tiny_networks: Networks, bars: int) -> None:
    song = Song(tiny_networks, score(bars))
    for stem in STEMS:
        loop = bars_of(song, stem, 1 + bars, 1 + 2 * bars)
        assert any(loop) or stem != "drums"
        for later in (1, 3, 7):
            assert bars_of(song, stem, 1 + later * bars, 1 + (later + 1) * bars) == loop, (stem, later)
    chords = [[song.chord_at(float(n * 4 * bars + beat)).name for beat in range(4 * bars)] for n in range(5)]
    assert all(later == chords[0] for later in chords)


def test_without_variation_every_sample_returns_before_the_effects(tiny_networks: Networks) -> None:
    song = Song(tiny_networks, score(2))
    passes = [dry(song, first, 2) for first in (0, 2, 12)]
    for stem in STEMS:
        assert np.abs(passes[0][stem]).max() > 1e-4
        assert all(np.array_equal(each[stem], passes[0][stem]) for each in passes), stem
    with ThreadPoolExecutor(2) as pool:
        chunks = song.chunks(LIVE)
        live = [chunks.audio(chunk, pool) for chunk in range(-(-8 * RATE // chunks.samples))]
    for stem in STEMS:
        heard = np.concatenate([block[stem] for block in live], 1)
        assert np.array_equal(heard[:, : 4 * RATE], heard[:, 4 * RATE : 8 * RATE]), stem


def test_a_pass_ends_as_it_begins(tiny_networks: Networks) -> None:
    """No step where it comes round that is larger than those of the music."""
    song = Song(tiny_networks, score(1, tempo_map=constant_tempo(127)))
    heard = dry(song, 0, 5)
    for stem in STEMS:
        steps = np.abs(np.diff(heard[stem][0]))
        lines = [song.score.tempo_map.sample_at(bar * 4, RATE) for bar in range(1, 5)]
        around = max(steps[line - 2 : line + 1].max() for line in lines)
        assert around <= np.quantile(steps, 0.9999) + 1e-6, stem


@pytest.mark.parametrize("bars", [4, 16])
def test_variation_leaves_the_loop_by_and_by(tiny_networks: Networks, bars: int) -> None:
    def struck(variation: float) -> set[tuple[str, int, int]]:
        song = Song(tiny_networks, score(bars, variation))
        return {(stem, round(4 * n.start_beat), n.pitch) for stem in STEMS for n in song.notes(stem, 64.0, 96.0)}

    still = struck(0.0)
    kept = [len(still & notes) / len(still | notes) for notes in map(struck, (0.0, 0.004, 0.4))]
    assert kept[0] == 1.0 and kept[1] > 0.9 > kept[2], kept


def test_what_does_not_return_by_itself_has_a_length_of_its_own() -> None:
    assert repeats_after(score(4)) == 16.0
    assert repeats_after(score(4, chords=parse_chords("Am F C"))) == 48.0
    assert repeats_after(score(4, notes={"bass": parse_line("loop 3.5: 33 0 0.5 100")})) == 112.0
    assert repeats_after(score(2, held={"bass": score(8)})) == 32.0
    for changes in (
        {"variation": 0.01},
        {"form": parse_form("intro 8, drop 8")},
        {"tempo_map": TempoMap(((0.0, 120.0), (16.0, 125.0)))},
        {"density": dict.fromkeys(STEMS, Curve(((0.0, 0.5), (8.0, 0.7))))},
        {"notes": {"bass": parse_line("once 4: 33 0 0.5 100")}},
        {"notes": {"bass": parse_line("loop 999.9: 33 0 0.5 100")}},
        {"held": {"bass": score(8, 0.5)}},
    ):
        assert repeats_after(score(4, **changes)) is None, changes
