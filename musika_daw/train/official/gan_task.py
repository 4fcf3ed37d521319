"""Training of the latent GAN of the official family (paper, sections 3.2 and 4.2), on a folder of encoded music.

It ends in a model file, with the networks of the autoencoder that encoded the music.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.errors import UsageError
from musika_daw.model.official.networks import make_network
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.distributed import ALONE, World, join_world
from musika_daw.train.loop import LoopSettings, constant_rate, learning_rate_at, run_loop
from musika_daw.train.metrics.listener import FeatureSpace
from musika_daw.train.official.assemble import AUTOENCODER, write_model
from musika_daw.train.official.batch_noise import BatchNoise
from musika_daw.train.official.best import BestKept
from musika_daw.train.official.coordinates import join_patches, random_inputs, split_patches, swap_channels
from musika_daw.train.official.gan import GanSettings, LatentGan
from musika_daw.train.official.guided_gan import GuidedGan
from musika_daw.train.official.latent_folder import LatentFolder
from musika_daw.train.official.picture import save_latents
from musika_daw.train.official.starting import find_size, load_start, note_size

MODEL_FILE = "model.safetensors"
VALIDATION_WINDOWS = 96
_SHOWN = 3


@dataclass(frozen=True)
class PaperGanSettings(LoopSettings):
    """Options of `train paper gan`; where they are None, each version does as its own code does."""

    latents: Path = field(default=Path("latents"), metadata={"help": "folder of encoded music"})
    autoencoder: str = field(default="", metadata={"help": "what encoded it: the last autoencoder run, or a model"})
    start: str | None = field(default=None, metadata={"help": "run or model (with its critic) to train on from"})
    base: int = field(default=128, metadata={"help": "width of generator and critic"})
    small: bool = field(default=False, metadata={"help": "patches of 64 latents instead of 128 (44.1 kHz only)"})
    batch: int = field(default=32, metadata={"help": "windows per step, of all processes together"})
    lr: float = field(default=1e-4, metadata={"help": "learning rate of both networks"})
    beta1: float | None = field(default=None, metadata={"help": "beta1 of Adam (44k: 0.5, 22k: 0.9; paper: 0.5)"})
    penalty: float = field(default=10.0, metadata={"help": "weight of the gradient penalty"})
    one_centred: bool | None = field(
        default=None, metadata={"help": "the penalty draws slopes to one, not to zero (R1); 22k does, 44k does not"}
    )
    adaptive: bool | None = field(
        default=None, metadata={"help": "the penalty follows how sure the critic is; 44k does, 22k does not"}
    )
    reconstruction: float | None = field(
        default=None, metadata={"help": "weight of rebuilding latents from the critic's features (22k only: 10)"}
    )
    swap: bool | None = field(default=None, metadata={"help": "exchange left and right at random; 44k does, 22k not"})
    guidance: float = field(
        default=0.0, metadata={"help": "weight of the conditioning that is read in what is made; 0: none, as the paper"}
    )
    clip: float = field(default=0.0, metadata={"help": "length that gradients are shortened to; 0: never"})
    anneal: bool = field(
        default=False, metadata={"help": "the learning rate falls to a twentieth in the end; the paper's never does"}
    )
    keep_best: bool = field(
        default=False,
        metadata={"help": "the model is that of the best validation; the paper's is the last step's"},
    )
    average: float = field(default=0.999, metadata={"help": "share of the running average that stays each step"})

    def gan_settings(self, size: OfficialSize) -> GanSettings:
        """What is chosen here, and else what this version's own code does."""
        names = ("penalty", "average", "clip", "beta1", "one_centred", "adaptive", "reconstruction")
        chosen = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        made = replace(GanSettings.for_family(size), rate=self.lr, **chosen)
        if made.reconstruction and size.is_44k:
            raise UsageError("reconstruction is of the 22 kHz networks only: leave it out")
        return made


class PaperGanTask:
    """Generator and critic on a folder of latents."""

    def __init__(self, settings: PaperGanSettings, world: World = ALONE) -> None:
        if not settings.autoencoder:
            raise UsageError("--autoencoder is missing: expected the run or the model that encoded the music")
        self.settings, self.world = settings, world
        self.rows = world.rows(settings.batch)
        self.device = settings.torch_device()
        self.learning_rate = settings.lr
        coded = find_size(settings.autoencoder)
        if settings.small and not coded.is_44k:
            raise UsageError("small is of the 44.1 kHz networks only: leave it out")
        wanted = replace(coded, base=settings.base, small=settings.small, extra_inputs=0, conditions=0, stems=1)
        self.data = LatentFolder(settings.latents, wanted)
        self.size = self.data.size
        torch.manual_seed(settings.seed)
        self.gan = self._gan()
        self.swap = self.size.is_44k if settings.swap is None else settings.swap
        self._start()
        self.modules: Mapping[str, nn.Module] = self.gan.trained()
        self.optimizers: Mapping[str, torch.optim.Optimizer] = self.gan.optimizers()
        self.best = BestKept(settings.run) if settings.keep_best else None

    def _gan(self) -> LatentGan:
        settings = self.settings.gan_settings(self.size)
        if self.settings.guidance and self.size.conditions:
            return GuidedGan(self.size, settings, self.settings.guidance, self.device, self.world)
        return LatentGan(self.size, settings, self.device, self.world)

    def _start(self) -> None:
        start = self.settings.start
        if start is not None:
            found = find_size(start)
            if replace(found, hop=self.size.hop) != self.size:
                raise UsageError(f"{start} has networks of another size ({found}): expected {self.size}")
            load_start(start, {"gen": self.gan.generator, "critic": self.gan.critic})
            self.gan.restart()
        if self.world.leads:
            note_size(self.settings.run, self.size)

    def step(self, step: int, generator: np.random.Generator) -> dict[str, float]:
        batch = self.settings.batch
        latents, told = self.data.draw(generator, self.data.training, batch, self.rows)
        random = torch.Generator().manual_seed(int(generator.integers(2**62)))
        real = swap_channels(latents, random, self.size.stems) if self.swap else latents
        whole = join_patches(random_inputs(batch, self.size, random))[self.rows]
        inputs = split_patches(torch.cat([whole, told], 1)).to(self.device)
        noise = BatchNoise(random, batch, self.rows, self.device)
        seen = told.to(self.device) if self.size.conditions else None
        return self.world.mean(self.gan.step(real.to(self.device), inputs, noise, seen))

    @torch.no_grad()
    def validate(self, picture: Path) -> dict[str, float]:
        """Of the running average: Fréchet distance to held-out latents, and spread against theirs."""
        generator = np.random.default_rng(5)
        real, told = self.data.draw(generator, self.data.held_out, VALIDATION_WINDOWS)
        random = torch.Generator().manual_seed(5)
        inputs = random_inputs(VALIDATION_WINDOWS, self.size, random)
        inputs = torch.cat([inputs, split_patches(told)], 1)
        made = torch.cat([self.gan.ema(part.to(self.device)).cpu() for part in inputs.chunk(16)])
        made = join_patches(made)
        space = FeatureSpace(_features(real))
        pairs = [(real[i].numpy(), made[i].numpy()) for i in range(_SHOWN)]
        save_latents(picture, pairs)
        figures = {"frechet": space.distance(_features(made)), "spread": float(made.std() / real.std())}
        if self.best is not None:
            self.best.offer(figures["frechet"], figures["spread"], self.gan.networks())
        return figures

    def write_model(self) -> Path:
        """The model file of what has been trained."""
        settings = self.settings
        coder = {name: make_network(name, self.size) for name in AUTOENCODER}
        load_start(settings.autoencoder, coder)
        scales = zip(self.data.stems, self.data.density_scales, strict=False)  # none without labels
        training = {
            "recipe": "Musika (Pasini & Schlüter, 2022)",
            "seed": settings.seed,
            "batch": settings.batch,
            "density_onsets_per_second": {stem: [scale.low, scale.high] for stem, scale in scales},
        }
        path = settings.run / MODEL_FILE
        write_model(path, self.size, {**coder, **self.gan.networks()}, self.data.signals, self.data.stems, training)
        return path


def _features(latents: Tensor) -> NDArray[np.float64]:
    """What a window is like: each channel's mean, its spread, and how fast it moves: `[windows, 3 C]`."""
    moves = latents.diff(dim=2)
    return np.asarray(torch.cat([latents.mean(2), latents.std(2), moves.std(2)], 1).numpy(), np.float64)


def run(settings: PaperGanSettings) -> dict[str, Any]:
    """Train, or go on training; returns the last validation figures and the model file, in the leading process."""
    settings.use_threads()
    with join_world(settings.torch_device()) as world:
        task = PaperGanTask(settings, world)
        schedule = learning_rate_at if settings.anneal else constant_rate
        figures = run_loop(task, settings, schedule, world)
        if not world.leads:
            return {}
        if task.best is not None:
            figures = {**figures, "frechet_at_best_step": task.best.restore(task.gan.networks())}
        return {**figures, "model": str(task.write_model())}
