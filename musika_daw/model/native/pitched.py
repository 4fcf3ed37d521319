"""The element-wise part of the pitched decoder, natively: the twin of what `PitchedAutoencoder.spectra` does."""

from __future__ import annotations

import ctypes

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_LANES = 8  # that kernels write at once
_MAX_BANDS, _MAX_BINS = 136, 1024


class _Bands(ctypes.Structure):
    _fields_ = [
        ("bands", ctypes.c_int32),
        ("used", ctypes.c_int32),
        ("starts", ctypes.c_void_p),
        ("share", ctypes.c_void_p),
    ]


class PitchedKernels:
    """Agrees with its twin to -120 dB."""

    def __init__(self, library: ctypes.CDLL, bands: Tensor, noise: Tensor) -> None:
        """`bands`: triangles `[bands, bins]` as of `band_matrix`; `noise`: `[2, frames, bins, 2]`."""
        if bands.shape[0] > _MAX_BANDS or bands.shape[1] > _MAX_BINS:
            raise ValueError(f"expected at most {_MAX_BANDS} bands of {_MAX_BINS} bins, got {list(bands.shape)}")
        self._library = library
        self._noise = noise.contiguous()
        self._count, self._used = bands.shape
        self._starts, self._share = _segments(bands.numpy())
        self._inverse = (1.0 / bands.sum(1)).contiguous()
        self._layout = _Bands(self._count, self._used, self._starts.ctypes.data, self._share.ctypes.data)

    def features(self, source: Tensor) -> Tensor:
        """Complex `[B, C, T, bins]`, bins side by side -> log features `[B, C * bands, T]`, stored by frames."""
        batch, channels, frames, _ = source.shape
        out = torch.empty(batch, frames, channels * self._count)
        for one in range(batch):
            self._library.band_features(
                ctypes.addressof(self._layout),
                self._inverse.data_ptr(),
                source[one].data_ptr(),
                2 * source.stride(1),
                2 * source.stride(2),
                channels,
                frames,
                out[one].data_ptr(),
            )
        return out.transpose(1, 2)

    def spectra(self, net: Tensor, source: Tensor, first: int, bins: int) -> Tensor:
        """The head's output `[B, 6 * bands, T]` and complex `[B, 3, T, used]` -> complex `[B, 2, T, bins]`.

        `first`: position of the first frame in the song.
        """
        batch, _, frames = net.shape
        rows = net.transpose(1, 2).contiguous()
        out = torch.empty(batch, 2, frames, bins, dtype=torch.complex64)
        for one in range(batch):
            self._library.pitched_spectra(
                ctypes.addressof(self._layout),
                rows[one].data_ptr(),
                frames,
                source[one].data_ptr(),
                2 * source.stride(1),
                2 * source.stride(2),
                self._noise.data_ptr(),
                self._noise.shape[1],
                first % self._noise.shape[1],
                out[one].data_ptr(),
                bins,
            )
        return out


def _segments(bands: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """First bin of each segment between neighbouring centres, and each bin's share of its upper band."""
    count, used = bands.shape
    lower = np.minimum((bands > 0).argmax(0), count - 2)
    starts = np.searchsorted(lower, np.arange(count)).astype(np.int32)
    starts[-1] = used
    share = np.zeros(used + _LANES, np.float32)
    share[:used] = bands[lower + 1, np.arange(used)]
    return starts, share
