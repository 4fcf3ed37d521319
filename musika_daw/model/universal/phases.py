"""Phases for magnitudes: random ones keyed by position, and a few rounds of Griffin and Lim's for tones.

Tones lie below 5.5 kHz, so the rounds run on spectra that end there, a quarter as long as the sound's: the same frames
in time, the same bins. Each round looks three spectral frames further; phases are thus a function of the magnitudes
around them and of their position in the song.
"""

from __future__ import annotations

import torch
from torch import Tensor

from musika_daw.model.stft import istft, stft
from musika_daw.model.universal.layout import BINS, HOP, TONES, N

ROUNDS = 8
_MOMENTUM = 0.9  # fast Griffin-Lim (Perraudin et al. 2013)
_DECIMATION = N // (2 * TONES)
REACH = 3 * (ROUNDS + 1)
"""Spectral frames on either side that the phase of a frame depends on."""
PHASE_FRAMES = 509  # prime: nothing musical repeats with them


def phase_table() -> Tensor:
    """Unit phasors `[PHASE_FRAMES, BINS]`, complex."""
    generator = torch.Generator().manual_seed(21)
    angle = torch.rand(PHASE_FRAMES, BINS, generator=generator) * (2 * torch.pi)
    return torch.polar(torch.ones_like(angle), angle)


def phases_at(table: Tensor, first: int, count: int) -> Tensor:
    """Rows of the table for spectral frames `first`, `first + 1` … of a song."""
    return table[(torch.arange(count, device=table.device) + first) % PHASE_FRAMES]


def tone_phases(magnitudes: Tensor, start: Tensor, rounds: int = ROUNDS) -> Tensor:
    """Phasors that fit magnitudes `[B, K, TONES]`, from phasors `[B, K, TONES]`; complex, of unit size."""
    n, hop = N // _DECIMATION, HOP // _DECIMATION
    full = torch.nn.functional.pad(magnitudes, (0, 1))
    phasors = torch.nn.functional.pad(start, (0, 1))
    before: Tensor | None = None
    for _ in range(rounds):
        consistent = stft(istft(full * phasors, n, hop), n, hop)
        ahead = consistent if before is None else consistent + _MOMENTUM * (consistent - before)
        before = consistent
        phasors = ahead / (ahead.abs() + 1e-9)
    return phasors[..., :TONES]
