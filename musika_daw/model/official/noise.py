"""The noise that official networks add at inference, keyed by place: a song comes out the same however it is cut."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musika_daw.model.coordinates import keyed_generator


class KeyedNoise:
    """One generator of random numbers for each item of a batch; networks take from it frame by frame.

    Use it for one batch: every call goes on where the one before ended.
    """

    def __init__(self, seed: int, stream: int, indices: list[int]) -> None:
        self._generators = [keyed_generator(seed, stream, index) for index in indices]

    def __call__(self, batch: int, frames: int) -> Tensor:
        if batch != len(self._generators):
            raise ValueError(f"noise for {len(self._generators)} items, not {batch}")
        values: NDArray[np.float32] = np.stack([g.standard_normal(frames, np.float32) for g in self._generators])
        return torch.from_numpy(values)[:, None]


class RandomNoise:
    """Noise for training, from one generator."""

    def __init__(self, generator: torch.Generator, device: torch.device) -> None:
        self._generator, self._device = generator, device

    def __call__(self, batch: int, frames: int) -> Tensor:
        return torch.randn(batch, 1, frames, generator=self._generator, device=self._device)
