"""An endless song of an official model: sound is a function of model, seed and place, made where it is asked for.

The generator makes patches, the decoders blocks within them; both lie at fixed places and are always computed in the
same shapes, so a stretch alone equals the same stretch of a longer one bit for bit. The generator's norms look over the
whole patch: a changed style changes all of it, and is brought in by a crossfade between two songs (`Splice`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.model.official.codec import BLOCK_UNITS, Decoders
from musika_daw.model.official.coordinates import (
    DEFAULT_TRUNCATION,
    STREAM_DECODER_NOISE,
    STREAM_GENERATOR_NOISE,
    coordinates_at,
    style_vector,
)
from musika_daw.model.official.noise import KeyedNoise
from musika_daw.model.official.signal import overlap_add
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.remember import remember

Audio = NDArray[np.float32]
StyleCurve = Callable[[NDArray[np.int64]], NDArray[np.float32]]
"""Rows of the song -> a style vector for each, `[len(rows), coordinates]`."""
ConditionCurve = Callable[[NDArray[np.int64]], NDArray[np.float32]]
"""Rows of the song -> conditioning of each, `[len(rows), conditions]` (see `condition_rows`)."""


class OfficialSong:
    """What one seed plays. Not for several threads at once: the blocks made last are kept."""

    def __init__(
        self,
        generator: nn.Module,
        decoders: Decoders,
        seed: int,
        truncation: float = DEFAULT_TRUNCATION,
        noise: bool = True,
        style: StyleCurve | None = None,
        conditions: ConditionCurve | None = None,
    ) -> None:
        """
        Args:
            truncation: anchors and the seed's style lie within ±truncation; lower is plainer.
            noise: whether the networks add the noise they were trained with; seeded, so repeatable either way.
            style: style vectors over the song; without it that of the seed.
            conditions: conditioning over the song; without it zeros, the middle of every signal.
        """
        self.size: OfficialSize = decoders.size
        self._generator, self._decoders = generator, decoders
        self._seed, self._truncation, self._noise = seed, truncation, noise
        self._style, self._conditions = style or self._own_style, conditions or self._no_conditions
        self.block_samples = BLOCK_UNITS * self.size.unit_samples
        self._blocks_per_patch = self.size.patch // (BLOCK_UNITS * self.size.unit_latents)
        # Whoever looks for beats reads further than what is heard, and comes back: 30 s are kept (11 MB a stem).
        self._patch = remember(self._make_patch, 3)
        self._block = remember(self._make_block, max(4, round(30 * self.sample_rate / self.block_samples)))

    @property
    def sample_rate(self) -> int:
        return self.size.sample_rate

    @property
    def channels(self) -> int:
        """Left and right of every stem."""
        return 2 * self.size.stems

    def latents(self, patch: int) -> Tensor:
        """Latents of a patch, `[latent_channels, patch]`."""
        return self._patch(patch)

    def audio(self, start: int, end: int) -> Audio:
        """Samples `[start, end)`, `[channels, end - start]` within ±1; before the song's start there is silence."""
        out = np.zeros((self.channels, max(end - start, 0)), np.float32)
        tail = self.size.fft - self.size.hop
        for block in range(max((start - tail) // self.block_samples, 0), -(-end // self.block_samples)):
            sound, origin = self._block(block), block * self.block_samples
            first, last = max(start, origin), min(end, origin + sound.shape[1])
            out[:, first - start : last - start] += sound[:, first - origin : last - origin]
        return np.clip(out, -1, 1, out=out)

    def _own_style(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        vector = style_vector(self._seed, self._truncation, self.size)
        return np.broadcast_to(vector, (len(rows), self.size.coordinates))

    def _no_conditions(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        return np.zeros((len(rows), self.size.conditions), np.float32)

    @torch.inference_mode()
    def _make_patch(self, patch: int) -> Tensor:
        rows = np.arange(patch * self.size.patch, (patch + 1) * self.size.patch, dtype=np.int64)
        parts = [coordinates_at(self._seed, rows, self._truncation, self.size), self._style(rows)]
        parts += [np.zeros((len(rows), self.size.extra_inputs), np.float32), self._conditions(rows)]
        inputs = torch.from_numpy(np.concatenate(parts, 1).T.copy())
        noise = KeyedNoise(self._seed, STREAM_GENERATOR_NOISE, [patch]) if self._noise else None
        latents: Tensor = self._generator(inputs[None], noise)
        return latents[0]

    def _make_block(self, block: int) -> Audio:
        """What the frames of a block sound like, their last three hops reaching into the next block."""
        patch, place = divmod(block, self._blocks_per_patch)
        width = BLOCK_UNITS * self.size.unit_latents
        latents = self._patch(patch)[:, place * width : (place + 1) * width]
        noise = None
        if self._noise:
            first, channels = block * BLOCK_UNITS, self.channels
            units = [channels * (first + unit) + c for c in range(channels) for unit in range(BLOCK_UNITS)]
            noise = KeyedNoise(self._seed, STREAM_DECODER_NOISE, units)
        with torch.inference_mode():
            sound = overlap_add(self._decoders.frames(latents, noise))
        return np.asarray(sound.numpy(), np.float32)


class Splice:
    """One song until a sample, another from there, with a crossfade of equal power."""

    def __init__(self, before: OfficialSong, after: OfficialSong, at: int, fade_samples: int) -> None:
        self._before, self._after, self._at, self._fade = before, after, at, fade_samples

    def audio(self, start: int, end: int) -> Audio:
        """Samples `[start, end)`, `[channels, end - start]`."""
        if end <= self._at:
            return self._before.audio(start, end)
        if start >= self._at + self._fade:
            return self._after.audio(start, end)
        share = np.clip((np.arange(start, end) - self._at + 0.5) / self._fade, 0, 1) * (np.pi / 2)
        faded = self._before.audio(start, end) * np.cos(share) + self._after.audio(start, end) * np.sin(share)
        return np.asarray(np.clip(faded, -1, 1), np.float32)
