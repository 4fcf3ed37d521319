"""Excerpts of music for the paper's autoencoders: one channel, two units long (section 4.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musika_daw.errors import UserError
from musika_daw.model.official.sizes import UNIT_FRAMES, OfficialSize
from musika_daw.train.music_folder import Stretch, read_stretch

UNITS = 2  # side by side, so that their border is trained too


def excerpt_samples(size: OfficialSize) -> int:
    """Samples of which exactly two units of spectral frames are made: 1.5 s officially."""
    return (UNITS * UNIT_FRAMES - 1) * size.hop + size.fft


class ExcerptSource:
    """Draws excerpts of music; every second of it is as likely as any other."""

    def __init__(self, stretches: Sequence[Stretch], size: OfficialSize) -> None:
        self._rate, self._samples = size.sample_rate, excerpt_samples(size)
        seconds = self._samples / self._rate
        self._stretches = [stretch for stretch in stretches if stretch.seconds >= seconds]
        if not self._stretches:
            raise UserError(f"too little music: expected files or parts of them longer than {seconds:.1f} s")
        lengths = np.array([stretch.seconds - seconds for stretch in self._stretches]) + 1e-9
        self._shares = lengths / lengths.sum()

    def draw(self, generator: np.random.Generator, batch: int, rows: slice | None = None) -> Tensor:
        """Rows of a batch, `[rows, samples]`, from the left or the right channel.

        All of the batch is drawn, and only the rows are read: processes that share a batch need not know of each other.
        """
        places = generator.choice(len(self._stretches), batch, p=self._shares)
        positions, channels = generator.random(batch), generator.integers(0, 2, batch)
        wanted = zip(places, positions, channels, strict=True)
        return torch.from_numpy(np.stack([self._read(*place) for place in list(wanted)[rows or slice(None)]]))

    def _read(self, place: int, position: float, channel: int) -> NDArray[np.float32]:
        stretch = self._stretches[place]
        first = round(stretch.start * self._rate)
        last = max(int(stretch.end * self._rate) - self._samples, first)
        start = first + int(position * (last - first))
        sound: NDArray[np.float32] = read_stretch(stretch.file, start, self._samples, self._rate)[channel]
        return sound
