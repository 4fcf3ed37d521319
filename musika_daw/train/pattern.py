"""Training of the pattern net: a flow over composed phrases."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.model.flow import flow_loss, flow_sample
from musika_daw.model.model_file import ModelInfo
from musika_daw.model.pattern_codec import (
    CHANNELS,
    ON_THRESHOLD,
    VOICE_ROWS,
    VOICES,
    decode_pattern,
    encode_pattern,
)
from musika_daw.model.pattern_net import PHRASE_BARS, PHRASE_STEPS, PatternNet, pattern_conditioning, pattern_noise
from musika_daw.model.style import GENRES
from musika_daw.music.harmony import MODES
from musika_daw.storage.files import replace_file
from musika_daw.train.corpus.composer import compose
from musika_daw.train.ema import update_ema
from musika_daw.train.loop import LoopSettings, autocast, run_loop
from musika_daw.train.pattern_measures import pattern_picture, pattern_statistics

VALIDATION_PHRASES = 48
HELD_OUT_FIRST = 10_000_000  # seeds of compositions that no training phrase shares


@dataclass(frozen=True)
class PatternSettings(LoopSettings):
    """Options of `train pattern`."""

    phrases: int = field(
        default=4000, metadata={"help": "composed 16-bar phrases, made once and kept in the run's folder"}
    )
    corpus_seed: int = field(default=1, metadata={"help": "seed of the compositions"})
    batch: int = field(default=16, metadata={"help": "phrases per step"})
    lr: float = field(default=1e-3, metadata={"help": "learning rate"})
    sampling_steps: int = field(default=12, metadata={"help": "flow steps in validation"})


def genre_vector(genre: str) -> NDArray[Any]:
    """One genre as the style vector has it."""
    return np.array([1.0 if genre == g else -1.0 for g in GENRES], np.float32)


def compose_phrase(seed: int, index: int) -> tuple[NDArray[Any], NDArray[Any], int, int, float]:
    """One phrase: grid, weights, genre, mode, swing."""
    genre = index % len(GENRES)
    composition = compose(np.random.default_rng([seed, 4, index]), GENRES[genre], PHRASE_BARS)
    grid, weight = encode_pattern(composition.notes, composition.harmony, PHRASE_STEPS)
    return grid, weight, genre, list(MODES).index(composition.mode), composition.swing


class PhraseSet:
    """Composed phrases on disk, memory-mapped; made where they are missing."""

    def __init__(self, folder: Path, seed: int, count: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        names = ("grids", "weights", "labels")
        paths = [folder / f"phrases_{seed}_{count}_{name}.npy" for name in names]
        if not all(path.exists() for path in paths):
            _compose_phrases(paths, seed, count)
        self.grids, self.weights, self.labels = (np.load(path, mmap_mode="r") for path in paths)

    def batch(self, index: NDArray[Any], device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
        conditioning = np.stack([conditioning_of(*self.labels[i]) for i in index])
        arrays = (self.grids[index].astype(np.float32), self.weights[index].astype(np.float32), conditioning)
        grid, weight, told = (torch.from_numpy(a).to(device) for a in arrays)
        return grid, weight, told


def _compose_phrases(paths: Sequence[Path], seed: int, count: int) -> None:
    """Write files of grids, weights and labels."""
    shape = (count, CHANNELS, PHRASE_STEPS)
    with replace_file(paths[0]) as first, replace_file(paths[1]) as second:
        grids, weights = (open_memmap(partial, "w+", np.float16, shape) for partial in (first, second))
        labels = np.zeros((count, 3), np.float32)
        for index in range(count):
            grids[index], weights[index], *labels[index] = compose_phrase(seed, index)
        grids.flush()
        weights.flush()
        del grids, weights  # Windows does not rename what is mapped
    with replace_file(paths[2]) as third, third.open("wb") as opened:
        np.save(opened, labels)


def conditioning_of(genre: float, mode: float, swing: float) -> NDArray[Any]:
    return pattern_conditioning(genre_vector(GENRES[int(genre)]), list(MODES)[int(mode)], float(swing), PHRASE_BARS)


class PatternTask:
    """The pattern net on composed phrases."""

    def __init__(self, settings: PatternSettings) -> None:
        self.settings = settings
        self.device = settings.torch_device()
        self.learning_rate = settings.lr
        torch.manual_seed(settings.seed)
        self.network = PatternNet().to(self.device)
        self.ema = copy.deepcopy(self.network).requires_grad_(False)
        self.modules: Mapping[str, nn.Module] = {"network": self.network, "average": self.ema}
        self.optimizers: Mapping[str, torch.optim.Optimizer] = {
            "network": torch.optim.AdamW(self.network.parameters(), settings.lr, betas=(0.9, 0.99))
        }
        self.phrases = PhraseSet(settings.run, settings.corpus_seed, settings.phrases)
        self.held_out = [compose_phrase(settings.corpus_seed, HELD_OUT_FIRST + i) for i in range(VALIDATION_PHRASES)]

    def step(self, step: int, generator: np.random.Generator) -> dict[str, float]:
        index = np.sort(generator.integers(0, self.settings.phrases, self.settings.batch))
        grid, weight, told = self.phrases.batch(index, self.device)
        with autocast(self.device):
            loss = flow_loss(lambda x, t: self.network(x, t, told), grid, weight)
        self.optimizers["network"].zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        if torch.isfinite(norm):
            self.optimizers["network"].step()
        update_ema(self.ema, self.network, step)
        return {"flow": float(loss.detach())}

    @torch.no_grad()
    def validate(self, picture: Path) -> dict[str, float]:
        """Statistics of generated phrases at variation 0, 0.5 and 1 beside those of composed ones."""
        told = torch.from_numpy(np.stack([conditioning_of(*row[2:]) for row in self.held_out])).to(self.device)
        composed = [decode_pattern(row[0], 0) for row in self.held_out]
        figures = {f"corpus_{k}": v for k, v in pattern_statistics(composed).items()}
        for variation in (0.0, 0.5, 1.0):
            noise = np.stack([pattern_noise(i, 0, variation) for i in range(len(self.held_out))])
            made = flow_sample(
                lambda x, t: self.ema(x, t, told),
                torch.from_numpy(noise).to(self.device),
                self.settings.sampling_steps,
            )
            generated = [decode_pattern(grid, 0) for grid in made.cpu().numpy()]
            figures |= {f"v{variation:g}_{k}": v for k, v in pattern_statistics(generated).items()}
            if variation == 0.0:
                pattern_picture(picture, [composed[i][0] for i in range(6)], [generated[i][0] for i in range(6)])
        return figures


@torch.no_grad()
def calibrate_thresholds(network: PatternNet, corpus_seed: int, variation: float = 0.15) -> dict[str, float]:
    """Voice -> threshold at which the net plays it as often as the composer does, over phrases of every genre."""
    rows = [compose_phrase(corpus_seed, HELD_OUT_FIRST + i) for i in range(VALIDATION_PHRASES)]
    told = torch.from_numpy(np.stack([conditioning_of(*row[2:]) for row in rows]))
    noise = torch.from_numpy(np.stack([pattern_noise(i, 0, variation) for i in range(len(rows))]))
    steps = ModelInfo("").steps["pattern"]
    made = flow_sample(lambda x, t: network(x, t, told), noise, steps).numpy()[:, VOICE_ROWS]
    wanted = np.stack([row[0] for row in rows])[:, VOICE_ROWS] > ON_THRESHOLD
    shares = wanted.mean((0, 2))
    return {
        voice: float(np.clip(np.quantile(made[:, i], 1 - shares[i]), ON_THRESHOLD, 0.8))
        for i, voice in enumerate(VOICES)
    }


def run(settings: PatternSettings) -> dict[str, float]:
    """Train, or go on training; returns the last validation figures."""
    settings.use_threads()
    return run_loop(PatternTask(settings), settings)
