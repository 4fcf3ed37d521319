"""One step of the latent GAN (paper, section 4.2): both networks from one forward pass, both updated at once."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from musika_daw.model.official.layers import Noise
from musika_daw.model.official.networks import make_network
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.distributed import ALONE, World
from musika_daw.train.official.adam import KerasAdam
from musika_daw.train.official.coordinates import join_patches
from musika_daw.train.official.losses import (
    AdaptiveR1,
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
        beta1: Adam's beta1.
        penalty: weight of the gradient penalty.
        one_centred: slopes are drawn to one instead of zero.
        adaptive: the penalty's weight follows how sure the critic is (`AdaptiveR1`).
        reconstruction: weight of rebuilding the real latents from the critic's features.
        average: share of the running average that stays each step.
        clip: length that a network's gradient is shortened to; 0: never.
    """

    rate: float = 1e-4
    beta1: float = field(default=0.5, metadata={"help": "beta1 of Adam"})
    penalty: float = 10.0
    one_centred: bool = False
    adaptive: bool = True
    reconstruction: float = 0.0
    average: float = 0.999
    clip: float = 0.0

    @staticmethod
    def for_family(size: OfficialSize) -> GanSettings:
        if size.is_44k:
            return GanSettings()
        return GanSettings(beta1=0.9, one_centred=True, adaptive=False, reconstruction=10.0)


class LatentGan:
    """Generator, critic and all that a step changes.

    Args:
        world: the processes that share every batch; real latents, inputs and noise are this one's rows.
    """

    def __init__(
        self, size: OfficialSize, settings: GanSettings, device: torch.device | None = None, world: World = ALONE
    ) -> None:
        self.size, self.settings, self.world = size, settings, world
        self.device = device or torch.device("cpu")
        self.generator = make_network("gen", size).to(self.device)
        self.critic = make_network("critic", size).to(self.device)
        self.reconstructor: nn.Module | None = None
        if settings.reconstruction:
            self.reconstructor = make_network("critic_rec", size).to(self.device)
        self._make = world.parallel(self.generator)
        self._judge = world.parallel(self.critic)
        self._rebuild = None if self.reconstructor is None else world.parallel(self.reconstructor)
        self.restart()

    def restart(self) -> None:
        """Forget optimizers, average and switch: after weights have been brought in from elsewhere."""
        critic = [p for p in self.critic.parameters() if p.requires_grad]
        if self.reconstructor is not None:
            critic += list(self.reconstructor.parameters())
        rate, decay = self.settings.rate, self.settings.beta1
        self.critic_adam = KerasAdam(critic, rate, decay)
        self.generator_adam = KerasAdam(self.generator.parameters(), rate, decay)
        self.ema = copy.deepcopy(self.generator).requires_grad_(False).eval()
        self.adaptive_r1 = AdaptiveR1()

    def losses(
        self, real: Tensor, inputs: Tensor, noise: Noise, conditions: Tensor | None = None
    ) -> tuple[Tensor, Tensor, dict[str, float]]:
        """Losses of critic and generator, and figures; moves the switch.

        Args:
            real: latents `[B, latent_channels, 2 patch]`.
            inputs: of two patches for each, `[2 B, inputs, patch]` (`random_inputs`).
            conditions: what the critic is told of both, `[B, conditions, 2 patch]`.
        """
        made = join_patches(self._make(inputs, noise))
        return self._judged(real.detach().requires_grad_(), made, conditions)

    def _judged(self, real: Tensor, made: Tensor, conditions: Tensor | None) -> tuple[Tensor, Tensor, dict[str, float]]:
        settings = self.settings
        real_scores, features = self._scores(real, conditions)
        made_scores, _ = self._scores(made, conditions)
        if settings.adaptive:
            gap = float((real_scores.mean() - made_scores.mean()).detach())
            self.adaptive_r1 = self.adaptive_r1.after(self.world.mean({"gap": gap})["gap"])
        on_real, on_made = critic_hinge(real_scores, made_scores)
        penalise = one_centred_penalty if settings.one_centred else zero_centred_penalty
        penalty = penalise(real_scores, real)
        critic_loss = (on_real + on_made) / 2 + settings.penalty * self.adaptive_r1.weight * penalty
        figures = {"critic_real": on_real, "critic_made": on_made, "penalty": penalty}
        if self._rebuild is not None:
            assert features is not None
            figures["reconstruction"] = reconstruction_error(self._rebuild(features), real.detach())
            critic_loss = critic_loss + settings.reconstruction * figures["reconstruction"]
        generator_loss = generator_hinge(made_scores)
        figures |= {"critic": critic_loss, "generator": generator_loss}
        return critic_loss, generator_loss, {k: float(v.detach()) for k, v in figures.items()}

    def _scores(self, latents: Tensor, conditions: Tensor | None) -> tuple[Tensor, Tensor | None]:
        judged = self._judge(latents if conditions is None else torch.cat([latents, conditions], 1))
        return judged if isinstance(judged, tuple) else (judged, None)

    def gradients(
        self, real: Tensor, inputs: Tensor, noise: Noise, conditions: Tensor | None = None
    ) -> dict[str, float]:
        """Fill the gradients of both networks, each from its own loss; returns figures."""
        critic_loss, generator_loss, figures = self.losses(real, inputs, noise, conditions)
        # One forward pass serves both, and neither loss may reach the other's weights.
        _fill(self.critic_adam, critic_loss, keep_graph=True)
        _fill(self.generator_adam, generator_loss, keep_graph=False)
        return figures

    def step(self, real: Tensor, inputs: Tensor, noise: Noise, conditions: Tensor | None = None) -> dict[str, float]:
        """One step of training; returns figures."""
        figures = self.gradients(real, inputs, noise, conditions)
        for adam in (self.critic_adam, self.generator_adam):
            if self.settings.clip:
                nn.utils.clip_grad_norm_(_parameters(adam), self.settings.clip)
            adam.step()
        self._follow()
        return {**figures, "switch": self.adaptive_r1.value}

    @torch.no_grad()
    def _follow(self) -> None:
        for kept, new in zip(self.ema.parameters(), self.generator.parameters(), strict=True):
            kept.lerp_(new, 1 - self.settings.average)

    def networks(self) -> dict[str, nn.Module]:
        made = {"gen": self.ema, "critic": self.critic}
        return made if self.reconstructor is None else {**made, "critic_rec": self.reconstructor}

    def trained(self) -> dict[str, nn.Module]:
        """Everything that a training needs to go on, beside `optimizers`."""
        return {"generator": self.generator, **self.networks(), "switch": _Kept(self)}

    def optimizers(self) -> dict[str, torch.optim.Optimizer]:
        return {"generator": self.generator_adam, "critic": self.critic_adam}


class _Kept(nn.Module):
    """The switch as part of a checkpoint."""

    def __init__(self, gan: LatentGan) -> None:
        super().__init__()
        self._gan = gan

    def get_extra_state(self) -> Tensor:
        return torch.tensor(self._gan.adaptive_r1.value, dtype=torch.float64)

    def set_extra_state(self, state: Tensor) -> None:
        self._gan.adaptive_r1 = AdaptiveR1(float(state))


def _fill(adam: KerasAdam, loss: Tensor, keep_graph: bool) -> None:
    adam.zero_grad()
    loss.backward(inputs=_parameters(adam), retain_graph=keep_graph)


def _parameters(adam: KerasAdam) -> list[Tensor]:
    return [p for group in adam.param_groups for p in group["params"]]
