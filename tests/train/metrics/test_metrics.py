"""Measures on sounds whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from musika_daw.analysis.key import heard_tonic, share_in_key
from musika_daw.analysis.onsets import find_notes, find_onsets
from musika_daw.analysis.pitch import pitch_errors_cents
from musika_daw.analysis.spectra import centroid_octaves, level_dbfs
from musika_daw.model.excitation import SAMPLE_RATE, TimedNote, excite
from musika_daw.music.harmony import MODES, Key
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import constant_tempo
from musika_daw.train.corpus.drum_sounds import drum_kit
from musika_daw.train.corpus.sounds import draw_style
from musika_daw.train.metrics.distances import chroma_similarity, log_spectral_distance_db
from musika_daw.train.metrics.kick_timing import beat_figures, kick_errors
from musika_daw.train.metrics.listener import FeatureSpace, listener_features
from musika_daw.train.metrics.onset_agreement import merge_onsets, onset_agreement
from musika_daw.train.metrics.spectrogram_picture import save_spectrogram


def noise(seconds: float, level: float = 0.1, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return (level * generator.standard_normal((2, int(seconds * SAMPLE_RATE)))).astype(np.float32)


def saw(pitches: list[tuple[float, float, int]], seconds: float, cents: float = 0.0) -> np.ndarray:
    """(start, length, pitch) in seconds -> a saw melody, `cents` sharp."""
    notes = [TimedNote(int(a * SAMPLE_RATE), int(n * SAMPLE_RATE), p) for a, n, p in pitches]
    stretch = 2.0 ** (cents / 1200)
    sound = excite(notes, 0, int(seconds * SAMPLE_RATE * stretch) + 2)[:2].sum(0)
    at = np.arange(int(seconds * SAMPLE_RATE)) * stretch
    played = np.interp(at, np.arange(len(sound)), sound).astype(np.float32) * 0.2
    return np.stack([played, played])


def test_clicks_are_found_within_two_milliseconds() -> None:
    at = np.array([0.31, 0.82, 1.1, 1.37, 2.02])
    audio = noise(2.5, 1e-5)
    burst = noise(0.04, 0.3, seed=1) * np.exp(-np.arange(int(0.04 * SAMPLE_RATE)) / 300)
    for second in at:
        start = round(second * SAMPLE_RATE)
        audio[:, start : start + burst.shape[1]] += burst
    found = find_onsets(audio)
    assert len(found) == len(at) and np.abs(found - at).max() < 0.002


def test_steady_sound_and_silence_have_no_onsets() -> None:
    assert not len(find_onsets(np.zeros((2, SAMPLE_RATE), np.float32)))
    steady = saw([(0.0, 3.0, 50)], 3.0)
    found = find_onsets(steady)
    assert not len(found[(found > 0.1) & (found < 2.9)])


def test_a_note_is_heard_while_others_beat_against_each_other() -> None:
    at = np.array([1.0, 1.7, 2.1])
    seconds = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    hz = 110.0 * np.arange(1, 9)[:, None]
    strings = sum(np.sin(2 * np.pi * (hz * (1 + detune)) * seconds) for detune in (-0.004, 0.0, 0.005)).sum(0)
    notes = np.zeros_like(seconds)
    for second in at:
        since = seconds - second
        notes += np.where(since > 0, np.exp(-5 * since.clip(0)) * np.sin(2 * np.pi * 1320 * since), 0)
    audio = np.tile((0.02 * strings + 0.05 * notes).astype(np.float32), (2, 1))
    found = find_notes(audio, 0.5)
    found = found[(found > 0.1) & (found < 2.9)]
    assert len(found) == len(at) and np.abs(found - at).max() < 0.03, found


def test_onsets_are_matched_one_to_one() -> None:
    agreed = onset_agreement(np.array([1.0, 1.01, 2.0, 5.0]), np.array([1.0, 2.02, 3.0]))
    assert (agreed.precision, agreed.recall) == (0.5, pytest.approx(2 / 3))
    assert agreed.f_measure == pytest.approx(4 / 7)
    assert onset_agreement(np.zeros(0), np.zeros(0)).f_measure == 1.0
    assert onset_agreement(np.ones(1), np.zeros(0)).f_measure == 0.0
    assert merge_onsets([2.0, 1.0, 1.01]).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("genre", ["dub", "hard", "minimal"])
@pytest.mark.parametrize("late", [0.0, 0.012, -0.02])
def test_kicks_are_timed_to_a_millisecond(genre: str, late: float) -> None:
    generator = np.random.default_rng(2)
    kick = drum_kit(draw_style(generator, genre).settings, generator)["kick"][0][0]
    beats = np.arange(1, 12) * 0.47
    audio = np.zeros((2, 6 * SAMPLE_RATE), np.float32)
    for beat in beats:
        start = round((beat + late) * SAMPLE_RATE)
        audio[:, start : start + len(kick)] += kick[: audio.shape[1] - start]
    figures = beat_figures(kick_errors(audio, beats), beats)
    assert figures.median_ms == pytest.approx(abs(late) * 1000, abs=1.5)
    assert figures.heard == figures.hit_30_ms == 1.0 and abs(figures.drift_ms_per_minute) < 20
    assert beat_figures(kick_errors(np.zeros_like(audio), beats), beats).heard == 0.0


@pytest.mark.parametrize("pitch", [33, 45, 64, 88])
@pytest.mark.parametrize("cents", [0.0, 7.0, -40.0])
def test_pitch_is_measured_to_two_cents(pitch: int, cents: float) -> None:
    audio = saw([(0.0, 0.35, pitch), (0.5, 0.35, pitch + 2)], 1.0, cents)
    notes = [Note(0.0, 0.7, pitch, 1.0), Note(1.0, 0.7, pitch + 2, 1.0)]
    errors = pitch_errors_cents(audio, notes, constant_tempo(120))
    assert len(errors) == 2 and np.abs(np.array(errors) - cents).max() < 2


def test_a_wrong_note_is_heard_as_wrong_and_a_short_one_is_left_out() -> None:
    audio = saw([(0.0, 0.4, 45)], 0.6)
    wrong = pitch_errors_cents(audio, [Note(0.0, 0.8, 50, 1.0)], constant_tempo(120))
    assert len(wrong) == 1 and abs(wrong[0] + 500) < 10
    assert not pitch_errors_cents(audio, [Note(0.0, 0.1, 45, 1.0)], constant_tempo(120))


@pytest.mark.parametrize("mode", ["minor", "dorian", "major", "phrygian"])
def test_the_key_is_heard(mode: str) -> None:
    for tonic in (0, 4, 9):
        scale = [tonic + s for s in MODES[mode]]
        bass = saw([(i * 0.25, 0.2, 36 + p % 12) for i, p in enumerate([scale[0]] * 6 + [scale[4]] * 2)], 2.0)
        chords = [scale[0], scale[2], scale[4], scale[3], scale[5], scale[1], scale[6], scale[0]]
        lead = saw([(i * 0.25, 0.2, 60 + p % 12) for i, p in enumerate(chords)], 2.0)
        assert heard_tonic([bass, lead], mode) == tonic
        notes = [Note(i, 1.0, 60 + p, 1.0) for i, p in enumerate(chords)]
        assert share_in_key(notes, Key(tonic, mode)) == 1.0
        assert share_in_key([Note(n.start_beat, 1.0, n.pitch + 1, 1.0) for n in notes], Key(tonic, mode)) < 0.7


def test_distances_between_spectra() -> None:
    audio = saw([(0.0, 1.0, 57)], 1.0)
    assert log_spectral_distance_db(audio, audio) == 0.0
    assert log_spectral_distance_db(noise(1, 0.3), noise(1, 0.3) * 0.5) == pytest.approx(6.0, abs=0.4)
    assert chroma_similarity(audio, audio) == pytest.approx(1.0)
    assert chroma_similarity(audio, saw([(0.0, 1.0, 63)], 1.0)) < 0.5
    assert level_dbfs(np.full((2, 1000), 0.1, np.float32)) == pytest.approx(-20.0, abs=0.01)
    assert centroid_octaves(saw([(0, 1, 80)], 1.0)) > centroid_octaves(saw([(0, 1, 30)], 1.0))
    assert np.isnan(centroid_octaves(np.zeros((2, 9000), np.float32)))


def test_features_tell_sounds_apart() -> None:
    sets = {
        "low": [listener_features(saw([(0.0, 0.4, 30 + i), (0.5, 0.4, 30 + i)], 1.0)) for i in range(8)],
        "high": [listener_features(saw([(0.0, 0.05, 80 + i), (0.5, 0.05, 80 + i)], 1.0)) for i in range(8)],
    }
    low, high = np.stack(sets["low"]), np.stack(sets["high"])
    space = FeatureSpace(low)
    assert space.distance(low) == pytest.approx(0.0, abs=0.02)
    assert space.distance(high) > 10 * abs(space.distance(low)) + 1
    both = FeatureSpace(np.concatenate([low[:4], high[:4]]))
    assert all(both.nearest(f) < 4 for f in low[4:]) and all(both.nearest(f) >= 4 for f in high[4:])
    assert not listener_features(np.zeros((2, 44100), np.float32)).any()


def test_a_picture_is_drawn(tmp_path: Path) -> None:
    save_spectrogram(tmp_path / "x.png", {"one": noise(0.5), "two": noise(0.5)}, columns=2, panel_inches=(2, 2))
    assert (tmp_path / "x.png").read_bytes()[:4] == b"\x89PNG"
