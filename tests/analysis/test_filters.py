"""Filters are scipy's, without it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, uniform_filter1d

from musika_daw.analysis.filters import moving_maximum, moving_mean, smoothed

CURVE = np.random.default_rng(4).uniform(0, 3, 500)


@pytest.mark.parametrize("width", [1, 2, 15, 102, 137])
def test_means(width: int) -> None:
    np.testing.assert_allclose(moving_mean(CURVE, width), uniform_filter1d(CURVE, width), atol=1e-12)


@pytest.mark.parametrize("width", [1, 3, 31])
def test_maxima(width: int) -> None:
    np.testing.assert_array_equal(moving_maximum(CURVE, width), maximum_filter1d(CURVE, width))


@pytest.mark.parametrize("deviation", [0.6, 2.0, 7.3])
def test_smoothing(deviation: float) -> None:
    np.testing.assert_allclose(smoothed(CURVE, deviation), gaussian_filter1d(CURVE, deviation), rtol=1e-12)
