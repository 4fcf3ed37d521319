"""Training of the two autoencoders (paper, section 3.1).

Phase 1, reconstruction: encoder and decoder together on spectral distances, those of drums on energy scores, which hear
whether noise is noise. Phase 2: the encoder is frozen and the decoder also has to convince a critic that sees log
spectrograms of two excerpts, one after the other.

With `encoder`, a model's encoder is kept and the decoder alone is trained: it fits that model's generator.
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
from musika_daw.model.autoencoder import (
    CONTEXT,
    FRAME,
    Autoencoder,
    DrumAutoencoder,
    PitchedAutoencoder,
    audio_margin,
    to_audio,
)
from musika_daw.model.critic import SpectrogramCritic
from musika_daw.model.decoding import stereo_stft
from musika_daw.model.model_file import read_networks
from musika_daw.model.stft import log_magnitude, margin, stft
from musika_daw.music.notes import STEMS
from musika_daw.train.checkpoints import load_checkpoint
from musika_daw.train.corpus.make import Corpus
from musika_daw.train.drum_takes import decode_takes, take_over, takes_distance
from musika_daw.train.ema import update_ema
from musika_daw.train.excerpts import Excerpts, ExcerptSource
from musika_daw.train.generated_latents import GeneratedLatents
from musika_daw.train.loop import LoopSettings, autocast, run_loop
from musika_daw.train.losses import (
    energy_distance,
    log_spectral_distance_db,
    magnitude,
    multi_resolution_distance,
    spectral_distance,
)
from musika_daw.train.metrics.spectrogram_picture import save_spectrogram

EXCERPT_FRAMES = 12
DRUM_FRAMES = 8  # without the context that their decoder is given
AVERAGE_DECAY = 0.99  # of the weights that are kept
LATENT_NOISE = 0.1  # makes the latents fit for a generator that is never quite exact
PITCHED_SIZES = {512: 1.0, 4096: 1.0}  # FFT sizes of the loss on waveforms, and their weights
VALIDATION_FRAMES = 96
VALIDATION_EXCERPTS = 12


@dataclass(frozen=True)
class AutoencoderSettings(LoopSettings):
    """Options of `train autoencoder`."""

    corpus: Path = field(default=Path("corpus"), metadata={"help": "corpus folder"})
    stem: str = field(default="drums", metadata={"help": "drums, or pitched (bass, chords and lead)"})
    phase: int = field(default=1, metadata={"help": "1 reconstruction, 2 adversarial with the encoder frozen"})
    start: Path | None = field(default=None, metadata={"help": "phase 2: the checkpoint phase 1 ended with"})
    encoder: str = field(
        default="", metadata={"help": "drums: keep the encoder of this model, train the decoder alone"}
    )
    generated: float = field(
        default=0.0, metadata={"help": "with --encoder: share of excerpts whose latents that model's generator makes"}
    )
    critic: float = field(default=0.3, metadata={"help": "phase 2: weight of the critic's verdict"})
    batch: int = field(default=8, metadata={"help": "excerpts per step"})
    lr: float = field(default=1e-3, metadata={"help": "learning rate"})


def encode(network: Autoencoder, batch: Excerpts) -> tuple[Tensor, Tensor | None]:
    """Latents, and the excitation's spectra that the decoder needs again."""
    if not isinstance(network, PitchedAutoencoder):
        return network.encode(batch.audio), None
    assert batch.excitation is not None
    source = network.excitation_spectra(batch.excitation)
    return network.encode(batch.audio, source), source


def decode(network: Autoencoder, latents: Tensor, source: Tensor | None, batch: Excerpts) -> Tensor:
    """Mid and side `[B, 2, L + 2 * margin]`."""
    if isinstance(network, DrumAutoencoder):
        return network.audio(latents, 0, 0, batch.kits(latents.shape[2]), batch.strokes)
    assert isinstance(network, PitchedAutoencoder) and source is not None
    return network.audio(latents, source, batch.stem)


def _check(settings: AutoencoderSettings) -> None:
    if settings.stem not in ("drums", "pitched"):
        raise UsageError(f"stem {settings.stem!r} is not known: expected drums or pitched")
    if settings.phase not in (1, 2):
        raise UsageError(f"phase {settings.phase} is not known: expected 1 or 2")
    if settings.phase == 2 and settings.start is None and not (settings.run / "checkpoint.safetensors").exists():
        raise UsageError("phase 2 needs --start: the checkpoint that phase 1 ended with")
    if settings.encoder and settings.stem != "drums":
        raise UsageError("--encoder keeps the encoder of drums: expected --stem drums with it")
    if not 0 <= settings.generated <= 1 or (settings.generated and not settings.encoder):
        raise UsageError("--generated is a share from 0 to 1 and goes with --encoder")


class AutoencoderTask:
    """One of the two autoencoders on a corpus."""

    def __init__(self, settings: AutoencoderSettings) -> None:
        _check(settings)
        self.settings = settings
        self.device = settings.torch_device()
        self.learning_rate = settings.lr if settings.phase == 1 else settings.lr * 0.3
        torch.manual_seed(settings.seed)
        pitched = settings.stem == "pitched"
        self.network: Autoencoder = PitchedAutoencoder() if pitched else DrumAutoencoder()
        self.corpus = Corpus(settings.corpus)
        self.generated: GeneratedLatents | None = None
        if isinstance(self.network, DrumAutoencoder) and settings.encoder:
            known = read_networks(settings.encoder)
            take_over(self.network, known.drums)
            self.generated = GeneratedLatents(known, self.corpus, self.corpus.stems.shape[3] // FRAME)
        self.network.to(self.device)
        self.ema = copy.deepcopy(self.network).requires_grad_(False)
        self.critic = SpectrogramCritic(self.network.used).to(self.device)
        self.edge = audio_margin(self.network)
        self.source = ExcerptSource(self.corpus, pitched, self.edge, self.device)
        self.modules: Mapping[str, nn.Module] = {"network": self.network, "average": self.ema}
        self.frozen = settings.phase == 2 or bool(settings.encoder)
        self.trained = [p for n, p in self.network.named_parameters() if not (self.frozen and n.startswith("encoder"))]
        self.optimizers: Mapping[str, torch.optim.Optimizer] = {
            "network": torch.optim.Adam(self.trained, settings.lr, betas=(0.9, 0.98))
        }
        if settings.start is not None:
            load_checkpoint(settings.start, self.modules, {})
            # Goes on from what a model would be made of; an encoder that is kept would drift from it otherwise.
            self.network.load_state_dict(self.ema.state_dict())
        if settings.phase == 2:
            self.modules = {**self.modules, "critic": self.critic}
            critic_optimizer = torch.optim.Adam(self.critic.parameters(), settings.lr, betas=(0.5, 0.9))
            self.optimizers = {**self.optimizers, "critic": critic_optimizer}

    def _encoded(self, batch: Excerpts) -> tuple[Tensor, Tensor | None]:
        """Latents with noise; without a gradient where the encoder is kept."""
        with torch.set_grad_enabled(not self.frozen):
            latents, source = encode(self.network, batch)
        return latents + LATENT_NOISE * torch.randn_like(latents), source

    def _drum_loss(self, batch: Excerpts, generator: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Loss, and the spectra of the mid `[B, T, used]` of the original and of what was made."""
        network = self.network
        assert isinstance(network, DrumAutoencoder)
        latents, _ = self._encoded(batch)
        chosen = np.flatnonzero(generator.random(len(latents)) < self.settings.generated)
        if self.generated is not None and len(chosen):
            made_of_notes = self.generated.cut([batch.places[i] for i in chosen], latents.shape[2])
            latents[torch.from_numpy(chosen)] = made_of_notes.to(latents.device)
        takes = decode_takes(network, latents, batch, generator)
        around = self.edge + CONTEXT * FRAME
        original = batch.audio[:, :, around:-around]
        loss = takes_distance(original, takes, generator)
        real, made = (stft(x[:, 0], network.n, network.hop)[..., : network.used] for x in (original, takes[0]))
        return loss, real, made

    def _pitched_loss(
        self, batch: Excerpts, step: int, generator: np.random.Generator
    ) -> tuple[Tensor, Tensor, Tensor]:
        """As that of drums."""
        network = self.network
        assert isinstance(network, PitchedAutoencoder)
        latents, source = self._encoded(batch)
        assert source is not None
        spectra = network.spectra(latents, source, batch.stem, int(generator.integers(512)))
        with torch.no_grad():
            original = stereo_stft(batch.audio, network.n, network.hop)[..., : network.used]
            wanted = magnitude(original)
        got = magnitude(spectra)
        loss = torch.zeros((), device=self.device)
        for channel, weight in ((0, 1.0), (1, 0.4)):
            loss = loss + 2 * weight * spectral_distance(wanted[:, channel], got[:, channel])
            loss = loss + weight * energy_distance(wanted[:, channel], got[:, channel], network.bands)
        if step % 4 == 0:
            for n, weight in PITCHED_SIZES.items():
                whole, decoded = self._whole(batch.audio, to_audio(spectra, network), n)
                loss = loss + weight * multi_resolution_distance(whole, decoded, (n,))
        return loss, original[:, 0], spectra[:, 0]

    def _whole(self, audio: Tensor, decoded: Tensor, n_loss: int) -> tuple[Tensor, Tensor]:
        """Left and right of original and decoded, `[2 B, samples]`, where every sample is whole."""
        cut = self.network.n - self.network.hop
        got = decoded[:, :, cut:-cut]
        wanted = audio[:, :, cut:-cut]
        length = (got.shape[2] - 2 * margin(n_loss, n_loss // 4)) // (n_loss // 4) * (n_loss // 4)
        keep = length + 2 * margin(n_loss, n_loss // 4)

        def sides(x: Tensor) -> Tensor:
            return torch.cat([x[:, 0] + x[:, 1], x[:, 0] - x[:, 1]])[:, :keep]

        return sides(wanted), sides(got)

    def _critic_view(self, spectra: Tensor) -> Tensor:
        """Two excerpts after each other, as one log spectrogram: `[B, T, bins]` -> `[B / 2, bins, 2 T]`."""
        return torch.cat(log_magnitude(magnitude(spectra)).transpose(1, 2).chunk(2), 2)

    def _fool(self, original: Tensor, spectra: Tensor) -> tuple[Tensor, Tensor]:
        """Train the critic; returns its loss, and what the decoder shall lower."""
        real, made = self._critic_view(original), self._critic_view(spectra)
        judged = F.relu(1 - self.critic(real)).mean() + F.relu(1 + self.critic(made.detach())).mean()
        self.optimizers["critic"].zero_grad()
        judged.backward()
        self.optimizers["critic"].step()
        return judged.detach(), -self.critic(made).mean()

    def step(self, step: int, generator: np.random.Generator) -> dict[str, float]:
        drums = isinstance(self.network, DrumAutoencoder)
        frames = DRUM_FRAMES + 2 * CONTEXT if drums else EXCERPT_FRAMES
        # The generator has met music as loud as the corpus alone.
        louder = not self.settings.generated
        batch = self.source.draw(generator, self.corpus.training, self.settings.batch, frames, louder)
        with autocast(self.device):
            if drums:
                loss, original, spectra = self._drum_loss(batch, generator)
            else:
                loss, original, spectra = self._pitched_loss(batch, step, generator)
            losses = {"spectral": float(loss.detach())}
            if self.settings.phase == 2:
                judged, fooled = self._fool(original, spectra)
                losses |= {"critic": float(judged), "fooled": float(fooled.detach())}
                loss = loss + self.settings.critic * fooled
        self.optimizers["network"].zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        if torch.isfinite(norm):
            self.optimizers["network"].step()
        update_ema(self.ema, self.network, step, AVERAGE_DECAY)
        return losses

    @torch.no_grad()
    def validate(self, picture: Path) -> dict[str, float]:
        generator = np.random.default_rng(5)
        figures: dict[str, list[float]] = {}
        shown: dict[str, NDArray[Any]] = {}
        for _ in range(VALIDATION_EXCERPTS):
            batch = self.source.draw(
                generator, self.corpus.validation, len(self.source.stems), VALIDATION_FRAMES, False
            )
            latents, source = encode(self.ema, batch)
            decoded = decode(self.ema, latents, source, batch)
            wanted, got = self._whole(batch.audio, decoded, 2048)
            for row, stem in enumerate([*self.source.stems] * 2):
                name = STEMS[stem]
                figures.setdefault(f"db_{name}", []).append(
                    float(log_spectral_distance_db(wanted[row : row + 1], got[row : row + 1]))
                )
                level = 20 * torch.log10(got[row].std() / (wanted[row].std() + 1e-6) + 1e-6)
                figures.setdefault(f"level_{name}", []).append(float(level))
                if row < len(self.source.stems) and name not in shown:
                    shown[name] = wanted[row].cpu().numpy()
                    shown[f"{name} decoded"] = got[row].cpu().numpy()
        save_spectrogram(picture, {k: np.stack([v, v]) for k, v in shown.items()})
        return {name: float(np.mean(values)) for name, values in figures.items()}


def run(settings: AutoencoderSettings) -> dict[str, float]:
    """Train, or go on training; returns the last validation figures."""
    settings.use_threads()
    return run_loop(AutoencoderTask(settings), settings)
