"""bfloat16 in the inner layers: as good as not heard."""

from __future__ import annotations

import pytest
import torch

from musika_daw.model.autoencoder import LATENT, to_audio
from musika_daw.model.conditioning import CONDITIONING
from musika_daw.model.generator import LATENTS
from musika_daw.model.model_file import load_networks
from musika_daw.model.precision import HalfConv1d, halve, has_fast_bfloat16

QUIET_DB = 40.0


def _below_db(wanted: torch.Tensor, got: torch.Tensor) -> float:
    """How far the difference lies below the signal."""
    return float(10 * torch.log10(wanted.square().mean() / (wanted - got).square().mean()))


@torch.no_grad()
def test_the_sound_stays_the_same() -> None:
    whole, half = load_networks("techno", whole=True), load_networks("techno", whole=True)
    halve(half.generator)
    halve(half.drums.decoder_layers())
    halve(half.pitched.decoder_layers())
    random = torch.Generator().manual_seed(1)
    noise = torch.randn(1, LATENTS, 64, generator=random)
    told = torch.randn(1, CONDITIONING, 64, generator=random)
    made = [n.generator(noise, torch.zeros(1), told) for n in (whole, half)]
    assert _below_db(*made) > QUIET_DB
    latents = whole.generator.to_latents(made[0])
    drums = [to_audio(n.drums.spectra(latents[:, :LATENT]), n.drums) for n in (whole, half)]
    assert _below_db(*drums) > QUIET_DB
    source = torch.randn(1, 3, 4 * 64, whole.pitched.used, dtype=torch.complex64, generator=random)
    lead = [
        to_audio(n.pitched.spectra(latents[:, -LATENT:], source, torch.tensor([2])), n.pitched) for n in (whole, half)
    ]
    assert _below_db(*lead) > QUIET_DB


def test_the_last_layer_and_the_pattern_net_stay_whole() -> None:
    networks = load_networks("techno")
    last = networks.drums.head[-1]
    assert last.weight.dtype == torch.float32
    assert not any(isinstance(m, HalfConv1d) for m in networks.pattern.modules())


@pytest.mark.skipif(not has_fast_bfloat16(), reason="this processor has no instructions for bfloat16")
def test_models_are_played_in_half_where_that_is_faster() -> None:
    assert any(isinstance(m, HalfConv1d) for m in load_networks("techno").generator.modules())
