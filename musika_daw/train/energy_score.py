"""A distance for sound that is partly noise: the energy score of short-time spectra.

A plain distance between log spectra is least for a decoder that gives the middle of all noises, which is no noise. The
energy score of two takes y, y' that differ only in their noise, d(x, y) + d(x, y') - d(y, y'), is least for a decoder
whose takes differ from each other as much as they differ from the original (Gneiting and Raftery 2007; Gritsenko et al.
2020 for speech).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor

from musika_daw.model.bands import band_matrix
from musika_daw.model.drum_noise import SAMPLE_RATE
from musika_daw.model.stft import stft
from musika_daw.train.losses import FLOOR, magnitude

_POOLS = 24  # bands of the pooled energies
_LOW_HZ = 300
_POOLED_FROM = 256  # FFT sizes up to this one also compare energies of bands


@cache
def _pools(bins: int, device: torch.device) -> Tensor:
    return band_matrix(_POOLS, bins, linear=4).to(device)


def _score(original: Tensor, takes: Sequence[Tensor], distance_dim: int | None) -> Tensor:
    """Per frame the norm over `distance_dim`, or absolute differences where it is None; meaned."""

    def apart(a: Tensor, b: Tensor) -> Tensor:
        difference = a - b
        if distance_dim is None:
            return difference.abs().mean()
        return torch.sqrt(difference.square().sum(distance_dim) + 1e-9).mean((1,))

    one, other = takes
    return apart(original, one) + apart(original, other) - apart(one, other)


def energy_score(original: Tensor, takes: tuple[Tensor, Tensor], n: int) -> Tensor:
    """Of waveforms `[B, L]` at one FFT size: log magnitudes, whole frames, and for short ones band energies."""
    with torch.no_grad():
        wanted = magnitude(stft(original, n, n // 4))
    made = [magnitude(stft(take, n, n // 4)) for take in takes]
    logs = [(m + FLOOR).log() for m in (wanted, *made)]
    score: Tensor = 0.5 * _score(logs[0], logs[1:], None)
    # Few bins hold the kick, half of what is heard.
    low = 1 + round(_LOW_HZ * n / SAMPLE_RATE)
    score = score + 0.3 * _score(logs[0][..., :low], [log[..., :low] for log in logs[1:]], None)
    size = torch.linalg.norm(wanted, dim=2).mean(1) + 0.02
    score = score + 0.5 * (_score(wanted, made, 2) / size).mean()
    if n <= _POOLED_FROM:
        pools = _pools(wanted.shape[2], wanted.device)
        energies = [0.5 * torch.log(m.square() @ pools.T + FLOOR**2) for m in (wanted, *made)]
        score = score + 0.5 * _score(energies[0], energies[1:], None)
    return score
