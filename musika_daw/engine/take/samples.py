"""Audio as the bytes that files hold."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

CHANNELS = 2
_DITHER_FRAMES = 65_537  # after which the noise repeats, 98 dB down


def packed(audio: NDArray[np.float32], sample_format: str, first_frame: int) -> tuple[bytes, int]:
    """Packs audio as interleaved little-endian samples.

    Args:
        audio: `[2, n]`, full scale at 1.0, finite.
        sample_format: `pcm16`, `pcm24` or `float32`.
        first_frame: place of the first sample in its file, where the dither of 16 bits goes on: files do not depend
            on how they were cut into blocks.

    Returns:
        The bytes, and how many samples lay beyond full scale and were clipped. Floats keep them.
    """
    if sample_format == "float32":
        return np.ascontiguousarray(audio.T, dtype="<f4").tobytes(), 0
    if sample_format == "pcm16":
        return pcm16(audio, first_frame)
    return pcm24(audio)


def pcm24(audio: NDArray[np.float32]) -> tuple[bytes, int]:
    """Packs audio as 24-bit samples; see `packed`. Each is off by at most half a step of 2**-23, so sums of stems are
    off by at most half a step per file."""
    scaled, clipped = _steps(audio, 2**23)
    wide = scaled.astype("<i4").reshape(-1).view(np.uint8).reshape(-1, 4)
    bytes_ = np.empty((len(wide), 3), np.uint8)
    for i in range(3):  # column by column: four times as fast as copying wide[:, :3]
        bytes_[:, i] = wide[:, i]
    return bytes_.tobytes(), clipped


def pcm16(audio: NDArray[np.float32], first_frame: int) -> tuple[bytes, int]:
    """Packs audio as 16-bit samples with triangular dither of one step (Lipshitz, Wannamaker & Vanderkooy 1992), so
    that quiet tails end in noise, not in distortion; digital silence stays silent."""
    places = (first_frame + np.arange(audio.shape[1])) % _DITHER_FRAMES
    noise = _dither()[:, places] / np.float32(2**15)
    scaled, clipped = _steps(np.where(audio == 0, np.float32(0), audio + noise), 2**15)
    return scaled.astype("<i2").tobytes(), clipped


@functools.cache
def _dither() -> NDArray[np.float32]:
    """Triangular noise in steps, `[2, n]`; of a fixed seed: the same render makes the same bytes."""
    generator = np.random.default_rng(16)
    return (generator.random((CHANNELS, _DITHER_FRAMES)) - generator.random((CHANNELS, _DITHER_FRAMES))).astype("f4")


def _steps(audio: NDArray[np.float32], full_scale: int) -> tuple[NDArray[np.float32], int]:
    """`[2, n]` -> whole steps `[n, 2]`, and how many had to be clipped."""
    scaled = np.empty((audio.shape[1], CHANNELS), np.float32)
    np.multiply(audio.T, np.float32(full_scale), out=scaled)
    np.rint(scaled, out=scaled)
    clipped = 0
    if scaled.size and (scaled.max() > full_scale - 1 or scaled.min() < -full_scale):
        clipped = int(np.count_nonzero((scaled > full_scale - 1) | (scaled < -full_scale)))
        np.clip(scaled, -full_scale, full_scale - 1, out=scaled)
    return scaled, clipped
