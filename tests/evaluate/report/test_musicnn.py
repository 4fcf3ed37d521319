"""MusiCNN: shapes with any weights, and with the real ones the numbers TensorFlow makes of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from musika_daw.evaluate.report.musicnn import MusicNN, find_musicnn

KERNELS = (
    (7, 38, 1, 204), (7, 67, 1, 204), (128, 1, 1, 51), (64, 1, 1, 51), (32, 1, 1, 51),
    (7, 561, 1, 64), (7, 64, 1, 64), (7, 64, 1, 64),
)  # fmt: skip
NORMED = (1, 204, 204, 51, 51, 51, 64, 64, 64, 1506, 200)


def random_weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)

    def named(layer: str, number: int) -> str:
        return f"{layer}_{number}" if number else layer

    weights: dict[str, np.ndarray] = {}
    for number, shape in enumerate(KERNELS):
        weights[named("conv2d", number) + "/kernel"] = random.normal(0, 0.05, shape)
        weights[named("conv2d", number) + "/bias"] = random.normal(size=shape[-1])
    for number, size in enumerate(NORMED):
        for part in ("gamma", "moving_variance"):
            weights[f"{named('batch_normalization', number)}/{part}"] = random.uniform(0.5, 1, size)
        for part in ("beta", "moving_mean"):
            weights[f"{named('batch_normalization', number)}/{part}"] = random.normal(size=size)
    for number, shape in enumerate(((1506, 200), (200, 50))):
        weights[named("dense", number) + "/kernel"] = random.normal(0, 0.05, shape)
        weights[named("dense", number) + "/bias"] = random.normal(size=shape[1])
    return {name: array.astype(np.float32) for name, array in weights.items()}


def test_a_second_is_a_window() -> None:
    network = MusicNN(random_weights())
    sound = np.random.default_rng(1).normal(0, 0.1, (2, 3 * 44100 + 5000)).astype(np.float32)
    found = network.embed(sound)
    assert found.shape == (3, 200) and np.isfinite(found).all()
    tags = network.tags(torch.rand(2, 187, 96))
    assert tags.shape == (2, 50) and ((tags > 0) & (tags < 1)).all()


@pytest.mark.skipif(find_musicnn() is None, reason="the wheel 'musicnn' is not installed")
def test_the_network_makes_what_tensorflow_makes_of_it() -> None:
    # From the graph that is stored beside the weights, run by TensorFlow 2.21 on the same noise.
    checkpoint = find_musicnn()
    assert checkpoint is not None
    noise = np.random.default_rng(0).uniform(0, 4, (3, 187, 96)).astype(np.float32)
    found = MusicNN.load(checkpoint).penultimate(torch.from_numpy(noise)).numpy()
    expected = [
        [-0.029847949743270874, 0.3511253595352173, -0.2848263680934906, 3.6982007026672363, -0.3531506061553955],
        [0.20086991786956787, 0.1676051914691925, -0.2848263680934906, 3.731121778488159, -0.3531506061553955],
        [0.21513080596923828, 0.36013132333755493, -0.2848263680934906, 3.783330202102661, -0.3531506061553955],
    ]
    assert found[:, :5] == pytest.approx(np.array(expected), abs=1e-4)
    assert found.mean() == pytest.approx(0.8645945, abs=1e-5)
