"""Training of the generator on encoded corpora.

Two objectives, to be compared at equal minutes: `flow`, which predicts clean latents from noisy ones, and
`adversarial`, the paper's (section 3.2): one pass from noise, two adjacent stretches judged as one by a critic that
sees the conditioning, anchored to the paired latents. `adversarial` can start from a flow (`--start`) to finish it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.errors import UsageError
from musika_daw.model.autoencoder import LATENT
from musika_daw.model.conditioning import LAYOUT, stem_pattern_rows
from musika_daw.model.critic import LatentCritic
from musika_daw.model.flow import flow_loss, flow_sample
from musika_daw.model.generator import LATENTS, Generator
from musika_daw.music.notes import STEMS
from musika_daw.train.checkpoints import load_checkpoint
from musika_daw.train.ema import update_ema
from musika_daw.train.latents import LatentSet
from musika_daw.train.loop import LoopSettings, autocast, run_loop

WINDOW_FRAMES = 128
PATTERN_DROP = 0.07  # per stem: the model also plays from controls alone
STYLE_NOISE = 0.05
VALIDATION_TRACKS = 12


@dataclass(frozen=True)
class GeneratorSettings(LoopSettings):
    """Options of `train generator`."""

    latents: Path = field(default=Path("latents"), metadata={"help": "folder made by 'data encode'"})
    objective: str = field(default="flow", metadata={"help": "flow or adversarial"})
    start: Path | None = field(default=None, metadata={"help": "checkpoint whose generator to start from"})
    batch: int = field(default=16, metadata={"help": "windows per step"})
    lr: float = field(default=1e-3, metadata={"help": "learning rate"})
    penalty: float = field(default=200.0, metadata={"help": "adversarial: weight of the critic's gradient penalty"})
    anchor: float = field(default=3.0, metadata={"help": "adversarial: weight of the distance to the paired latents"})
    sampling_steps: int = field(default=4, metadata={"help": "flow steps in validation"})


class GeneratorTask:
    """The generator on an encoded corpus."""

    def __init__(self, settings: GeneratorSettings) -> None:
        if settings.objective not in ("flow", "adversarial"):
            raise UsageError(f"objective {settings.objective!r} is not known: expected flow or adversarial")
        self.settings = settings
        self.adversarial = settings.objective == "adversarial"
        self.device = settings.torch_device()
        self.learning_rate = settings.lr * (0.2 if self.adversarial and settings.start else 1.0)
        torch.manual_seed(settings.seed)
        self.data = LatentSet(settings.latents)
        self.network = Generator().to(self.device)
        sample = self.data.latents[: self.data.training : 3, :, ::5].astype(np.float32)
        self.network.mean.copy_(torch.from_numpy(sample.mean((0, 2))))
        self.network.scale.copy_(torch.from_numpy(sample.std((0, 2)) + 0.02))
        self.ema = copy.deepcopy(self.network).requires_grad_(False)
        self.critic = LatentCritic().to(self.device)
        if settings.start is not None:
            load_checkpoint(settings.start, {"network": self.network, "average": self.ema}, {})
            self.network.load_state_dict(self.ema.state_dict())
        self.modules: Mapping[str, nn.Module] = {"network": self.network, "average": self.ema}
        betas = (0.5, 0.99) if self.adversarial else (0.9, 0.99)
        self.optimizers: Mapping[str, torch.optim.Optimizer] = {
            "network": torch.optim.AdamW(self.network.parameters(), settings.lr, betas=betas, weight_decay=0.01)
        }
        if self.adversarial:
            self.modules = {**self.modules, "critic": self.critic}
            critic_optimizer = torch.optim.AdamW(self.critic.parameters(), settings.lr, betas=betas)
            self.optimizers = {**self.optimizers, "critic": critic_optimizer}

    def _window(self, tracks: NDArray[Any], starts: NDArray[Any], frames: int) -> tuple[Tensor, Tensor]:
        def cut(array: NDArray[Any]) -> Tensor:
            rows = [array[t, :, s : s + frames] for t, s in zip(tracks, starts, strict=True)]
            return torch.from_numpy(np.stack(rows).astype(np.float32)).to(self.device)

        latents, told = cut(self.data.latents), cut(self.data.conditioning)
        return (latents - self.network.mean[:, None]) / self.network.scale[:, None], told

    def _batch(self, generator: np.random.Generator) -> tuple[Tensor, Tensor]:
        count = self.settings.batch
        tracks = generator.integers(0, self.data.training, count)
        starts = generator.integers(0, self.data.latents.shape[2] - WINDOW_FRAMES, count)
        latents, told = self._window(tracks, starts, WINDOW_FRAMES)
        for row, stem in enumerate(STEMS):
            dropped = torch.from_numpy(generator.random(count) < PATTERN_DROP).to(self.device)
            rows = stem_pattern_rows(stem)
            told[dropped, rows] = 0.0
            told[dropped, LAYOUT["pattern_known"].start + row] = -1.0
        told[:, LAYOUT["style"]] += STYLE_NOISE * torch.randn_like(told[:, LAYOUT["style"], :1])
        return latents, told

    def step(self, step: int, generator: np.random.Generator) -> dict[str, float]:
        latents, told = self._batch(generator)
        with autocast(self.device):
            losses = self._adversarial(latents, told) if self.adversarial else self._flow(latents, told)
        update_ema(self.ema, self.network, step)
        return losses

    def _update(self, name: str, loss: Tensor, module: nn.Module) -> None:
        self.optimizers[name].zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        if torch.isfinite(norm):
            self.optimizers[name].step()

    def _flow(self, latents: Tensor, told: Tensor) -> dict[str, float]:
        loss = flow_loss(lambda x, t: self.network(x, t, told), latents)
        self._update("network", loss, self.network)
        return {"flow": float(loss.detach())}

    def _pair(self, told: Tensor) -> Tensor:
        """Two adjacent stretches, each made by itself."""
        zero = torch.zeros(len(told), device=self.device)
        halves = [
            self.network(torch.randn(len(h), LATENTS, h.shape[2], device=self.device), zero, h)
            for h in told.chunk(2, 2)
        ]
        return torch.cat(halves, 2)

    def _adversarial(self, latents: Tensor, told: Tensor) -> dict[str, float]:
        made = self._pair(told)
        real = latents.detach().requires_grad_(True)
        score_real, score_made = self.critic(real, told), self.critic(made.detach(), told)
        (slope,) = torch.autograd.grad(score_real.sum(), real, create_graph=True)
        penalty = slope.square().sum((1, 2)).mean() / WINDOW_FRAMES
        judged = F.softplus(-score_real).mean() + F.softplus(score_made).mean() + self.settings.penalty * penalty
        self._update("critic", judged, self.critic)
        fooled = F.softplus(-self.critic(made, told)).mean()
        distance = F.mse_loss(made, latents)
        self._update("network", fooled + self.settings.anchor * distance, self.network)
        gap = float((score_real.mean() - score_made.mean()).detach())
        return {"fooled": float(fooled.detach()), "gap": gap, "distance": float(distance.detach())}

    @torch.no_grad()
    def validate(self, picture: Path) -> dict[str, float]:
        """On held-out tracks: distance to the paired latents per stem, spread against theirs."""
        first = self.data.training
        tracks = np.linspace(first, len(self.data.latents) - 1, VALIDATION_TRACKS).astype(int)
        latents, told = self._window(tracks, np.full(VALIDATION_TRACKS, 100), 2 * WINDOW_FRAMES)
        noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(3)).to(self.device)
        steps = 1 if self.adversarial else self.settings.sampling_steps
        made = flow_sample(lambda x, t: self.ema(x, t, told), noise, steps)
        figures = {}
        for row, stem in enumerate(STEMS):
            rows = slice(row * LATENT, (row + 1) * LATENT)
            figures[f"mse_{stem}"] = float(F.mse_loss(made[:, rows], latents[:, rows]))
            figures[f"spread_{stem}"] = float(made[:, rows].std() / latents[:, rows].std())
        _picture(picture, latents[:3].cpu().numpy(), made[:3].cpu().numpy())
        return figures


def _picture(path: Path, real: NDArray[Any], made: NDArray[Any]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(len(real), 2, figsize=(20, 5 * len(real)), squeeze=False)
    for row in range(len(real)):
        for column, image in enumerate((real[row], made[row])):
            axes[row, column].imshow(image, aspect="auto", cmap="coolwarm", vmin=-2.5, vmax=2.5)
            axes[row, column].axis("off")
    figure.tight_layout(pad=0.2)
    figure.savefig(path, dpi=45)
    plt.close(figure)


def run(settings: GeneratorSettings) -> dict[str, float]:
    """Train, or go on training; returns the last validation figures."""
    settings.use_threads()
    return run_loop(GeneratorTask(settings), settings)
