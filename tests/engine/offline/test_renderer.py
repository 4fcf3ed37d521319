"""Audio is a function of song position: the guarantee of the renderer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.engine.console import Sound
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.offline.renderer import render_take, stream, stream_dry
from musika_daw.engine.own.phrases import Phrase, PhraseBook, PhraseRequest
from musika_daw.engine.own.song import Song
from musika_daw.engine.score import Curve, Score, StyleCurve, constant
from musika_daw.engine.take.midi_file import read_midi
from musika_daw.errors import UserError
from musika_daw.model.model_file import Networks
from musika_daw.music.harmony import parse_chords, parse_key
from musika_daw.music.line import Line
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import TempoMap, constant_tempo

RATE = 44100


def a_score(tempo_map: TempoMap | None = None, **changes: object) -> Score:
    score = Score(
        seed=7,
        tempo_map=tempo_map or constant_tempo(128),
        style=StyleCurve(((0.0, "pebble"),)),
        density={stem: constant(0.7) for stem in STEMS},
        brightness={stem: constant(0.5) for stem in STEMS},
        key=parse_key("Am"),
    )
    return replace(score, **changes)  # type: ignore[arg-type]


def joined(blocks: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {stem: np.concatenate([b[stem] for b in blocks], 1) for stem in blocks[0]}


def bars(song: Song, first: int, end: int) -> tuple[int, int]:
    at = song.score.tempo_map.sample_at
    return at(first * 4, RATE), at(end * 4, RATE)


@pytest.mark.parametrize(
    "tempo_map", [constant_tempo(128), TempoMap(((0.0, 90.0), (16.0, 150.0), (30.0, 110.0)), ramps=True)]
)
def test_dry_bars_rendered_alone_equal_the_same_bars_of_the_whole(tiny_networks: Networks, tempo_map: TempoMap) -> None:
    whole = Song(tiny_networks, a_score(tempo_map))
    _, end = bars(whole, 0, 6)
    all_bars = joined(list(stream_dry(whole, 0, end)))
    part = Song(tiny_networks, a_score(tempo_map))
    first, last = bars(part, 4, 6)
    some_bars = joined(list(stream_dry(part, first, last)))
    for stem in STEMS:
        assert np.abs(all_bars[stem]).max() > 1e-4
        assert np.array_equal(all_bars[stem][:, first:last], some_bars[stem])


def test_bars_through_effects_alone_equal_the_same_bars_of_the_whole(tiny_networks: Networks) -> None:
    whole = Song(tiny_networks, a_score())
    all_bars = joined(list(stream(whole, 0, bars(whole, 0, 7)[1])))
    first, last = bars(whole, 6, 7)
    some_bars = joined(list(stream(Song(tiny_networks, a_score()), first, last)))
    for stem in STEMS:
        assert some_bars[stem].shape == (2, last - first)
        apart = np.abs(all_bars[stem][:, first:last] - some_bars[stem]).max()
        assert apart < 10 ** (-70 / 20), stem


def test_streams_are_exactly_as_long_as_asked(tiny_networks: Networks) -> None:
    for start, end in ((0, 1), (12_345, 12_345 + 262_144), (262_144, 524_288)):
        whole = joined(list(stream(Song(tiny_networks, a_score()), start, end)))
        assert {audio.shape for audio in whole.values()} == {(2, end - start)}


def test_a_seed_changes_the_music_and_the_same_seed_does_not(tiny_networks: Networks) -> None:
    first = Song(tiny_networks, a_score()).notes("bass", 0, 64)
    assert first == Song(tiny_networks, a_score()).notes("bass", 0, 64)
    assert first != Song(tiny_networks, a_score(seed=8)).notes("bass", 0, 64)


def test_density_only_takes_notes_away(tiny_networks: Networks) -> None:
    counts, before = [], set()
    for density in (0.0, 0.25, 0.5, 0.75, 1.0):
        score = a_score(density={stem: constant(density) for stem in STEMS})
        notes = Song(tiny_networks, score).notes("drums", 0, 64)
        now = {(n.start_beat, n.pitch) for n in notes}
        assert before <= now
        before = now
        counts.append(len(notes))
    assert counts[0] == 0 and counts == sorted(counts) and counts[-1] > counts[1] > 0


def test_a_density_of_zero_silences_a_stem(tiny_networks: Networks) -> None:
    score = a_score(density={stem: constant(0.0 if stem == "lead" else 0.7) for stem in STEMS})
    audio = joined(list(stream_dry(Song(tiny_networks, score), 0, 200_000)))
    assert not audio["lead"].any() and audio["bass"].any()


def test_density_may_change_in_mid_bar(tiny_networks: Networks) -> None:
    curve = Curve(((0.0, 1.0), (10.0, 0.0)))
    score = a_score(density=dict.fromkeys(STEMS, curve))
    notes = Song(tiny_networks, score).notes("bass", 0, 32)
    assert notes and max(n.start_beat for n in notes) < 10.0


def test_given_chords_are_followed(tiny_networks: Networks) -> None:
    chords = parse_chords("Am F C:2 G:2")
    song = Song(tiny_networks, a_score(chords=chords, key=None))
    assert [str(song.chord_at(b)) for b in (0, 4, 8, 10, 12)] == ["Am", "F", "C", "G", "Am"]
    assert set(song.key.scale) == {0, 2, 4, 5, 7, 9, 11}
    for note in song.notes("chords", 0, 48):
        assert chords is not None
        chord = chords.at(round(note.start_beat * 4) / 4)
        assert (note.pitch - chord.root) % 12 in {t % 12 for t in chord.tones}


def test_own_notes_are_played_instead_of_the_models(tiny_networks: Networks) -> None:
    line = (Note(0.0, 0.5, 40, 0.8), Note(1.0, 0.5, 43, 0.8))
    song = Song(tiny_networks, a_score(notes={"bass": Line(line)}))
    assert song.notes("bass", 0, 100) == list(line)


def test_a_take_has_exact_lengths_and_repeats_bit_for_bit(tiny_model: Path, tmp_path: Path) -> None:
    takes = [render_take(str(tiny_model), a_score(), bars=2, project=tmp_path, take_name="jam") for _ in range(2)]
    assert [t.name for t in takes] == ["jam 001", "jam 002"]
    wanted = round(2 * 4 * 60 / 128 * RATE)
    names = {p.name for p in takes[0].iterdir()}
    assert {f"{s}_128bpm_Am.wav" for s in (*STEMS, "mix")} <= names
    assert {f"{s}.mid" for s in STEMS} | {"take.json", "session.jsonl"} <= names
    for name in names:
        assert (takes[0] / name).read_bytes() == (takes[1] / name).read_bytes(), name
    plain = render_take(str(tiny_model), a_score(), bars=2, project=tmp_path, take_name="plain", sound=Sound())
    audio = {p.name.split("_")[0]: soundfile.read(p)[0] for p in plain.glob("*.wav")}
    assert {a.shape for a in audio.values()} == {(wanted, 2)}
    for stem in STEMS:
        assert np.array_equal(audio[stem], soundfile.read(takes[0] / f"{stem}_128bpm_Am.wav")[0]), "as with mastering"
    apart = audio["mix"] - sum(audio[stem] for stem in STEMS)
    assert np.abs(apart).max() < 5 * 2**-23 and np.abs(audio["mix"]).max() < 1.0


def test_joined_takes_have_no_gap(tiny_networks: Networks) -> None:
    song = Song(tiny_networks, a_score(constant_tempo(93.7)))
    ends = [bars(song, first, first + 3) for first in (0, 3, 6)]
    assert all(a[1] == b[0] for a, b in itertools.pairwise(ends))


def test_only_the_stems_asked_for_are_rendered(tiny_model: Path, tmp_path: Path) -> None:
    take = render_take(str(tiny_model), a_score(stems=("bass", "lead")), seconds=1.5, project=tmp_path)
    wavs = {p.name.split("_")[0] for p in take.glob("*.wav")}
    assert wavs == {"bass", "lead", "mix"}
    assert soundfile.info(next(take.glob("bass*.wav"))).frames == round(1.5 * RATE)


def test_a_style_without_a_name_is_refused(tiny_networks: Networks) -> None:
    song = Song(tiny_networks, a_score(style=StyleCurve(((0.0, "no such style"),))))
    with pytest.raises(UserError, match="expected one of"):
        song.style_at(0.0)


def test_a_seeded_style_is_found_and_stays(tiny_networks: Networks) -> None:
    song = Song(tiny_networks, a_score(style=StyleCurve(((0.0, "12"),))))
    assert np.array_equal(song.style_at(0).vector, Song(tiny_networks, song.score).style_at(0).vector)


@pytest.mark.parametrize("threads", [2, 8])
def test_audio_does_not_depend_on_the_number_of_threads(tiny_networks: Networks, threads: int) -> None:
    one = joined(list(stream(Song(tiny_networks, a_score()), 100_000, 400_000, threads=1)))
    others = joined(list(stream(Song(tiny_networks, a_score()), 100_000, 400_000, threads=threads)))
    assert all(np.array_equal(one[stem], others[stem]) for stem in (*STEMS, "mix"))


def test_notes_of_a_take_are_those_of_the_song(tiny_model: Path, tmp_path: Path) -> None:
    take = render_take(str(tiny_model), a_score(), first_bar=3, bars=7, project=tmp_path)
    song = load_model(str(tiny_model)).song(a_score())
    for stem in STEMS:
        wanted = song.notes(stem, 12.0, 40.0)
        written = read_midi(take / f"{stem}.mid")
        assert len({(n.start_beat, n.pitch) for n in written}) > 4
        places = {(round((n.start_beat - 12.0) * 960), n.pitch) for n in wanted}
        assert {(round(n.start_beat * 960), n.pitch) for n in written} == places


def test_long_takes_make_each_phrase_once(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Counting(PhraseBook):
        def _make(self, request: PhraseRequest) -> Phrase:
            made.append(request.phrase)
            return super()._make(request)

    def silent(song: Song, start: int, end: int, *_: object, **__: object) -> Iterator[dict[str, np.ndarray]]:
        for at in range(start, end, RATE):
            yield dict.fromkeys((*STEMS, "mix"), np.zeros((2, min(RATE, end - at)), np.float32))

    monkeypatch.setattr("musika_daw.engine.own.model.PhraseBook", Counting)
    monkeypatch.setattr("musika_daw.engine.own.phrases._KEPT", 2)
    monkeypatch.setattr("musika_daw.engine.offline.renderer.stream", silent)
    render_take(str(tiny_model), a_score(constant_tempo(240)), bars=160, project=tmp_path)
    assert sorted(made) == list(range(11))
