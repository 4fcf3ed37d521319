"""One step of the latent GAN (paper, section 4.2): both networks from one forward pass, both updated at once."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from musika_daw.model.official.layers import Noise
from musika_daw.model.official.networks import make_network
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.official.adam import KerasAdam
from musika_daw.train.official.coordinates import join_patches
from musika_daw.train.official.losses import (
    Switch,
    critic_hinge,
    generator_hinge,
    one_centred_penalty,
    reconstruction_error,
    zero_centred_penalty,
)


@dataclass(frozen=True)
class GanSettings:
    """How a GAN is trained; `for_family` has what each version does.

    Attributes:
        rate: learning rate of both networks.
        first_decay: Adam's beta1.
        penalty: weight of the gradient penalty.
        one_centred: slopes are drawn to one instead of zero.
        adaptive: the penalty's weight follows how sure the critic is (`Switch`).
        reconstruction: weight of rebuilding the real latents from the critic's features.
        average: share of the running average that stays each step.
    """

    rate: float = 1e-4
    first_decay: float = field(default=0.5, metadata={"help": "beta1 of Adam"})
    penalty: float = 10.0
    one_centred: bool = False
    adaptive: bool = True
    reconstruction: float = 0.0
    average: float = 0.999

    @staticmethod
    def for_family(size: OfficialSize) -> GanSettings:
        if size.is_44k:
            return GanSettings()
        return GanSettings(first_decay=0.9, one_centred=True, adaptive=False, reconstruction=10.0)


class LatentGan:
    """Generator, critic and all that a step changes."""

    def __init__(self, size: OfficialSize, settings: GanSettings, device: torch.device | None = None) -> None:
        self.size, self.settings = size, settings
        self.device = device or torch.device("cpu")
        self.generator = make_network("gen", size).to(self.device)
        self.critic = make_network("critic", size).to(self.device)
        self.reconstructor: nn.Module | None = None
        if settings.reconstruction:
            self.reconstructor = make_network("critic_rec", size).to(self.device)
        self.restart()

    def restart(self) -> None:
        """Forget optimizers, average and switch: after weights have been brought in from elsewhere."""
        critic = [p for p in self.critic.parameters() if p.requires_grad]
        if self.reconstructor is not None:
            critic += list(self.reconstructor.parameters())
        rate, decay = self.settings.rate, self.settings.first_decay
        self.critic_adam = KerasAdam(critic, rate, decay)
        self.generator_adam = KerasAdam(self.generator.parameters(), rate, decay)
        self.average = copy.deepcopy(self.generator).requires_grad_(False).eval()
        self.switch = Switch()

    def losses(self, real: Tensor, inputs: Tensor, noise: Noise) -> tuple[Tensor, Tensor, dict[str, float]]:
        """Losses of critic and generator, and figures; moves the switch.

        Args:
            real: latents `[B, 2 depth, 2 patch]`.
            inputs: of two patches for each, `[2 B, inputs, patch]` (`random_inputs`).
        """
        settings = self.settings
        real = real.detach().requires_grad_()
        made = join_patches(self.generator(inputs, noise))
        real_scores, features = self._judge(real)
        made_scores, _ = self._judge(made)
        if settings.adaptive:
            self.switch = self.switch.after(real_scores, made_scores)
        on_real, on_made = critic_hinge(real_scores, made_scores)
        penalise = one_centred_penalty if settings.one_centred else zero_centred_penalty
        penalty = penalise(real_scores, real)
        critic_loss = (on_real + on_made) / 2 + settings.penalty * self.switch.weight * penalty
        figures = {"critic_real": on_real, "critic_made": on_made, "penalty": penalty}
        if self.reconstructor is not None:
            assert features is not None
            figures["reconstruction"] = reconstruction_error(self.reconstructor(features), real.detach())
            critic_loss = critic_loss + settings.reconstruction * figures["reconstruction"]
        generator_loss = generator_hinge(made_scores)
        figures |= {"critic": critic_loss, "generator": generator_loss}
        return critic_loss, generator_loss, {k: float(v.detach()) for k, v in figures.items()}

    def _judge(self, latents: Tensor) -> tuple[Tensor, Tensor | None]:
        judged = self.critic(latents)
        return judged if isinstance(judged, tuple) else (judged, None)

    def gradients(self, real: Tensor, inputs: Tensor, noise: Noise) -> dict[str, float]:
        """Fill the gradients of both networks, each from its own loss; returns figures."""
        critic_loss, generator_loss, figures = self.losses(real, inputs, noise)
        # One forward pass serves both, and neither loss may reach the other's weights.
        _fill(self.critic_adam, critic_loss, keep_graph=True)
        _fill(self.generator_adam, generator_loss, keep_graph=False)
        return figures

    def step(self, real: Tensor, inputs: Tensor, noise: Noise) -> dict[str, float]:
        """One step of training; returns figures."""
        figures = self.gradients(real, inputs, noise)
        self.critic_adam.step()
        self.generator_adam.step()
        self._follow()
        return {**figures, "switch": self.switch.value}

    @torch.no_grad()
    def _follow(self) -> None:
        for kept, new in zip(self.average.parameters(), self.generator.parameters(), strict=True):
            kept.lerp_(new, 1 - self.settings.average)

    def networks(self) -> dict[str, nn.Module]:
        made = {"gen": self.average, "critic": self.critic}
        return made if self.reconstructor is None else {**made, "critic_rec": self.reconstructor}

    def state(self) -> dict[str, Any]:
        """All that a training needs to go on."""
        return {
            "generator": self.generator.state_dict(),
            "networks": {name: network.state_dict() for name, network in self.networks().items()},
            "adam": [self.generator_adam.state_dict(), self.critic_adam.state_dict()],
            "switch": self.switch.value,
        }

    def load_state(self, state: Mapping[str, Any]) -> None:
        self.generator.load_state_dict(state["generator"])
        for name, network in self.networks().items():
            network.load_state_dict(state["networks"][name])
        self.generator_adam.load_state_dict(state["adam"][0])
        self.critic_adam.load_state_dict(state["adam"][1])
        self.switch = Switch(state["switch"])


def _fill(adam: KerasAdam, loss: Tensor, keep_graph: bool) -> None:
    parameters = [p for group in adam.param_groups for p in group["params"]]
    # Without noise its weights are not part of the loss.
    slopes = torch.autograd.grad(loss, parameters, retain_graph=keep_graph, allow_unused=True)
    for parameter, slope in zip(parameters, slopes, strict=True):
        parameter.grad = slope
