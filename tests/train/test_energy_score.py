"""The energy score is least for noise as noisy as the original's, at its level; and what training takes over."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from musika_daw.model.autoencoder import AutoencoderSize, DrumAutoencoder, DrumSize, PlainDrumAutoencoder
from musika_daw.train.drum_takes import take_over
from musika_daw.train.energy_score import energy_score


def _noise(seed: int, level: float = 0.1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return level * torch.randn(4, 16384, generator=generator)


@pytest.mark.parametrize("n", [128, 512, 2048])
def test_noise_is_nearest_to_noise(n: int) -> None:
    original, takes = _noise(0), (_noise(1), _noise(2))
    right = energy_score(original, takes, n)
    assert right < energy_score(original, (0.5 * takes[0], 0.5 * takes[1]), n)
    assert right < energy_score(original, (2 * takes[0], 2 * takes[1]), n)
    # One frozen noise, or a pattern that repeats every 256 samples at the same level: both takes are the same.
    assert right < energy_score(original, (takes[0], takes[0]), n)
    pattern = takes[0][:, :256].repeat(1, 64)
    assert right < energy_score(original, (pattern, pattern), n)


def test_a_stroke_is_nearest_to_itself() -> None:
    stroke = torch.zeros(2, 8192)
    stroke[:, 4000:4400] = torch.sin(torch.arange(400) * 0.3) * torch.exp(-torch.arange(400) / 80)
    late = stroke.roll(60, 1)
    noisy = (stroke + 0.05 * _noise(1)[:2, :8192], stroke + 0.05 * _noise(2)[:2, :8192])
    exact = energy_score(stroke, (stroke, stroke), 256)
    assert exact < energy_score(stroke, (late, late), 256) and exact < energy_score(stroke, noisy, 256)


def test_what_is_known_is_taken_over() -> None:
    torch.manual_seed(0)
    plain = PlainDrumAutoencoder(AutoencoderSize(encoder=8, decoder=16, bands=40))
    network = DrumAutoencoder(DrumSize(encoder=8, decoder=16, bands=40))
    take_over(network, plain)
    audio = torch.randn(1, 2, 4 * 2048 + 768)
    assert torch.equal(network.encode(audio), plain.encode(audio))
    latents = network.encode(audio)
    low = slice(0, 40)
    strokes = torch.view_as_complex(network.parts(latents).strokes)[0, :, low]
    assert torch.allclose(strokes, plain.spectra(latents)[0, 0, :, low], atol=1e-5)
    other = DrumAutoencoder(DrumSize(encoder=8, decoder=16, bands=40))
    take_over(other, network)
    assert all(
        np.array_equal(a, b) for a, b in zip(other.state_dict().values(), network.state_dict().values(), strict=True)
    )
