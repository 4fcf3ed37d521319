"""Training of the official family's autoencoders, as the paper describes it (sections 3.1 and 4.1).

Four runs, each from the one before: level 1 and level 2, each in two phases. Phase 1: encoder and decoder together, L1
on log spectrograms. Phase 2: the encoder is frozen; the decoder makes a waveform through its phases, which has to
convince a critic of log spectrograms and to be near the original at several scales. Level 2 codes the latents of
level 1, with gradients through that level's frozen decoder; its critic compares with what level 1 alone makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.errors import UsageError
from musika_daw.model.official.signal import log_spectrogram, resynthesise
from musika_daw.model.official.sizes import FAMILY_22K, FAMILY_44K, OfficialSize
from musika_daw.train.distributed import ALONE, World, join_world
from musika_daw.train.loop import LoopSettings, autocast, constant_rate, run_loop
from musika_daw.train.losses import log_spectral_distance_db
from musika_daw.train.music_folder import find_music, split_music
from musika_daw.train.official.adam import KerasAdam
from musika_daw.train.official.batch_noise import BatchNoise
from musika_daw.train.official.excerpts import ExcerptSource
from musika_daw.train.official.picture import save_spectrograms
from musika_daw.train.official.spectral_losses import judged_hinge, multi_scale_distance
from musika_daw.train.official.spectrogram_critic import SpectrogramCritic
from musika_daw.train.official.stacked import StackedAutoencoder
from musika_daw.train.official.starting import find_size, load_start, note_size

CRITIC_OVERLAP = 6  # its FFT size over the hop (section 4.1)
VALIDATION_EXCERPTS = 16
_SHOWN = 3


@dataclass(frozen=True)
class PaperAutoencoderSettings(LoopSettings):
    """Options of `train paper autoencoder`; what they default to is the paper's."""

    music: Path = field(default=Path("music"), metadata={"help": "folder of music"})
    family: str = field(
        default=FAMILY_44K,
        metadata={"help": "the later code's networks, or the paper's", "choices": (FAMILY_44K, FAMILY_22K)},
    )
    hop: int = field(
        default=256,
        metadata={"help": "samples a spectral frame; widths grow with it; with --start as there"},
    )
    level: int = field(default=1, metadata={"help": "1 codes spectrograms, 2 the latents of 1", "choices": (1, 2)})
    phase: int = field(
        default=1, metadata={"help": "1 reconstruction, 2 adversarial with the encoder frozen", "choices": (1, 2)}
    )
    start: str | None = field(
        default=None, metadata={"help": "run or model to start from; everything but level 1, phase 1 needs one"}
    )
    batch: int = field(default=32, metadata={"help": "excerpts per step, of all processes together"})
    lr: float = field(default=1e-4, metadata={"help": "learning rate"})
    beta1: float = field(default=0.5, metadata={"help": "beta1 of Adam"})
    reconstruction: float = field(default=1.0, metadata={"help": "weight of the L1 distance"})
    multi_scale: float = field(default=4.0, metadata={"help": "phase 2: weight of the distance at several scales"})
    critic: float = field(default=1.0, metadata={"help": "phase 2: weight of the critic's verdict"})
    critic_width: int = field(default=32, metadata={"help": "phase 2: channels of the critic's first layer"})


class PaperAutoencoderTask:
    """One of the four runs."""

    def __init__(self, settings: PaperAutoencoderSettings, world: World = ALONE) -> None:
        if (settings.level, settings.phase) != (1, 1) and settings.start is None:
            raise UsageError("level 1, phase 1 alone starts from nothing: give --start, the run before this one")
        if settings.hop < 32 or settings.hop % 16:
            raise UsageError(f"hop {settings.hop} is not possible: expected a multiple of 16 from 32 on")
        self.settings, self.world = settings, world
        self.rows = world.rows(settings.batch)
        self.device = settings.torch_device()
        self.learning_rate = settings.lr
        self.size = find_size(settings.start) if settings.start else OfficialSize(settings.family, settings.hop)
        training, held_out = split_music(find_music(settings.music).files)
        self.training, self.held_out = ExcerptSource(training, self.size), ExcerptSource(held_out, self.size)
        torch.manual_seed(settings.seed)
        self.autoencoder = StackedAutoencoder(self.size, settings.level, settings.phase)
        self.critic = SpectrogramCritic(settings.critic_width) if settings.phase == 2 else None
        self._start()
        self.autoencoder.to(self.device)
        self.modules: Mapping[str, nn.Module] = dict(self.autoencoder.networks.items())
        self.decoded = [p for p in self.autoencoder.parameters() if p.requires_grad]
        self.adam = KerasAdam(self.decoded, settings.lr, settings.beta1)
        self.optimizers: Mapping[str, torch.optim.Optimizer] = {"autoencoder": self.adam}
        self._code = world.parallel(self.autoencoder)
        if self.critic is not None:
            self.critic.to(self.device)
            self.critic_adam = KerasAdam(self.critic.parameters(), settings.lr, settings.beta1)
            self.modules = {**self.modules, "critic": self.critic}
            self.optimizers = {**self.optimizers, "critic": self.critic_adam}
            self._judge = world.parallel(self.critic)

    def _start(self) -> None:
        """Bring in the networks that the run before has trained."""
        start, networks = self.settings.start, self.autoencoder.networks
        if start is not None:
            known = networks if self.settings.phase == 2 else {k: networks[k] for k in ("enc", "dec")}
            load_start(start, dict(known.items()))
        if self.world.leads:
            note_size(self.settings.run, self.size)

    def step(self, step: int, generator: np.random.Generator) -> dict[str, float]:
        audio = self.training.draw(generator, self.settings.batch, self.rows).to(self.device)
        random = torch.Generator().manual_seed(int(generator.integers(2**62)))
        noise = BatchNoise(random, self.settings.batch, self.rows, self.device)
        spectrogram = log_spectrogram(audio, self.size.hop)
        made = self._made(self._code, spectrogram, noise)
        distance = F.l1_loss(made[0], spectrogram)
        losses = {"distance": distance}
        loss = self.settings.reconstruction * distance
        if self.critic is not None:
            losses |= self._adversarial(audio, spectrogram, made, noise)
            loss = loss + self.settings.critic * losses["fooled"] + self.settings.multi_scale * losses["scales"]
        self.adam.zero_grad()
        # The critic is not to learn from this.
        loss.backward(inputs=self.decoded)
        self.adam.step()
        return self.world.mean({name: float(value.detach()) for name, value in losses.items()})

    def _adversarial(
        self, audio: Tensor, spectrogram: Tensor, made: tuple[Tensor, ...], noise: BatchNoise
    ) -> dict[str, Tensor]:
        """A step of the critic, and then what the decoder is told."""
        assert self.critic is not None
        wanted, got = self._whole(audio), self._whole(self._wave(made))
        real = wanted
        if self.settings.level == 2:
            real = self._whole(self._wave(self._made(self.autoencoder.first_level, spectrogram, noise)))
        seen_real, seen_made = (log_spectrogram(x, self.size.hop, CRITIC_OVERLAP) for x in (real, got))
        verdicts = self._verdicts(self._judge, torch.cat([seen_real, seen_made.detach()]))
        judged = judged_hinge(*verdicts.chunk(2))
        self.critic_adam.zero_grad()
        judged.backward()
        self.critic_adam.step()
        fooled = -self._verdicts(self.critic, seen_made).mean()
        return {"critic": judged, "fooled": fooled, "scales": multi_scale_distance(wanted, got)}

    def _made(
        self, code: Callable[..., tuple[Tensor, ...]], spectrogram: Tensor, noise: BatchNoise
    ) -> tuple[Tensor, ...]:
        """What is decoded; networks may compute with half the bits, losses never do."""
        with autocast(self.device):
            return tuple(part.float() for part in code(spectrogram, noise))

    def _verdicts(self, critic: nn.Module, seen: Tensor) -> Tensor:
        """Likewise, of a critic."""
        with autocast(self.device):
            verdicts: Tensor = critic(seen)
        return verdicts.float()

    def _wave(self, made: tuple[Tensor, ...]) -> Tensor:
        magnitude, phase = made
        return resynthesise(magnitude, phase, self.size.hop)

    def _whole(self, wave: Tensor) -> Tensor:
        """The samples that all their frames reach: a resynthesis fades at its ends."""
        edge = self.size.fft - self.size.hop
        return wave[:, edge:-edge]

    @torch.no_grad()
    def validate(self, picture: Path) -> dict[str, float]:
        """Distances on held-out music, without noise; `db` is the mean difference of waveforms' log spectra."""
        audio = self.held_out.draw(np.random.default_rng(5), VALIDATION_EXCERPTS).to(self.device)
        spectrogram = log_spectrogram(audio, self.size.hop)
        self.autoencoder.eval()
        made = self.autoencoder(spectrogram)
        self.autoencoder.train()
        figures = {"distance": float(F.l1_loss(made[0], spectrogram))}
        shown = made[0]
        if self.autoencoder.has_phases:
            wave = self._wave(made)
            figures["db"] = float(log_spectral_distance_db(self._whole(audio), self._whole(wave)))
            shown = log_spectrogram(wave, self.size.hop)
        pairs = [(spectrogram[i].cpu().numpy(), shown[i].cpu().numpy()) for i in range(_SHOWN)]
        save_spectrograms(picture, pairs, self.size.sample_rate, self.size.hop)
        return figures


def run(settings: PaperAutoencoderSettings) -> dict[str, float]:
    """Train, or go on training; returns the last validation figures, in the leading process."""
    settings.use_threads()
    with join_world(settings.torch_device()) as world:
        return run_loop(PaperAutoencoderTask(settings, world), settings, constant_rate, world)
