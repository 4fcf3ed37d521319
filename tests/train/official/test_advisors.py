"""What the generator listens to beside the critic, on latents whose density is known."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.official.advisor import Advisor
from musika_daw.train.official.coordinates import random_inputs, split_patches
from musika_daw.train.official.gan import GanSettings, LatentGan
from musika_daw.train.official.guidance import Guidance
from musika_daw.train.official.local_critic import LocalJudge

SIZE = OfficialSize("musika-22k", 32, base=8, depth=4, coordinates=4, conditions=1)


def batch(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Latents that swing as widely as the density that they are told, and that density: `[8, ...]`."""
    random = torch.Generator().manual_seed(seed)
    density = (2 * torch.rand(8, 1, 1, generator=random) - 1).expand(-1, -1, 2 * SIZE.patch)
    latents = 0.4 * (1 + density) * torch.randn(8, SIZE.latent_channels, 2 * SIZE.patch, generator=random)
    return latents.clamp(-1, 1), density


def make(*advisors: Callable[..., Advisor], weight: float = 20.0, penalty: float = 1.0) -> LatentGan:
    torch.manual_seed(0)
    settings, device = GanSettings(rate=2e-3, penalty=penalty), torch.device("cpu")
    return LatentGan(SIZE, settings, device, advisors=[kind(SIZE, weight, 2e-3, device) for kind in advisors])


def step(gan: LatentGan, number: int) -> dict[str, float]:
    real, density = batch(number)
    plain = random_inputs(8, replace(SIZE, conditions=0), torch.Generator().manual_seed(number))
    return gan.step(real, torch.cat([plain, split_patches(density)], 1), None, density)


def test_guidance_reaches_the_generator() -> None:
    gan = make(Guidance)
    figures = [step(gan, number) for number in range(80)]
    assert figures[-1]["read"] < 0.5 * figures[0]["read"]
    before = sum(f["obeyed"] for f in figures[10:20])
    assert sum(f["obeyed"] for f in figures[-10:]) < 0.7 * before
    assert {"reader"} < set(gan.trained()) and {"reader"} < set(gan.optimizers())


def roughness(latents: Tensor) -> float:
    """How far neighbours lie apart, against what they would if they had nothing in common."""
    return float(latents.diff(dim=2).std() / latents.std() / 2**0.5)


def test_a_local_critic_teaches_what_neighbours_are_like() -> None:
    """Real latents change every eighth only."""
    random = torch.Generator().manual_seed(3)
    left = {}
    for name, gan in (("alone", make(penalty=10.0)), ("judged", make(LocalJudge, weight=10.0, penalty=10.0))):
        for _ in range(100):
            held = 0.5 * torch.randn(8, SIZE.latent_channels, SIZE.patch // 4, generator=random)
            density = torch.zeros(8, 1, 2 * SIZE.patch)
            plain = random_inputs(8, replace(SIZE, conditions=0), random)
            inputs = torch.cat([plain, split_patches(density)], 1)
            gan.step(held.repeat_interleave(8, 2).clamp(-1, 1), inputs, None, density)
        with torch.no_grad():
            left[name] = roughness(gan.generator(inputs))
    print(left)
    assert left["judged"] < 0.7 * left["alone"]


@pytest.mark.parametrize("kind", [Guidance, LocalJudge])
def test_a_step_depends_on_nothing_but_what_is_kept(kind: Callable[..., Advisor]) -> None:
    gan = make(kind)
    step(gan, 0)
    twin = copy.deepcopy(gan)
    one = step(gan, 1)
    torch.manual_seed(99)
    assert step(twin, 1) == one
