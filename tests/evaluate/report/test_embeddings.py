"""Embeddings hear windows of about a second, and tell sounds apart."""

from __future__ import annotations

import numpy as np
import pytest

from musika_daw.evaluate.report.embeddings import Embedding, Encoder, Listener
from musika_daw.evaluate.report.frechet import audio_distance
from musika_daw.model.model_file import Networks
from musika_daw.train.metrics.frechet import Gaussian

RATE = 44100
RANDOM = np.random.default_rng(0)


@pytest.fixture(params=["listener", "encoder"])
def ear(request: pytest.FixtureRequest, tiny_networks: Networks) -> Embedding:
    return Listener() if request.param == "listener" else Encoder(tiny_networks.drums)


def noise(slope: float, seconds: float = 4.0) -> np.ndarray:
    """Stereo noise that beats twice a second, of a colour."""
    samples = round(seconds * RATE)
    spectrum = np.fft.rfft(RANDOM.normal(size=(2, samples)))
    coloured = np.fft.irfft(spectrum * np.fft.rfftfreq(samples, 1 / 100).clip(0.01) ** -slope, samples)
    beat = np.exp(-8 * (np.arange(samples) / RATE % 0.5))
    return (0.1 * beat * coloured / coloured.std()).astype(np.float32)


def test_a_window_a_second(ear: Embedding) -> None:
    found = ear.embed(noise(0.0, 3.99))
    assert len(found) in (3, 4) and np.isfinite(found).all()
    silent = np.zeros((2, 2 * RATE), np.float32)
    assert ear.embed(silent).shape == (0, found.shape[1])
    assert len(ear.embed(np.concatenate([noise(0.0, 3.99), silent], 1))) in (len(found), len(found) + 1)


def test_like_is_nearer_than_unlike(ear: Embedding) -> None:
    reference, same, other = ([ear.embed(noise(slope)) for _ in range(6)] for slope in (0.5, 0.5, 1.2))
    gaussian = Gaussian.of(np.concatenate(reference))
    near, far = (audio_distance(gaussian, songs).value for songs in (same, other))
    assert far > 3 * near > 0
