"""The guided GAN learns from latents whose density is known to make those that it is asked for."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch

from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.official.coordinates import random_inputs, split_patches
from musika_daw.train.official.gan import GanSettings
from musika_daw.train.official.guided_gan import GuidedGan

pytestmark = pytest.mark.slow

SIZE = OfficialSize("musika-22k", 32, base=8, depth=4, coordinates=4, conditions=1)


def batch(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Latents that swing as widely as the density that they are told, and that density: `[8, ...]`."""
    random = torch.Generator().manual_seed(seed)
    density = (2 * torch.rand(8, 1, 1, generator=random) - 1).expand(-1, -1, 2 * SIZE.patch)
    latents = 0.4 * (1 + density) * torch.randn(8, SIZE.latent_channels, 2 * SIZE.patch, generator=random)
    return latents.clamp(-1, 1), density


def step(gan: GuidedGan, number: int) -> dict[str, float]:
    real, density = batch(number)
    plain = random_inputs(8, replace(SIZE, conditions=0), torch.Generator().manual_seed(number))
    return gan.step(real, torch.cat([plain, split_patches(density)], 1), None, density)


def test_guidance_reaches_the_generator_alone() -> None:
    torch.manual_seed(0)
    gan = GuidedGan(SIZE, GanSettings(rate=2e-3, penalty=1.0), guidance=20.0)
    figures = [step(gan, number) for number in range(60)]
    assert figures[-1]["read"] < 0.5 * figures[0]["read"]
    before = sum(f["obeyed"] for f in figures[10:20])
    assert sum(f["obeyed"] for f in figures[-10:]) < 0.7 * before
    assert {"reader"} < set(gan.trained()) and {"reader"} < set(gan.optimizers())


def test_a_step_depends_on_nothing_but_what_is_kept() -> None:
    torch.manual_seed(0)
    gan = GuidedGan(SIZE, GanSettings(), guidance=20.0)
    step(gan, 0)
    twin = copy.deepcopy(gan)
    one = step(gan, 1)
    torch.manual_seed(99)
    assert step(twin, 1) == one
