"""Bands where they belong, and tones in the right ones."""

from __future__ import annotations

import numpy as np
import pytest

from musika_daw.analysis.filterbanks import (
    hz_to_mel,
    mel_bands,
    mel_to_hz,
    rectangular_bands,
    semitone_bands,
    triangular_bands,
)
from musika_daw.evaluate.report.mel import mel_power


def test_the_scale_is_slaneys() -> None:
    assert [hz_to_mel(hz) for hz in (0.0, 200.0, 1000.0, 6400.0)] == pytest.approx([0, 3, 15, 42])
    hz = np.array([60.0, 440.0, 999.0, 3000.0, 15000.0])
    assert mel_to_hz(np.array([hz_to_mel(value) for value in hz])) == pytest.approx(hz)


def test_every_band_has_the_same_area() -> None:
    bands = mel_bands(16000, 4096, 40)
    assert bands.shape == (2049, 40)
    assert bands.sum(0) * 16000 / 4096 == pytest.approx(1, rel=0.03)


def test_a_tone_is_in_its_band() -> None:
    rate, bands = 16000, 96
    tone = np.sin(2 * np.pi * 1000 * np.arange(rate) / rate)
    power = mel_power(tone, rate, 512, 256, bands)
    assert power.shape == (rate // 256 + 1, bands)
    centres = mel_to_hz(np.linspace(0, hz_to_mel(rate / 2), bands + 2))[1:-1]
    assert abs(centres[power.mean(0).argmax()] - 1000) < 60


def test_triangles_hold_every_level_and_narrow_ones_a_bin() -> None:
    bands = triangular_bands(np.geomspace(30, 16000, 42), 512, 44100)
    assert bands.shape == (257, 40) and bands.sum(0) == pytest.approx(1)
    assert (bands[:, 0] > 0).sum() == 1 and (bands[:, -1] > 0).sum() > 10


def test_rectangles_share_the_bins() -> None:
    bands = rectangular_bands(np.geomspace(40, 16000, 33), 1024, 44100)
    assert set(np.unique(bands)) == {0.0, 1.0} and (bands.sum(0) >= 1).all()
    assert (bands[30:300].sum(1) == 1).all()


def test_a_semitone_is_where_it_is() -> None:
    bands = semitone_bands(8192, 44100, 36, 60)
    tone = np.abs(np.fft.rfft(np.sin(2 * np.pi * 440 * np.arange(8192) / 44100) * np.hanning(8192)))
    assert (tone @ bands).argmax() == 69 - 36
