"""How far single precision may lie from double precision, output by output, on whatever processor this is."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from musika_daw.model.official.networks import make_network
from musika_daw.model.official.reference import HERE_LIMIT, amplitudes
from musika_daw.model.official.signal import log_spectrogram, resynthesise
from musika_daw.model.official.sizes import OfficialSize

FLOOR_BITS = 60.0 / 75.0  # 60 dB below the loudest of a frame, as spectrograms are scaled


def sounds(samples: int) -> torch.Tensor:
    """Loud tones over an almost silent ground: the hardest for a logarithm."""
    rng = np.random.default_rng(1)
    time = np.arange(samples) / 44100
    tones = [0.3 * np.sin(2 * np.pi * hz * time) for hz in (55.0, 440.0, 3520.0)]
    return torch.from_numpy(np.stack([sum(tones), 1e-5 * rng.standard_normal(samples), rng.standard_normal(samples)]))


@pytest.mark.parametrize("hop", [64, 256])
def test_spectrograms_are_exact_where_they_are_heard_and_rough_near_the_floor(hop: int) -> None:
    wave = sounds(120 * hop).float()
    exact, here = log_spectrogram(wave.double(), hop), log_spectrogram(wave, hop)
    assert exact.dtype == torch.float64
    off = (exact - here).abs()
    quiet = exact < exact.amax(1, keepdim=True) - FLOOR_BITS
    assert quiet.any() and off[~quiet].max() < 5e-5
    assert off.max() > 1e-3, "two decibels at the floor of a loud frame, of nothing but rounding: so not compared there"
    shares = [amplitudes(each.double().transpose(1, 2).reshape(-1, each.shape[1])) for each in (exact, here)]
    assert (shares[0] - shares[1]).abs().max() < 2e-6


def test_resynthesis_follows_the_precision_of_what_it_is_given() -> None:
    rng = np.random.default_rng(2)
    magnitude, phase = (torch.from_numpy(rng.uniform(-1, 0.3, (1, 129, 40))) for _ in range(2))
    exact, here = resynthesise(magnitude, phase, 64), resynthesise(magnitude.float(), phase.float(), 64)
    assert exact.dtype == torch.float64 and (exact - here).abs().max() < 1e-5 * exact.abs().max()


@pytest.mark.slow
@pytest.mark.parametrize("family", ["musika-44k", "musika-22k"])
@pytest.mark.parametrize("name", ["gen", "critic"])
def test_networks_of_the_full_width_stay_within_what_verify_allows(family: str, name: str) -> None:
    """Random weights: sums of two thousand products, in whatever order this processor makes them; a critic's gradients,
    too."""
    torch.manual_seed(3)
    size = OfficialSize(family)
    network = make_network(name, size).eval()
    given = torch.randn(2, size.latent_channels, 2 * size.patch)
    if name == "gen":
        given = torch.randn(2, 2 * size.coordinates, size.patch)

    def made(dtype: torch.dtype) -> tuple[torch.Tensor, list[torch.Tensor]]:
        network.zero_grad()
        out = network.to(dtype)(given.to(dtype))
        first = out[0] if isinstance(out, tuple) else out
        first.mean().backward()
        return first.detach().double(), [p.grad.double() for p in network.parameters() if p.grad is not None]

    (here, here_gradients), (exact, gradients) = made(torch.float32), made(torch.float64)
    off = float((exact - here).abs().max() / exact.abs().max())
    pairs = [(a, b) for a, b in zip(here_gradients, gradients, strict=True) if b.abs().max() > 1e-9]
    off_gradients = max(float((a - b).abs().max() / b.abs().max()) for a, b in pairs)
    print(f"\n{family} {name}: {off:.1e} of the largest output, gradients {off_gradients:.1e} of each tensor's largest")
    assert off < HERE_LIMIT and off_gradients < HERE_LIMIT
