"""Labels measured on sound whose notes and beats are known, and on sound that has no beat."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from scipy.stats import spearmanr

from musika_daw.errors import UserError
from musika_daw.train.corpus.make import draw_corpus_track
from musika_daw.train.corpus.track import Track
from musika_daw.train.labelling import label_audio, label_folder
from musika_daw.train.labels import DensityScale, MusicLabels, onset_rate, read_labels
from musika_daw.train.metrics.onset_agreement import merge_onsets
from musika_daw.train.music_folder import find_music

pytestmark = pytest.mark.slow

RATE = 44100
TRACKS = 4


def sides(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.stack([sound[0] + sound[1], sound[0] - sound[1]])


def mix(track: Track) -> NDArray[np.float32]:
    return sides(track.stems.sum(0))


def beats_apart(labels: MusicLabels, track: Track) -> NDArray[np.float64]:
    """Signed distance of every labelled beat to the nearest true one, in beats."""
    beats = np.array([track.tempo_map.beat_at(at) for at in labels.locked[0].beats if at > 0])
    return (beats + 0.5) % 1 - 0.5


@pytest.fixture(scope="module")
def labelled() -> list[tuple[Track, MusicLabels]]:
    """Tracks of one tempo each."""
    made: list[tuple[Track, MusicLabels]] = []
    index = 0
    while len(made) < TRACKS:
        track, _ = draw_corpus_track(33, index)
        if len(track.tempo_map.points) == 1:
            made.append((track, label_audio(mix(track))))
        index += 2
    return made


def test_tempo_and_beats_of_techno(labelled: list[tuple[Track, MusicLabels]]) -> None:
    errors, on_the_beat = [], 0
    for track, labels in labelled:
        assert labels.locked_share == 1
        bpm = track.tempo_map.bpm_at(0.0)
        assert labels.locked[0].bpm == pytest.approx(bpm, rel=0.002)
        apart = beats_apart(labels, track)
        # Some patterns cannot be told from themselves half a beat later.
        wrapped = (apart + 0.25) % 0.5 - 0.25
        errors.append(float(np.median(np.abs(wrapped))) * 60_000 / bpm)
        on_the_beat += bool(np.median(np.abs(apart)) < 0.1)
    # Where hats are louder than kicks, a sixteenth may be taken for the beat.
    assert np.median(errors) < 5 and np.mean(np.array(errors) < 15) >= 0.75, errors
    assert on_the_beat >= 0.75 * TRACKS


def test_density_follows_the_notes(labelled: list[tuple[Track, MusicLabels]]) -> None:
    agreement = []
    at = np.arange(2.0, 22.0, 1.0)
    for track, _ in labelled:
        notes = merge_onsets([track.tempo_map.seconds_at(n.start_beat) for n in track.notes["drums"]])
        heard = onset_rate(label_audio(sides(track.stems[0])).onsets, at)
        agreement.append(spearmanr(heard, onset_rate(notes, at)).statistic)
    assert np.median(agreement) > 0.65, agreement


def every_beat_of_another_length(track: Track, seed: int) -> NDArray[np.float32]:
    random, audio, parts = np.random.default_rng(seed), mix(track), []
    beats = range(int(track.tempo_map.beat_at(audio.shape[1] / RATE)))
    for beat in beats:
        first, last = (track.tempo_map.sample_at(b, RATE) for b in (beat, beat + 1))
        places = np.linspace(first, last - 1, int((last - first) * np.exp(random.normal(0, 0.2))))
        parts.append(np.stack([np.interp(places, np.arange(first, last), side[first:last]) for side in audio]))
    return np.concatenate(parts, 1).astype(np.float32)


def onsets_at_random(seed: int, per_second: float, seconds: float) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    out = np.zeros((2, int(seconds * RATE)), np.float32)
    t = np.arange(int(0.3 * RATE)) / RATE
    for start in random.uniform(0, seconds - 0.3, int(per_second * seconds)):
        sound = np.sin(2 * np.pi * random.uniform(100, 4000) * t) * np.exp(-t / 0.08)
        first = int(start * RATE)
        out[:, first : first + len(t)] += (0.2 * sound).astype(np.float32)
    return out


def test_music_without_a_steady_beat_is_unlocked(labelled: list[tuple[Track, MusicLabels]]) -> None:
    for number, (track, _) in enumerate(labelled):
        assert label_audio(every_beat_of_another_length(track, number)).locked == ()
    for per_second in (2.0, 4.0, 8.0, 16.0):
        assert label_audio(onsets_at_random(3, per_second, 40.0)).locked == ()
    silence = label_audio(np.zeros((2, 30 * RATE), np.float32))
    assert silence.locked == () and silence.onsets == ()
    noise = np.random.default_rng(1).standard_normal((2, 30 * RATE)).astype(np.float32) * 0.1
    assert label_audio(noise).locked == ()


def test_pieces_are_locked_by_themselves(labelled: list[tuple[Track, MusicLabels]]) -> None:
    track, _ = labelled[0]
    steady = np.tile(mix(track)[:, : track.tempo_map.sample_at(32, RATE)], (1, 6))[:, : 60 * RATE]
    labels = label_audio(np.concatenate([onsets_at_random(5, 6.0, 60.0), steady], 1))
    assert [(s.start, s.end) for s in labels.locked] == [(60.0, 120.0)]
    at = np.array([30.0, 61.0, 90.0])
    bpm, beats = labels.beat_positions(at)
    assert np.isnan(bpm[0]) and np.isnan(beats[0])
    assert bpm[1:] == pytest.approx(track.tempo_map.bpm_at(0.0), rel=0.002)
    assert beats[2] - beats[1] == pytest.approx(29 * bpm[1] / 60, abs=0.1)


def test_density_is_logarithmic_between_what_the_corpus_has() -> None:
    onsets = tuple(np.arange(0, 20, 0.1)) + tuple(np.arange(20, 40, 0.5))
    labels = MusicLabels(40.0, onsets, ())
    rate = labels.onset_rates(np.array([10.0, 30.0, 100.0]))[:, 0]
    assert rate == pytest.approx([10, 2, 0], abs=0.05)
    scale = DensityScale.of(np.concatenate([np.full(50, 2.0), np.full(50, 10.0)]))
    assert scale.density(np.array([0.0, 2.0, 33**0.5 - 1, 10.0, 30.0])) == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-6)


def test_a_folder_is_labelled_once(tmp_path: Path, labelled: list[tuple[Track, MusicLabels]]) -> None:
    music, out = tmp_path / "music", tmp_path / "labels"
    (music / "album").mkdir(parents=True)
    track, labels = labelled[0]
    soundfile.write(music / "album" / "song.wav", mix(track).T, RATE, "FLOAT")
    label_folder(find_music(music), out, music)
    place = out / "album" / "song.labels.json"
    read = read_labels(place)
    assert read.onsets == pytest.approx(labels.onsets, abs=1e-3)
    assert read.locked[0].beats == pytest.approx(labels.locked[0].beats, abs=1e-3)
    place.write_text(json.dumps({**json.loads(place.read_text()), "seconds": 7.0}))
    label_folder(find_music(music), out, music)
    assert read_labels(place).seconds == 7.0  # what is there is not made again
    place.write_text("{}")
    with pytest.raises(UserError, match="is no file of labels"):
        read_labels(place)
