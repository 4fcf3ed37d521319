"""Distances between Gaussians that are known, and between samples of them."""

from __future__ import annotations

import numpy as np
import pytest

from musika_daw.evaluate.report.frechet import audio_distance
from musika_daw.train.metrics.frechet import Gaussian, gaussian_distance

RANDOM = np.random.default_rng(0)


def diagonal(mean: float, variances: list[float]) -> Gaussian:
    return Gaussian(np.full(len(variances), mean), np.diag(variances))


def test_equal_gaussians_are_nowhere_apart() -> None:
    sample = RANDOM.normal(size=(300, 20)) @ RANDOM.normal(size=(20, 20))
    gaussian = Gaussian.of(sample)
    assert gaussian_distance(gaussian, gaussian) == pytest.approx(0, abs=1e-8 * np.trace(gaussian.covariance))


def test_axes_that_agree_have_a_closed_form() -> None:
    one, other = diagonal(0.0, [1.0, 4.0, 0.0]), diagonal(2.0, [9.0, 1.0, 0.25])
    expected = 3 * 2.0**2 + (1 - 3) ** 2 + (2 - 1) ** 2 + 0.5**2
    assert gaussian_distance(one, other) == pytest.approx(expected)
    assert gaussian_distance(other, one) == pytest.approx(expected)


def test_axes_that_do_not_agree_go_by_the_root_of_the_product() -> None:
    a, b = (m @ m.T for m in RANDOM.normal(size=(2, 4, 4)))
    root = np.sqrt(np.linalg.eigvals(a @ b).real).sum()
    found = gaussian_distance(Gaussian(np.zeros(4), a), Gaussian(np.zeros(4), b))
    assert found == pytest.approx(np.trace(a) + np.trace(b) - 2 * root)


def test_fewer_windows_than_dimensions_are_no_harm() -> None:
    few = Gaussian.of(RANDOM.normal(size=(5, 40)))
    assert np.isfinite(gaussian_distance(few, Gaussian.of(RANDOM.normal(size=(400, 40)))))


def test_silence_is_no_distance() -> None:
    nothing = [np.zeros((0, 4)), np.zeros((0, 4))]
    found = audio_distance(Gaussian(np.zeros(4), np.eye(4)), nothing)
    assert np.isnan([found.value, found.endless, found.error]).all()
    assert np.isnan(gaussian_distance(Gaussian.of(np.zeros((1, 4))), Gaussian.of(RANDOM.normal(size=(9, 4)))))


def test_few_windows_of_the_same_kind_look_far_and_the_endless_value_less_so() -> None:
    reference = Gaussian(np.zeros(16), np.eye(16))
    found = audio_distance(reference, list(RANDOM.normal(size=(24, 8, 16))))
    assert found.value > 0.1
    assert found.endless < 0.35 * found.value


def test_the_error_is_that_of_songs() -> None:
    reference = Gaussian(np.zeros(1), np.eye(1))
    # Windows of a song all alike: (mean^2) of 16 song means of spread 1, whose mean is 5.
    songs = [np.full((10, 1), 5 + shift) for shift in RANDOM.normal(size=16)]
    error = audio_distance(reference, songs).error
    assert 0.3 * 10 / 4 < error < 3 * 10 / 4
    assert np.isnan(audio_distance(reference, [RANDOM.normal(size=(30, 1))]).error)
