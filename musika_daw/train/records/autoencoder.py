"""Training of the universal autoencoder: networks learn what the linear code of records misses.

Everything is computed in components of the linear code, which are made once and read from disk: a step costs the
networks alone. The loss is the L1 distance of features (log levels), and how far magnitudes of tones converge.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from musika_daw.model.universal.analysis import feature_weights, levels
from musika_daw.model.universal.autoencoder import UniversalAutoencoder, UniversalSize
from musika_daw.model.universal.codec_file import load_codec, save_codec
from musika_daw.model.universal.layout import LONG_SPLIT, LONGS, TONES
from musika_daw.train.ema import update_ema
from musika_daw.train.loop import LoopSettings, autocast, run_loop
from musika_daw.train.records.best_step import best_weights, keep_best
from musika_daw.train.records.components import Components, linear_code, record_components
from musika_daw.train.records.corpus import PARTS, open_records, records_for
from musika_daw.train.records.measure import codec_figures

Progress = Callable[[str], AbstractContextManager[Callable[[float], None]]]
_MEASURED = 24  # records of the test part

_NEPERS_PER_DB = 0.11513
_QUIETER_DB, _LOUDER_DB = 9.0, 3.0
_VALIDATED_FRAMES = 256  # of each record


@dataclass(frozen=True)
class RecordsAutoencoderSettings(LoopSettings):
    """Options of `train records autoencoder`."""

    records: Path = field(default=Path("records"), metadata={"help": "corpus of records, or any folder of music"})
    latents: int = field(default=256, metadata={"help": "numbers per latent frame (10.8 frames a second)"})
    components: int = field(default=768, metadata={"help": "principal components that the networks see"})
    width: int = field(default=384, metadata={"help": "channels of the networks"})
    batch: int = field(default=8, metadata={"help": "excerpts per step"})
    frames: int = field(default=32, metadata={"help": "latent frames of an excerpt"})
    lr: float = field(default=1e-3, metadata={"help": "learning rate"})
    noise: float = field(default=0.05, metadata={"help": "noise on the latents, beside their deviation of 1"})
    convergence: float = field(default=0.3, metadata={"help": "weight of the convergence of magnitudes"})


def tone_features() -> Tensor:
    """Indices of the mid's tones among the features."""
    per_long = sum(LONG_SPLIT)
    return torch.cat([torch.arange(TONES) + k * per_long for k in range(LONGS)])


def tone_convergence(wanted: Tensor, made: Tensor) -> Tensor:
    """Relative error of magnitudes, from log magnitudes `[B, T, tones]`, per excerpt, mean over them."""
    one, other = torch.exp(wanted.clamp_max(1.0)), torch.exp(made.clamp_max(1.0))
    apart: Tensor = (one - other).norm(dim=(1, 2)) / (one.norm(dim=(1, 2)) + 1e-3)
    return apart.mean()


class RecordsAutoencoderTask:
    """Encoder and decoder together."""

    def __init__(
        self,
        settings: RecordsAutoencoderSettings,
        train: Sequence[Components],
        held: Sequence[Components],
        code: Mapping[str, Tensor],
    ) -> None:
        self.settings, self.train, self.held = settings, list(train), list(held)
        self.device = settings.torch_device()
        self.learning_rate = settings.lr
        torch.manual_seed(settings.seed)
        size = UniversalSize(settings.latents, settings.components, settings.width)
        self.network, self.ema = UniversalAutoencoder(size), UniversalAutoencoder(size)
        self.network.set_linear_code(code["mean"], code["basis"], code["deviations"], settings.seed)
        self.ema.load_state_dict(self.network.state_dict())
        self.ema.requires_grad_(False)
        self.network.to(self.device)
        self.ema.to(self.device)
        self.modules: Mapping[str, nn.Module] = {"autoencoder": self.network, "average": self.ema}
        learnt = [p for p in self.network.parameters() if p.requires_grad]
        self.optimizers: Mapping[str, torch.optim.Optimizer] = {
            "autoencoder": torch.optim.Adam(learnt, settings.lr, betas=(0.9, 0.98))
        }
        self._tones = tone_features().to(self.device)
        self._tone_weight = float(feature_weights()[0])
        louder = (levels() * feature_weights() * _NEPERS_PER_DB).to(self.device)
        self._louder = louder @ self.network.basis
        frames = np.array([max(0, len(c) - settings.frames) for c in self.train], np.float64)
        self._shares = frames / frames.sum()

    def _draw(self, generator: np.random.Generator) -> Tensor:
        """Components of excerpts, each at another level: `[B, components, T]`."""
        excerpts = []
        for _ in range(self.settings.batch):
            whole = self.train[generator.choice(len(self.train), p=self._shares)]
            start = int(generator.integers(0, len(whole) - self.settings.frames))
            excerpts.append(np.asarray(whole[start : start + self.settings.frames], np.float32))
        found = torch.from_numpy(np.stack(excerpts)).to(self.device)
        db = torch.from_numpy(generator.uniform(-_QUIETER_DB, _LOUDER_DB, self.settings.batch).astype(np.float32))
        return (found + db.to(self.device)[:, None, None] * self._louder).transpose(1, 2)

    def step(self, step: int, generator: np.random.Generator) -> dict[str, float]:
        wanted = self._draw(generator)
        with autocast(self.device):
            latents = self.network.encode_components(wanted)
            noisy = latents + self.settings.noise * torch.randn_like(latents)
            made = self.network.decode_components(noisy).float()
        losses = self._losses(wanted, made)
        optimizer = self.optimizers["autoencoder"]
        optimizer.zero_grad()
        (losses["distance"] + self.settings.convergence * losses["convergence"]).backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        optimizer.step()
        update_ema(self.ema, self.network, step)
        return {name: float(value.detach()) for name, value in losses.items()}

    def _losses(self, wanted: Tensor, made: Tensor) -> dict[str, Tensor]:
        target = self.network.features(wanted).transpose(1, 2)
        error = (made - wanted).transpose(1, 2) @ self.network.basis.T
        tones = target[..., self._tones] / self._tone_weight
        moved = tones + error[..., self._tones] / self._tone_weight
        return {"distance": error.abs().mean(), "convergence": tone_convergence(tones, moved)}

    @torch.no_grad()
    def validate(self, picture: Path) -> dict[str, float]:
        """Losses on held-out records, beside those of the linear code alone; the best average is kept."""
        found: dict[str, list[float]] = {}
        for whole in self.held:
            start = max(0, (len(whole) - _VALIDATED_FRAMES) // 2)
            part = torch.from_numpy(np.asarray(whole[start : start + _VALIDATED_FRAMES], np.float32)).T[None]
            wanted = part.to(self.device)
            latents = self.ema.encode_components(wanted)
            losses = self._losses(wanted, self.ema.decode_components(latents))
            leading = wanted.clone()
            leading[:, self.settings.latents :] = 0
            linear = {f"linear_{name}": value for name, value in self._losses(wanted, leading).items()}
            deviation = {"latent_deviation": latents.std(), "latent_largest": latents.abs().max()}
            for name, value in (losses | linear | deviation).items():
                found.setdefault(name, []).append(float(value))
        figures = {name: float(np.mean(values)) for name, values in found.items()}
        figures["objective"] = figures["distance"] + self.settings.convergence * figures["convergence"]
        keep_best(self.settings.run, self.ema, figures["objective"])
        return figures


def run(settings: RecordsAutoencoderSettings, progress: Progress) -> dict[str, Any]:
    """Train, or go on training; writes `codec.safetensors`, and returns its figures on records of the test part.

    Args:
        progress: name of a part of the work -> what shows how far it is.
    """
    settings.use_threads()
    records = open_records(settings.records)
    training, held, test = (records_for(records, part) for part in PARTS)
    with progress("linear code") as shown:
        code = linear_code(settings.run, training, settings.components, shown)
    network = UniversalAutoencoder(UniversalSize(settings.latents, settings.components, settings.width))
    network.set_linear_code(code["mean"], code["basis"], code["deviations"], settings.seed)
    folder = settings.run / "components"
    with progress("components") as shown:
        components = record_components(folder, [*training, *held], network, shown)
    task = RecordsAutoencoderTask(settings, components[: len(training)], components[len(training) :], code)
    run_loop(task, settings)
    network.load_state_dict(best_weights(settings.run))
    codec_path = settings.run / "codec.safetensors"
    note = {"records": len(training), "hours": round(sum(r.seconds for r in training) / 3600, 2), "seed": settings.seed}
    save_codec(codec_path, network, note)
    with progress("figures") as shown:
        figures = codec_figures(
            load_codec(codec_path), test[:: -(-len(test) // _MEASURED)], settings.run / "test.png", shown
        )
    (settings.run / "figures.json").write_text(json.dumps(figures, indent=1), "utf-8")
    return figures
