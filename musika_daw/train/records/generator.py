"""Training of the generator of universal latents on packed records: a flow that predicts clean latents.

The style is read from another stretch of the same track, so that it says what the track is like and not what comes
next; in a tenth of the excerpts it is withheld, and the model can be guided by the difference.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.errors import UserError
from musika_daw.model.flow import CLOSEST, flow_loss, flow_sample
from musika_daw.model.universal.codec_file import load_codec
from musika_daw.model.universal.generator import SIGNALS, GeneratorSize, Guidance, UniversalGenerator
from musika_daw.train.ema import update_ema
from musika_daw.train.loop import LoopSettings, autocast, run_loop
from musika_daw.train.records.best_step import best_weights, keep_best
from musika_daw.train.records.corpus import TEST, TRAIN, VALIDATION
from musika_daw.train.records.packed import PackedRecords, read_packed
from musika_daw.train.records.samples import write_samples

Progress = Callable[[str], AbstractContextManager[Callable[[float], None]]]
_WITHOUT_STYLE = 0.1
_STYLE_NOISE = 0.1
_UNTOLD = 0.15  # of excerpts, each signal
_VALIDATED = 24
_TIMES = (0.2, 0.5, 0.8)


@dataclass(frozen=True)
class RecordsGeneratorSettings(LoopSettings):
    """Options of `train records generator`."""

    packed: Path = field(default=Path("packed.safetensors"), metadata={"help": "packed records ('train records pack')"})
    width: int = field(default=320, metadata={"help": "channels of the network"})
    batch: int = field(default=32, metadata={"help": "excerpts per step"})
    frames: int = field(default=96, metadata={"help": "latent frames of an excerpt (10.8 a second)"})
    lr: float = field(default=1e-3, metadata={"help": "learning rate"})
    dropout: float = field(
        default=0.1, metadata={"help": "share of hidden numbers left out, against learning by heart"}
    )
    sampling_steps: int = field(default=16, metadata={"help": "flow steps of the samples in validation"})
    codec: Path | None = field(
        default=None, metadata={"help": "codec to hear samples with, written at the end; without it there are none"}
    )
    samples: int = field(default=24, metadata={"help": "how many samples are written"})
    guidance: float = field(default=1.5, metadata={"help": "how far samples are moved towards their style"})


class RecordsGeneratorTask:
    """The generator on packed records."""

    def __init__(
        self, settings: RecordsGeneratorSettings, data: PackedRecords, start: UniversalGenerator | None = None
    ) -> None:
        """`start`: generator to go on from, which keeps its size."""
        self.settings, self.data = settings, data
        self.device = settings.torch_device()
        self.learning_rate = settings.lr
        room = settings.frames
        self.train = [track for track in data.of_part(TRAIN) if track[1] - track[0] >= 2 * room]
        held = data.of_part(VALIDATION) or data.of_part(TEST)
        self.held = [track for track in held if track[1] - track[0] >= 2 * room]
        if not self.train or not self.held:
            raise UserError(f"{settings.packed} has no tracks of {2 * room} frames to train on and to hold out")
        lengths = np.array([end - first for first, end in self.train], np.float64)
        self._shares = lengths / lengths.sum()
        torch.manual_seed(settings.seed)
        size = GeneratorSize(data.latents.shape[1], settings.width) if start is None else start.size
        self.network = UniversalGenerator(size, settings.dropout).to(self.device)
        if start is None:
            sample = np.concatenate([data.cut(first, end - first)[0][:, ::7] for first, end in self.train], 1)
            self.network.mean.copy_(torch.from_numpy(sample.mean(1)))
            self.network.scale.copy_(torch.from_numpy(sample.std(1) + 0.02))
        else:
            self.network.load_state_dict(start.state_dict())
        self.ema = copy.deepcopy(self.network).requires_grad_(False).eval()
        self.modules: Mapping[str, nn.Module] = {"network": self.network, "average": self.ema}
        self.optimizers: Mapping[str, torch.optim.Optimizer] = {
            "network": torch.optim.AdamW(self.network.parameters(), settings.lr, betas=(0.9, 0.98), weight_decay=0.01)
        }

    def _excerpts(self, tracks: list[tuple[int, int]], generator: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Latents and signals of an excerpt of each track, and latents of another one: all scaled, on the device."""
        rows: list[tuple[NDArray[np.float32], ...]] = []
        frames = self.settings.frames
        for first, end in tracks:
            start, other = generator.integers(first, end - frames + 1, 2)
            rows.append((*self.data.cut(int(start), frames), self.data.cut(int(other), frames)[0]))
        latents, signals, others = (
            torch.from_numpy(np.stack(column)).to(self.device) for column in zip(*rows, strict=True)
        )
        return self.network.scaled(latents), signals, self.network.scaled(others)

    def step(self, step: int, generator: np.random.Generator) -> dict[str, float]:
        chosen = generator.choice(len(self.train), self.settings.batch, p=self._shares)
        latents, signals, others = self._excerpts([self.train[k] for k in chosen], generator)
        signals = signals * self._told(generator)
        styled = round(self.settings.batch * (1 - _WITHOUT_STYLE))

        def predict(noisy: Tensor, t: Tensor) -> Tensor:
            style = self.network.style(others[:styled])
            style = style + _STYLE_NOISE * torch.randn_like(style)
            with_style = self.network(noisy[:styled], t[:styled], signals[:styled], style)
            without = self.network(noisy[styled:], t[styled:], signals[styled:], None)
            return torch.cat([with_style, without]).float()

        with autocast(self.device):
            loss = flow_loss(predict, latents)
        optimizer = self.optimizers["network"]
        optimizer.zero_grad()
        loss.backward()
        if torch.isfinite(nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)):
            optimizer.step()
        update_ema(self.ema, self.network, step, 0.999)
        return {"flow": float(loss.detach())}

    def _told(self, generator: np.random.Generator) -> Tensor:
        """`[B, signals, 1]`: 0 for what an excerpt is not told, else 1; tempo and beat go together."""
        kept = (generator.random((self.settings.batch, 3)) > _UNTOLD).astype(np.float32)
        rows = np.concatenate([kept, np.repeat(kept[:, 2:], len(SIGNALS) - 3, 1)], 1)
        return torch.from_numpy(rows).to(self.device)[:, :, None]

    @torch.no_grad()
    def validate(self, picture: Path) -> dict[str, float]:
        """On held-out tracks, with the same noise each time: the flow's error, and what samples are like."""
        generator = np.random.default_rng(5)
        tracks = [self.held[k] for k in generator.integers(0, len(self.held), _VALIDATED)]
        latents, signals, others = self._excerpts(tracks, generator)
        noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(3)).to(self.device)
        style = self.ema.style(others)
        figures = {"flow": float(np.mean([self._error(latents, noise, signals, style, t) for t in _TIMES]))}
        made = self.sample(noise, signals, style)
        figures |= {
            "spread": float(made.std() / latents.std()),
            "movement": float(made.diff(dim=2).std() / latents.diff(dim=2).std()),
            "variety": float(made.mean(2).std(0).mean() / latents.mean(2).std(0).mean()),
        }
        _picture(picture, latents[:3].cpu().numpy(), made[:3].cpu().numpy())
        keep_best(self.settings.run, self.ema, figures["flow"])
        return figures

    def _error(self, latents: Tensor, noise: Tensor, signals: Tensor, style: Tensor, t: float) -> float:
        times = torch.full((len(latents),), t, device=self.device)
        clean = self.ema(t * latents + (1 - t) * noise, times, signals, style)
        return float(((clean - latents) / max(1 - t, CLOSEST)).square().mean())

    def sample(self, noise: Tensor, signals: Tensor, style: Tensor) -> Tensor:
        """Scaled latents from noise, by the running average."""
        guidance = Guidance(self.settings.guidance)
        return flow_sample(
            lambda x, t: self.ema.guided(x, t, signals, style, guidance), noise, self.settings.sampling_steps
        )


def _picture(path: Path, real: NDArray[Any], made: NDArray[Any]) -> None:
    """Latents of held-out tracks left, samples in their style right."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(len(real), 2, figsize=(16, 5 * len(real)), squeeze=False)
    for row, pair in enumerate(zip(real, made, strict=True)):
        for column, image in enumerate(pair):
            axes[row, column].imshow(image, aspect="auto", cmap="coolwarm", vmin=-2.5, vmax=2.5)
            axes[row, column].axis("off")
    figure.tight_layout(pad=0.2)
    figure.savefig(path, dpi=45)
    plt.close(figure)


def run(settings: RecordsGeneratorSettings, progress: Progress) -> dict[str, float]:
    """Train, or go on training; returns the last validation figures. With a codec, samples of the best step are written
    to the folder `samples` of the run.

    Args:
        progress: name of a part of the work -> what shows how far it is.

    Raises:
        UserError: the packed records cannot be read, or are too few.
    """
    settings.use_threads()
    data = read_packed(settings.packed)
    task = RecordsGeneratorTask(settings, data)
    figures = run_loop(task, settings)
    if settings.codec is not None:
        best = UniversalGenerator(task.network.size)
        best.load_state_dict(best_weights(settings.run))
        with progress("samples") as shown:
            write_samples(
                best.requires_grad_(False).eval(),
                data,
                load_codec(settings.codec),
                settings.run / "samples",
                settings.samples,
                settings.sampling_steps,
                Guidance(settings.guidance),
                shown,
            )
    return figures
