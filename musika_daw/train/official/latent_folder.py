"""Encoded music on disk: each song one `NAME.npy`, float32 `[T, 2 depth stems]`, left then right of each stem.

That is how the official program keeps them too, of one stem. Beside it lies `NAME.labels.json`, where the music was
labelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musika_daw.errors import UserError
from musika_daw.model.official.conditions import BEAT_SIGNALS, CONDITION_SIGNALS, condition_channels, condition_rows
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.labels import DensityScale, MusicLabels, labels_beside, read_labels
from musika_daw.train.official.encoding import Encoding

_ONE_OF = 12  # is held out
# Music of which less than this is locked is trained without beat phase and tempo.
LEAST_LOCKED = 0.2


@dataclass(frozen=True)
class EncodedFile:
    """Latents `[T, latent_channels]` of a song, and its conditioning `[T, conditions]`."""

    path: Path
    latents: NDArray[np.float32]
    conditions: NDArray[np.float32]


@dataclass(frozen=True)
class _Part:
    """Rows `[first, last)` of a file."""

    file: EncodedFile
    first: int
    last: int


class LatentFolder:
    """A folder of encoded music, cut in windows of two patches.

    Attributes:
        size: of networks that make such latents.
        stems: whose latents they are.
        signals: what is known of each latent; none of music without labels, no beat of music without a steady one.
        density_scales: what the densities of each stem mean.
    """

    def __init__(self, folder: Path, size: OfficialSize) -> None:
        paths = sorted(folder.rglob("*.npy")) if folder.is_dir() else []
        if not paths:
            raise UserError(f"{folder} holds no latents: make some with 'musika-daw data encode'")
        self.stems = Encoding.read(folder, size).stems
        size = replace(size, stems=len(self.stems))
        latents = [_load(path, size) for path in paths]
        times = [(np.arange(len(rows)) + 0.5) * size.latent_samples / size.sample_rate for rows in latents]
        labels = [found for path in paths if (found := _labels(path)) is not None]
        self.signals: tuple[str, ...] = ()
        self.density_scales: tuple[DensityScale, ...] = ()
        conditions = [np.zeros((len(rows), 0), np.float32) for rows in latents]
        if len(labels) == len(paths):
            rates = [found.onset_rates(at) for found, at in zip(labels, times, strict=True)]
            if any(rate.shape[1] != size.stems for rate in rates):
                raise UserError(f"{folder}: the labels are of other stems than the latents: delete and label again")
            self.density_scales = tuple(DensityScale.of(stem) for stem in np.concatenate(rates).T)
            self.signals = _signals(labels)
            conditions = [
                condition_rows(self.signals, self._density(rate), *found.beat_positions(at))
                for found, rate, at in zip(labels, rates, times, strict=True)
            ]
        elif labels:
            raise UserError(
                f"{folder}: {len(paths) - len(labels)} of {len(paths)} files have no labels: label all or none"
            )
        self.size = replace(size, conditions=condition_channels(self.signals, size.stems))
        self._width = 2 * size.patch
        files = [EncodedFile(*parts) for parts in zip(paths, latents, conditions, strict=True)]
        self.training, self.held_out = self._split(files)

    def _density(self, rates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Onset rates of every stem `[T, stems]` -> densities."""
        return np.stack([scale.density(rate) for scale, rate in zip(self.density_scales, rates.T, strict=True)], 1)

    def _split(self, files: Sequence[EncodedFile]) -> tuple[list[_Part], list[_Part]]:
        """Every twelfth file is held out, or of few files the last twelfth of each; none, if that is too short."""
        if len(files) >= _ONE_OF:
            parts = [(_Part(f, 0, len(f.latents)), i % _ONE_OF == _ONE_OF - 1) for i, f in enumerate(files)]
        else:
            borders = [len(f.latents) - len(f.latents) // _ONE_OF for f in files]
            parts = [(_Part(f, 0, border), False) for f, border in zip(files, borders, strict=True)]
            parts += [(_Part(f, border, len(f.latents)), True) for f, border in zip(files, borders, strict=True)]
        long = [(part, held) for part, held in parts if part.last - part.first >= self._width]
        training = [part for part, held in long if not held]
        if not training:
            raise UserError(f"too little music: expected files longer than {self._width} latents")
        return training, [part for part, held in long if held] or training

    def draw(
        self, generator: np.random.Generator, parts: Sequence[_Part], batch: int, rows: slice | None = None
    ) -> tuple[Tensor, Tensor]:
        """Rows of a batch: latents `[rows, latent_channels, 2 patch]` and conditioning `[rows, conditions, 2 patch]`.

        All of the batch is drawn, and only the rows are read: processes that share a batch need not know of each other.
        """
        starts = np.array([part.last - part.first - self._width + 1 for part in parts], np.float64)
        chosen = generator.choice(len(parts), batch, p=starts / starts.sum())
        positions = generator.random(batch)
        windows = []
        for place, position in list(zip(chosen, positions, strict=True))[rows or slice(None)]:
            part = parts[place]
            first = part.first + int(position * starts[place])
            windows.append((part.file, slice(first, first + self._width)))
        latents = np.stack([file.latents[where].T for file, where in windows])
        conditions = np.stack([file.conditions[where].T for file, where in windows])
        return torch.from_numpy(latents), torch.from_numpy(conditions)


def _load(path: Path, size: OfficialSize) -> NDArray[np.float32]:
    try:
        latents: NDArray[np.float32] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as latents ({error})") from error
    if latents.ndim != 2 or latents.shape[1] != size.latent_channels or latents.dtype != np.float32:
        found = f"{latents.dtype} {latents.shape}"
        expected = f"float32 (T, {size.latent_channels})"
        raise UserError(f"{path} holds {found}: expected {expected}, as this autoencoder makes")
    return latents


def _signals(labels: Sequence[MusicLabels]) -> tuple[str, ...]:
    locked = sum(found.locked_share * found.seconds for found in labels) / sum(found.seconds for found in labels)
    return tuple(name for name in CONDITION_SIGNALS if name not in BEAT_SIGNALS or locked >= LEAST_LOCKED)


def _labels(path: Path) -> MusicLabels | None:
    labels = labels_beside(path)
    return read_labels(labels) if labels.exists() else None
