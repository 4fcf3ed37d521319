"""Distances between spectra."""

from __future__ import annotations

import torch
from torch import Tensor

from musika_daw.model.stft import margin, stft

FLOOR = 1e-4  # -80 dB against a full-scale sine


def magnitude(spectrum: Tensor) -> Tensor:
    """Of a complex spectrum, with a gradient at zero."""
    energy: Tensor = spectrum.real.square() + spectrum.imag.square()
    return torch.sqrt(energy + 1e-10)


def spectral_distance(wanted: Tensor, got: Tensor) -> Tensor:
    """Log-magnitude L1 and spectral convergence of each excerpt, `[B, T, F]` magnitudes."""
    log_distance = ((wanted + FLOOR).log() - (got + FLOOR).log()).abs().mean()
    apart: Tensor = torch.linalg.norm(wanted - got, dim=(1, 2)) / (torch.linalg.norm(wanted, dim=(1, 2)) + 0.3)
    return 0.5 * log_distance + 0.5 * apart.mean()


def energy_distance(wanted: Tensor, got: Tensor, bands: Tensor) -> Tensor:
    """L1 between log energies of bands, each frame by itself.

    The mean log magnitude of beating partials lies below their level: without this term decoded stems are too quiet.
    """
    pooled = [torch.log(torch.einsum("bf,ntf->ntb", bands, m**2) + FLOOR**2) for m in (wanted, got)]
    return 0.5 * (pooled[0] - pooled[1]).abs().mean()


def multi_resolution_distance(wanted: Tensor, got: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """`spectral_distance` of waveforms `[B, L]` at several FFT sizes."""
    total = torch.zeros((), device=wanted.device)
    for n in sizes:
        spectra = [magnitude(stft(x, n, n // 4)) for x in (wanted, got)]
        total = total + spectral_distance(spectra[0], spectra[1])
    return total


def log_spectral_distance_db(wanted: Tensor, got: Tensor, n: int = 2048) -> Tensor:
    """Mean absolute difference in dB over bins and frames (floor -80 dB), waveforms `[B, L]`."""
    spectra = [20 * torch.log10(stft(x, n, n // 4).abs() + FLOOR) for x in (wanted, got)]
    return (spectra[0] - spectra[1]).abs().mean()


__all__ = [
    "energy_distance",
    "log_spectral_distance_db",
    "magnitude",
    "margin",
    "multi_resolution_distance",
    "spectral_distance",
]
