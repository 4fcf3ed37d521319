"""The pattern net: makes the candidate notes and the harmony of a 16-bar phrase on the grid of sixteenths.

A flow over the pictures of `pattern_codec`. It is convolutional and never told which bar of the song it is in, only
where in the phrase: given the same noise in every bar it makes the same bar. So repetition is a matter of the noise,
and `variation` mixes noise that returns every loop with noise that never does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.model.bricks import ConditionedResidual, FrameNorm, initialise
from musika_daw.model.coordinates import STREAM_PATTERN_FRESH, STREAM_PATTERN_LOOP, keyed_generator, moving_share
from musika_daw.model.pattern_codec import CHANNELS, stem_channels
from musika_daw.model.style import GENRES
from musika_daw.music.grid import STEPS_PER_BAR
from musika_daw.music.harmony import MODES

PHRASE_BARS = 16
PHRASE_STEPS = PHRASE_BARS * STEPS_PER_BAR
_POSITION = 8 + 6 + 3
CONDITIONING = _POSITION + len(GENRES) + len(MODES) + 1

# Share of the looped noise's variance that returns every 4 bars only; the rest returns every bar.
LONG_LOOP_SHARE = {"drums": 0.4, "bass": 0.4, "chords": 0.35, "lead": 0.5, "harmony": 0.9}
LONG_LOOP_BARS = 4


@dataclass(frozen=True)
class PatternSize:
    width: int = 192
    conditioning: int = 96
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 1, 2, 4, 8)


class PatternNet(nn.Module):
    """`Tensor[B, CHANNELS, steps]` noisy, times `[B]`, conditioning `[B, CONDITIONING, steps]` -> clean pattern."""

    def __init__(self, size: PatternSize = PatternSize()) -> None:
        super().__init__()
        self.size = size
        self.embed = nn.Sequential(
            nn.Conv1d(CONDITIONING + 1, 2 * size.conditioning, 1),
            nn.SiLU(),
            nn.Conv1d(2 * size.conditioning, size.conditioning, 1),
            nn.SiLU(),
        )
        self.first = nn.Conv1d(CHANNELS, size.width, 3, padding=1)
        self.blocks = nn.ModuleList(ConditionedResidual(size.width, size.conditioning, d) for d in size.dilations)
        self.last = nn.Sequential(FrameNorm(size.width), nn.Conv1d(size.width, CHANNELS, 1))
        initialise(self)

    def forward(self, noisy: Tensor, t: Tensor, conditioning: Tensor) -> Tensor:
        time = (2 * t - 1)[:, None, None].expand(-1, 1, noisy.shape[2])
        embedded = self.embed(torch.cat([conditioning, time], 1))
        hidden = self.first(noisy)
        for block in self.blocks:
            hidden = block(hidden, embedded)
        clean: Tensor = self.last(hidden)
        return clean


def pattern_conditioning(genre: NDArray[np.float32], mode: str, swing: float, bars: int) -> NDArray[np.float32]:
    """Conditioning of the first `bars` bars of a phrase, `[CONDITIONING, bars * 16]`.

    `genre`: weights in -1..1 as in the style vector; `swing` in steps.
    """
    step = np.arange(bars * STEPS_PER_BAR)
    bar = step // STEPS_PER_BAR % PHRASE_BARS
    rows = []
    for cycles in (1, 2, 4, 8):
        angle = 2 * np.pi * cycles * step / STEPS_PER_BAR
        rows += [np.sin(angle), np.cos(angle + np.pi / 4 * (cycles == 8))]
    for length in (4, 8, 16):
        rows += [np.sin(2 * np.pi * bar / length), np.cos(2 * np.pi * bar / length)]
    rows += [np.where(bar % length == length - 1, 1.0, -1.0) for length in (4, 8, 16)]
    modes = [1.0 if mode == name else -1.0 for name in MODES]
    constant = np.concatenate([genre, modes, [6 * swing - 1]])[:, None]
    return np.asarray(np.concatenate([np.stack(rows), np.repeat(constant, len(step), 1)]), np.float32)


def pattern_noise(seed: int, phrase: int, variation: float) -> NDArray[np.float32]:
    """Noise of one phrase, `[CHANNELS, PHRASE_STEPS]`, standard normal at every place.

    At variation 0 it returns every bar (and in part every four bars) and is the same in every phrase; at 1 nothing
    returns. Held stems and density moves keep their tune because the noise stays.
    """
    fresh = keyed_generator(seed, STREAM_PATTERN_FRESH, phrase).standard_normal((CHANNELS, PHRASE_STEPS))

    def looped(bars: int, stream_index: int) -> NDArray[np.float64]:
        # The song's own loop, moved a little from phrase to phrase.
        shape = (CHANNELS, bars * STEPS_PER_BAR)
        song = keyed_generator(seed, STREAM_PATTERN_LOOP, stream_index).standard_normal(shape)
        own = keyed_generator(seed, STREAM_PATTERN_LOOP, 2 * (phrase + 1) + stream_index).standard_normal(shape)
        moved = min(1.0, 0.35 + 0.65 * variation) * moving_share(variation)
        mixed = np.sqrt(1 - moved**2) * song + moved * own
        return np.tile(mixed, PHRASE_BARS // bars)

    long_share = np.zeros((CHANNELS, 1))
    for stem, share in LONG_LOOP_SHARE.items():
        long_share[stem_channels(stem)] = share
    loop = np.sqrt(1 - long_share) * looped(1, 0) + np.sqrt(long_share) * looped(LONG_LOOP_BARS, 1)
    return np.asarray(np.sqrt(1 - variation**2) * loop + variation * fresh, np.float32)
