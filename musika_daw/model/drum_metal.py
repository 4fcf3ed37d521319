"""The ringing metal of hats and cymbals: six square waves that never meet, as in the drum machines of 1980.

A network cannot hold the phase of a steady tone, oscillators can: their lines lie where the style's `hat_tone_hz` puts
them and run through from the start of the song; the decoder says how loud they are, band by band.
"""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musika_daw.model.drum_noise import BLOCK, SAMPLE_RATE, place_in_bands

RATIOS = (2.0, 3.0, 4.16, 5.43, 6.79, 8.21)
TONE_HZ = 6700.0
"""Where the style is not known."""
_LOWEST_HZ, _HIGHEST_HZ = 1000.0, 20000.0


@lru_cache(maxsize=512)
def _lines(tone_hz: float, bands: int) -> tuple[NDArray[np.float64], Tensor, Tensor]:
    """Cycles a sample of each line `[L]`, its share of the bands `[bands, L]`, and a block of it `[2 L, BLOCK]`.

    What lies above the Nyquist frequency is folded, as in the naive square waves of the machines' digital copies.
    """
    base = tone_hz / 12.5
    hz, strength = [], []
    for ratio in RATIOS:
        odd = np.arange(1, int(SAMPLE_RATE / (base * ratio)) + 1, 2)
        hz.append(base * ratio * odd)
        strength.append(4 / np.pi / odd)
    folded, amplitude = np.concatenate(hz), np.concatenate(strength)
    folded = np.where(folded > SAMPLE_RATE / 2, SAMPLE_RATE - folded, folded)
    heard = (folded > _LOWEST_HZ) & (folded < _HIGHEST_HZ)
    cycles, amplitude = folded[heard] / SAMPLE_RATE, amplitude[heard]
    shares = np.stack([np.maximum(0.0, 1.0 - np.abs(place_in_bands(folded[heard], bands) - b)) for b in range(bands)])
    angle = 2 * np.pi * np.outer(cycles, np.arange(BLOCK))
    basis = np.concatenate([np.cos(angle), -np.sin(angle)])
    return cycles, torch.from_numpy(shares * amplitude).float(), torch.from_numpy(basis).float()


def _ring(levels: Tensor, tone_hz: float, first_block: int) -> Tensor:
    """One tone: levels `[K + 1, bands]` -> `[K * BLOCK]`."""
    cycles, shares, basis = _lines(tone_hz, levels.shape[1])
    count = len(levels) - 1
    start = np.outer(first_block + np.arange(count, dtype=np.float64), cycles * BLOCK)
    device = levels.device
    shares, basis = shares.to(device), basis.to(device)
    angle = torch.from_numpy(((start + _offsets(len(cycles))) % 1.0 * (2 * np.pi)).astype(np.float32)).to(device)
    phasors = torch.cat([angle.cos(), angle.sin()], 1)
    loud = (levels @ shares).repeat(1, 2)
    both = torch.stack([phasors * loud[:-1], phasors * loud[1:]]) @ basis
    rise = (torch.arange(BLOCK, device=device) + 0.5) / BLOCK
    return torch.lerp(both[0], both[1], rise).reshape(-1)


@lru_cache(maxsize=64)
def _offsets(count: int) -> NDArray[np.float64]:
    """Phases at the start of the song, in cycles: all lines at zero would make a click there."""
    return np.random.default_rng(23).random(count)


def ring_metal(levels: Tensor, tones: NDArray[np.float64], first_block: int) -> Tensor:
    """Metal at `levels` `[B, K, bands]` (one for every `BLOCK` samples, joined by straight lines) -> `[B, K * BLOCK]`.

    `tones`: hertz `[B, K]`; `first_block`: position in the song.
    """
    made = []
    for of_item, item_tones in zip(torch.cat([levels, levels[:, -1:]], 1), tones, strict=True):
        starts = [0, *(np.flatnonzero(np.diff(item_tones)) + 1).tolist(), len(item_tones)]
        made.append(
            torch.cat(
                [
                    _ring(of_item[a : b + 1], float(item_tones[a]), first_block + a)
                    for a, b in itertools.pairwise(starts)
                ]
            )
        )
    return torch.stack(made)
