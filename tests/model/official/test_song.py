"""An endless song: the same wherever it is cut, another for another seed, and spliced without a click."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from musika_daw.model.official.codec import Decoders
from musika_daw.model.official.coordinates import (
    anchor_rows,
    coordinates_at,
    interpolate,
    style_vector,
    truncated_normal,
)
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.model.official.song import OfficialSong, Splice, StyleCurve

from .conftest import SIZES, make_random


def _song(kind: str = "44k", seed: int = 3, style: StyleCurve | None = None, noise: bool = True) -> OfficialSong:
    networks = make_random(SIZES[kind])
    decoders = Decoders(SIZES[kind], networks["dec2"], networks["dec"])
    return OfficialSong(networks["gen"], decoders, seed, noise=noise, style=style)


@pytest.mark.parametrize("kind", SIZES)
def test_a_stretch_alone_is_that_of_the_whole(kind: str) -> None:
    whole = _song(kind).audio(0, 60_000)
    assert whole.shape == (2, 60_000) and whole.dtype == np.float32 and 0.001 < np.abs(whole).max() <= 1
    song = _song(kind)
    parts = [song.audio(start, min(start + 7_001, 60_000)) for start in range(0, 60_000, 7_001)]
    assert np.array_equal(np.concatenate(parts, 1), whole)
    for start, end in ((song.block_samples - 5, song.block_samples + 5), (41_234, 41_235), (59_000, 60_000)):
        assert np.array_equal(_song(kind).audio(start, end), whole[:, start:end])


def test_far_away_costs_no_more_than_near() -> None:
    song = _song()
    hour = 3600 * song.sample_rate
    far = song.audio(hour, hour + 100)
    assert np.abs(far).max() > 0 and np.array_equal(far, _song().audio(hour, hour + 100))


def test_before_its_start_there_is_silence_and_then_it_fades_in() -> None:
    song = _song()
    around = song.audio(-50, 50)
    assert not around[:, :50].any() and around[:, 51:].any()
    assert np.array_equal(around[:, 50:], song.audio(0, 50))
    assert song.audio(5, 5).shape == (2, 0)


def test_seeds_noise_and_truncation_matter_and_repeat() -> None:
    one = _song(seed=1).audio(0, 3000)
    assert np.array_equal(one, _song(seed=1).audio(0, 3000))
    assert not np.array_equal(one, _song(seed=2).audio(0, 3000))
    still = _song(seed=1, noise=False).audio(0, 3000)
    assert np.array_equal(still, _song(seed=1, noise=False).audio(0, 3000)) and not np.array_equal(still, one)


def test_left_and_right_get_noise_of_their_own() -> None:
    networks = make_random(SIZES["44k"])
    half = networks["gen"].last.weight.shape[0] // 2  # type: ignore[union-attr, index, operator]
    for value in (networks["gen"].last.weight, networks["gen"].last.bias):  # type: ignore[union-attr]
        value[half:] = value[:half]  # type: ignore[index]
    decoders = Decoders(SIZES["44k"], networks["dec2"], networks["dec"])
    left, right = OfficialSong(networks["gen"], decoders, 1).audio(0, 3000)
    assert not np.array_equal(left, right)
    left, right = OfficialSong(networks["gen"], decoders, 1, noise=False).audio(0, 3000)
    assert np.array_equal(left, right)


def test_one_song_is_the_chain_of_the_networks() -> None:
    size = SIZES["44k"]
    networks = make_random(size)
    rows = np.arange(2 * size.patch)
    style = np.broadcast_to(style_vector(9, 2.0, size), (len(rows), size.coordinates))
    inputs = torch.from_numpy(np.concatenate([coordinates_at(9, rows, 2.0, size), style], 1).T.copy())
    latents = torch.cat([networks["gen"](part[None])[0] for part in inputs.chunk(2, 1)], 1)
    decoders = Decoders(size, networks["dec2"], networks["dec"])
    wave = decoders.wave(latents).numpy()
    song = OfficialSong(networks["gen"], decoders, 9, noise=False).audio(0, wave.shape[1])
    body = wave.shape[1] - size.fft + size.hop  # what follows is the next patch here, the fade-out there
    assert np.abs(song - wave)[:, :body].max() < 1e-6


def test_a_style_can_move_and_is_spliced_in() -> None:
    size = SIZES["44k"]

    def other(rows: NDArray[np.int64]) -> NDArray[np.float32]:
        share = np.clip(rows / 100, 0, 1).astype(np.float32)[:, None]
        return share * style_vector(77, 2.0, size)

    before, after = _song(), _song(style=other)
    splice = Splice(before, after, at=5000, fade_samples=400)
    heard = splice.audio(4000, 6000)
    assert np.array_equal(heard[:, :1000], before.audio(4000, 5000))
    assert np.array_equal(heard[:, 1400:], after.audio(5400, 6000))
    assert np.array_equal(np.concatenate([splice.audio(4000, 5100), splice.audio(5100, 6000)], 1), heard)


def test_anchors_lie_in_the_middle_of_patches() -> None:
    size = OfficialSize()
    anchors = np.eye(3, dtype=np.float32)
    middle = anchor_rows(size) - size.patch // 2
    line = interpolate(anchors, np.array([middle - 0.5, middle + 191.5]), size)
    assert line.tolist() == [[0, 1, 0], [0, 0.5, 0.5]]
    assert middle % size.patch == size.patch // 2


def test_anchors_of_the_paper_lie_two_patches_apart() -> None:
    size = OfficialSize("musika-22k")
    assert interpolate(np.eye(3, dtype=np.float32), np.array([256.0, 384.0]), size).tolist() == [
        [0, 1, 0],
        [0, 0.5, 0.5],
    ]


def test_coordinates_are_a_function_of_their_row() -> None:
    size = SIZES["44k"]
    rows = np.arange(-400, 1200)
    whole = coordinates_at(4, rows, 2.0, size)
    assert np.allclose(whole[700:710], coordinates_at(4, rows[700:710], 2.0, size), atol=1e-6)
    assert np.abs(np.diff(whole, axis=0)).max() < 4 * 2 / anchor_rows(size)


@pytest.mark.parametrize("limit", [0.1, 1.0, 2.0])
def test_truncated_values_stay_within(limit: float) -> None:
    values = truncated_normal(np.random.default_rng(1), 20_000, limit)
    assert np.abs(values).max() <= limit and abs(values.mean()) < 0.02
    assert np.abs(values).max() > 0.99 * limit


def test_the_paper_never_draws_anchors_from_less() -> None:
    size = replace(SIZES["22k"], coordinates=512)
    row = np.array([0])
    assert np.abs(coordinates_at(1, row, 0.1, size)).max() > 1
    assert np.abs(style_vector(1, 0.1, size)).max() <= 0.1
