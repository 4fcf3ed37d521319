"""The noise of drums as a table."""

from __future__ import annotations

import torch

from musika_daw.model.drum_noise import BLOCK, PERIOD, noise_bands


def test_the_table_is_the_same_bits_whatever_the_number_of_threads() -> None:
    tables = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        noise_bands.cache_clear()
        tables.append(noise_bands(28))
    assert torch.equal(*tables)


def test_its_bands_together_are_white_noise_of_unit_deviation_above_the_lowest() -> None:
    bands = noise_bands(28)
    assert bands.shape == (PERIOD // BLOCK, 28, BLOCK)
    spectrum = torch.fft.rfft(bands.sum(1).flatten()).abs().square() / PERIOD
    hz = torch.arange(len(spectrum)) * 44100 / PERIOD
    inside = spectrum[(hz > 300) & (hz < 18000)]
    assert abs(float(inside.mean()) - 1.0) < 0.02
    assert float(spectrum[hz < 50].mean()) < 0.01
