"""Noise in training: drawn for the whole batch, so that every process that shares it adds what one alone would."""

from __future__ import annotations

import torch
from torch import Tensor


class BatchNoise:
    """`(items, frames) -> Tensor[items, 1, frames]` for this process's rows of a batch.

    Networks that see `n` parts of every excerpt get all first parts before all second ones, `n * rows` items.
    """

    def __init__(self, generator: torch.Generator, batch: int, rows: slice, device: torch.device) -> None:
        self._generator, self._batch, self._rows, self._device = generator, batch, rows, device

    def __call__(self, items: int, frames: int) -> Tensor:
        parts = items // (self._rows.stop - self._rows.start)
        whole = torch.randn(parts, self._batch, 1, frames, generator=self._generator)
        return whole[:, self._rows].reshape(items, 1, frames).to(self._device)
