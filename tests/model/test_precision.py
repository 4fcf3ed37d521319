"""Networks made ready to play: the same numbers, and bfloat16 in the inner layers as good as not heard."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from musika_daw.model.autoencoder import LATENT
from musika_daw.model.conditioning import CONDITIONING
from musika_daw.model.generator import LATENTS
from musika_daw.model.model_file import load_networks, read_networks
from musika_daw.model.precision import for_playing, has_fast_bfloat16

QUIET_DB = 40.0


def _below_db(wanted: torch.Tensor, got: torch.Tensor) -> float:
    """How far the difference lies below the signal."""
    return float(10 * torch.log10(wanted.square().mean() / (wanted - got).square().mean()))


@pytest.mark.parametrize(("size", "dilation"), [(1, 1), (3, 1), (3, 4)])
@torch.no_grad()
def test_a_product_of_matrices_is_the_convolution(size: int, dilation: int) -> None:
    random = torch.Generator().manual_seed(1)
    convolution = nn.Conv1d(6, 10, size, padding=dilation * (size // 2), dilation=dilation)
    x = torch.randn(2, 6, 9, generator=random)
    wanted = convolution(x)
    for_playing(nn.Sequential(convolution), torch.float32)
    assert type(convolution) is not nn.Conv1d and torch.allclose(convolution(x), wanted, atol=1e-6)
    # What a layer gives, the next one takes as it lies.
    assert torch.allclose(convolution(x.transpose(1, 2).contiguous().transpose(1, 2)), wanted, atol=1e-6)


@torch.no_grad()
def test_the_sound_stays_the_same() -> None:
    whole, half = read_networks("techno"), read_networks("techno")
    half.play_in(torch.bfloat16)
    random = torch.Generator().manual_seed(1)
    noise = torch.randn(1, LATENTS, 64, generator=random)
    told = torch.randn(1, CONDITIONING, 64, generator=random)
    made = [n.generator(noise, torch.zeros(1), told) for n in (whole, half)]
    assert _below_db(*made) > QUIET_DB
    latents = whole.generator.to_latents(made[0])
    drums = [n.drums.audio(latents[:, :LATENT]) for n in (whole, half)]
    assert _below_db(*drums) > QUIET_DB
    source = torch.randn(1, 3, 4 * 64, whole.pitched.used, dtype=torch.complex64, generator=random)
    lead = [n.pitched.audio(latents[:, -LATENT:], source, torch.tensor([2])) for n in (whole, half)]
    assert _below_db(*lead) > QUIET_DB


def test_the_last_layer_and_the_pattern_net_stay_whole() -> None:
    networks = read_networks("techno")
    networks.play_in(torch.bfloat16)
    for last in (networks.drums.head[-1], networks.pitched.head[-1], networks.generator.last[-1]):
        assert last.weight.dtype == torch.float32
    assert {p.dtype for p in networks.pattern.parameters()} == {torch.float32}


def test_models_are_played_in_half_where_that_is_faster() -> None:
    dtype = load_networks("techno").generator.first.weight.dtype
    assert dtype == (torch.bfloat16 if has_fast_bfloat16() else torch.float32)
