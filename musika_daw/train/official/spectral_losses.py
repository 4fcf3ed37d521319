"""What the paper's autoencoders are trained on (section 3.1)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

MULTI_SCALE_HOPS = (64, 128, 256, 512)
_OVERLAP = 4  # FFT size over hop


def _magnitude(wave: Tensor, hop: int) -> Tensor:
    fft = _OVERLAP * hop
    spectrum = torch.fft.rfft(wave.unfold(1, fft, hop) * torch.hann_window(fft, device=wave.device), dim=2)
    # Not `abs`: it has no gradient at zero.
    return torch.sqrt(torch.view_as_real(spectrum).square().sum(-1) + 1e-10)


def multi_scale_distance(wanted: Tensor, got: Tensor, hops: tuple[int, ...] = MULTI_SCALE_HOPS) -> Tensor:
    """Log of the mean distance between magnitudes, summed over hop sizes; waveforms `[B, samples]`."""
    total = wanted.new_zeros(())
    for hop in hops:
        apart = (_magnitude(wanted, hop) - _magnitude(got, hop)).abs().mean((1, 2))
        total = total + torch.log(apart + 1e-7).mean()
    return total


def judged_hinge(real: Tensor, made: Tensor) -> Tensor:
    """Hinge loss of a critic on its verdicts."""
    return F.relu(1 - real).mean() + F.relu(1 + made).mean()
