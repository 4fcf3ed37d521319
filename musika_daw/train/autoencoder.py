"""Training of the two autoencoders (paper, section 3.1).

Phase 1, reconstruction: encoder and decoder together on spectral distances. Phase 2: the encoder is frozen and the
decoder also has to convince a critic that sees log spectrograms of two excerpts, one after the other.
"""

from __future__ import annotations

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
from musika_daw.model.autoencoder import FRAME, Autoencoder, DrumAutoencoder, PitchedAutoencoder, audio_margin, to_audio
from musika_daw.model.critic import SpectrogramCritic
from musika_daw.model.excitation import TimedNote, excite
from musika_daw.model.stft import log_magnitude, margin, stft
from musika_daw.music.notes import PITCHED_STEMS, STEMS
from musika_daw.train.checkpoints import load_checkpoint
from musika_daw.train.corpus.make import Corpus
from musika_daw.train.corpus.sources import timed_notes
from musika_daw.train.loop import LoopSettings, autocast, run_loop
from musika_daw.train.losses import (
    energy_distance,
    log_spectral_distance_db,
    magnitude,
    multi_resolution_distance,
    spectral_distance,
)
from musika_daw.train.measures.spectrogram import save_spectrogram

EXCERPT_FRAMES = 12
LATENT_NOISE = 0.1  # makes the latents fit for a generator that is never quite exact
SILENCE = 0.01
# FFT sizes of the loss on waveforms, and their weights: 2048 is what an ear resolves in a ringing tom or a noise.
DRUM_SIZES = {256: 1.0, 512: 1.0, 2048: 2.5}
PITCHED_SIZES = {512: 1.0, 4096: 1.0}
VALIDATION_FRAMES = 96
VALIDATION_EXCERPTS = 12


@dataclass(frozen=True)
class AutoencoderSettings(LoopSettings):
    """Options of `train autoencoder`."""

    corpus: Path = field(default=Path("corpus"), metadata={"help": "corpus folder"})
    stem: str = field(default="drums", metadata={"help": "drums, or pitched (bass, chords and lead)"})
    phase: int = field(default=1, metadata={"help": "1 reconstruction, 2 adversarial with the encoder frozen"})
    start: Path | None = field(default=None, metadata={"help": "phase 2: the checkpoint phase 1 ended with"})
    critic: float = field(default=0.3, metadata={"help": "phase 2: weight of the critic's verdict"})
    batch: int = field(default=8, metadata={"help": "excerpts per step"})
    lr: float = field(default=1e-3, metadata={"help": "learning rate"})


@dataclass(frozen=True)
class Excerpts:
    """A batch: mid and side `[B, 2, L + 2 * margin]`, excitation `[B, 3, L + 2 * margin]` or None, stems `[B]`."""

    audio: Tensor
    excitation: Tensor | None
    stem: Tensor


class ExcerptSource:
    """Cuts excerpts of a corpus, at latent frames, with the context their spectra reach into."""

    def __init__(self, corpus: Corpus, pitched: bool, edge: int, device: torch.device) -> None:
        self.corpus, self.pitched, self.edge, self.device = corpus, pitched, edge, device
        self.stems = [STEMS.index(s) for s in PITCHED_STEMS] if pitched else [0]
        self._notes: dict[tuple[int, int], list[TimedNote]] = {}

    def _excitation(self, track: int, stem: int, start: int, samples: int) -> NDArray[Any]:
        notes = self._notes.get((track, stem))
        if notes is None:
            notes = self._notes[track, stem] = timed_notes(self.corpus.tracks[track], STEMS[stem])
        return excite([n for n in notes if n.start < start + samples and n.end > start], start, samples)

    def cut(self, places: list[tuple[int, int, int]], frames: int, gains: NDArray[Any]) -> Excerpts:
        """`places`: (track, stem, first latent frame)."""
        samples = frames * FRAME + 2 * self.edge
        audio = np.stack([self.corpus.audio(t, s, f * FRAME - self.edge, samples) for t, s, f in places])
        excitation = None
        if self.pitched:
            sources = [self._excitation(t, s, f * FRAME - self.edge, samples) for t, s, f in places]
            excitation = torch.from_numpy(np.stack(sources)).to(self.device)
        sound = torch.from_numpy(audio * gains[:, None, None]).to(self.device)
        stem = torch.tensor([s - 1 for _, s, _ in places], device=self.device)
        return Excerpts(sound, excitation, stem)

    def draw(self, generator: np.random.Generator, tracks: range, count: int, frames: int, loud: bool) -> Excerpts:
        """Random excerpts that are not silent."""
        last = self.corpus.stems.shape[3] // FRAME - frames
        places: list[tuple[int, int, int]] = []
        while len(places) < count:
            place = (
                tracks[int(generator.integers(len(tracks)))],
                self.stems[len(places) % len(self.stems)],
                int(generator.integers(last)),
            )
            level = np.abs(self.corpus.stems[place[0], place[1], 0, place[2] * FRAME : (place[2] + frames) * FRAME : 7])
            if level.max() > SILENCE * 32767:
                places.append(place)
        gains = generator.uniform(0.5, 1.2, count) if loud else np.ones(count)
        return self.cut(places, frames, gains.astype(np.float32))


def encode(network: Autoencoder, batch: Excerpts) -> tuple[Tensor, Tensor | None]:
    """Latents, and the excitation's spectra that the decoder needs again."""
    if isinstance(network, DrumAutoencoder):
        return network.encode(batch.audio), None
    assert batch.excitation is not None
    source = network.excitation_spectra(batch.excitation)
    return network.encode(batch.audio, source), source


def decode(network: Autoencoder, latents: Tensor, source: Tensor | None, stem: Tensor, first_frame: int = 0) -> Tensor:
    """Spectra of mid and side."""
    if isinstance(network, DrumAutoencoder):
        return network.spectra(latents, first_frame)
    assert source is not None
    return network.spectra(latents, source, stem, first_frame)


class AutoencoderTask:
    """One of the two autoencoders on a corpus."""

    def __init__(self, settings: AutoencoderSettings) -> None:
        if settings.stem not in ("drums", "pitched"):
            raise UsageError(f"stem {settings.stem!r} is not known: expected drums or pitched")
        if settings.phase not in (1, 2):
            raise UsageError(f"phase {settings.phase} is not known: expected 1 or 2")
        if settings.phase == 2 and settings.start is None and not (settings.run / "checkpoint.safetensors").exists():
            raise UsageError("phase 2 needs --start: the checkpoint that phase 1 ended with")
        self.settings = settings
        self.device = settings.torch_device()
        self.learning_rate = settings.lr if settings.phase == 1 else settings.lr * 0.3
        torch.manual_seed(settings.seed)
        pitched = settings.stem == "pitched"
        self.network: Autoencoder = (PitchedAutoencoder() if pitched else DrumAutoencoder()).to(self.device)
        self.critic = SpectrogramCritic(self.network.used).to(self.device)
        self.corpus = Corpus(settings.corpus)
        self.edge = audio_margin(self.network)
        self.source = ExcerptSource(self.corpus, pitched, self.edge, self.device)
        self.modules: Mapping[str, nn.Module] = {"network": self.network}
        trained = [p for n, p in self.network.named_parameters() if settings.phase == 1 or not n.startswith("encoder")]
        self.trained = trained
        self.optimizers: Mapping[str, torch.optim.Optimizer] = {
            "network": torch.optim.Adam(trained, settings.lr, betas=(0.9, 0.98))
        }
        if settings.phase == 2:
            if settings.start is not None:
                load_checkpoint(settings.start, self.modules, {})
            self.modules = {**self.modules, "critic": self.critic}
            critic_optimizer = torch.optim.Adam(self.critic.parameters(), settings.lr, betas=(0.5, 0.9))
            self.optimizers = {**self.optimizers, "critic": critic_optimizer}

    def _whole(self, audio: Tensor, spectra: Tensor, n_loss: int) -> tuple[Tensor, Tensor]:
        """Left and right of original and decoded, `[2 B, samples]`, where every sample is whole."""
        cut = self.network.n - self.network.hop
        got = to_audio(spectra, self.network)[:, :, cut:-cut]
        wanted = audio[:, :, cut:-cut]
        length = (got.shape[2] - 2 * margin(n_loss, n_loss // 4)) // (n_loss // 4) * (n_loss // 4)
        keep = length + 2 * margin(n_loss, n_loss // 4)

        def sides(x: Tensor) -> Tensor:
            return torch.cat([x[:, 0] + x[:, 1], x[:, 0] - x[:, 1]])[:, :keep]

        return sides(wanted), sides(got)

    def _reconstruction(self, batch: Excerpts, spectra: Tensor, step: int) -> Tensor:
        b, c, length = batch.audio.shape
        bins = spectra.shape[3]
        with torch.no_grad():
            original = stft(batch.audio.reshape(b * c, length), self.network.n, self.network.hop)[..., :bins]
            wanted = magnitude(original).unflatten(0, (b, c))
        got = magnitude(spectra)
        loss = torch.zeros((), device=self.device)
        for channel, weight in ((0, 1.0), (1, 0.4)):
            loss = loss + 2 * weight * spectral_distance(wanted[:, channel], got[:, channel])
            loss = loss + weight * energy_distance(wanted[:, channel], got[:, channel], self.network.bands)
        drums = isinstance(self.network, DrumAutoencoder)
        if drums or step % 4 == 0:
            for n, weight in (DRUM_SIZES if drums else PITCHED_SIZES).items():
                original, decoded = self._whole(batch.audio, spectra, n)
                loss = loss + weight * multi_resolution_distance(original, decoded, (n,))
        return loss

    def _critic_view(self, spectra: Tensor) -> Tensor:
        """Two excerpts after each other, as one log spectrogram of the mid: `[B / 2, bins, 2 T]`."""
        log = log_magnitude(magnitude(spectra[:, 0])).transpose(1, 2)
        return torch.cat(log.chunk(2), 2)

    def step(self, step: int, generator: np.random.Generator) -> dict[str, float]:
        batch = self.source.draw(generator, self.corpus.training, self.settings.batch, EXCERPT_FRAMES, True)
        losses: dict[str, float] = {}
        with autocast(self.device):
            if self.settings.phase == 1:
                latents, source = encode(self.network, batch)
            else:
                with torch.no_grad():
                    latents, source = encode(self.network, batch)
            noisy = latents + LATENT_NOISE * torch.randn_like(latents)
            spectra = decode(self.network, noisy, source, batch.stem, int(generator.integers(512)))
            loss = self._reconstruction(batch, spectra, step)
            losses["spectral"] = float(loss.detach())
            if self.settings.phase == 2:
                real_spectra = stft(batch.audio[:, 0], self.network.n, self.network.hop)[:, None, :, : spectra.shape[3]]
                real, made = self._critic_view(real_spectra), self._critic_view(spectra)
                judged = F.relu(1 - self.critic(real)).mean() + F.relu(1 + self.critic(made.detach())).mean()
                self.optimizers["critic"].zero_grad()
                judged.backward()
                self.optimizers["critic"].step()
                fooled = -self.critic(made).mean()
                losses |= {"critic": float(judged.detach()), "fooled": float(fooled.detach())}
                loss = loss + self.settings.critic * fooled
        self.optimizers["network"].zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
        if torch.isfinite(norm):
            self.optimizers["network"].step()
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
            latents, source = encode(self.network, batch)
            spectra = decode(self.network, latents, source, batch.stem)
            wanted, got = self._whole(batch.audio, spectra, 2048)
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
    return run_loop(AutoencoderTask(settings), settings)
