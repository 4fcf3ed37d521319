"""Log-mel spectrograms as small PNG files (a colour a byte), in the paper's manner; axes are drawn by the page."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from musika_daw.analysis.filterbanks import mel_bands
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono

LOW_HZ, HIGH_HZ = 30.0, 16_000.0
BANDS = 128
_FFT = 4096
_RANGE_DB = 70.0
_MAX_COLUMNS = 1200


def save_picture(path: Path, audio: Audio) -> None:
    """The spectrogram of `[2, samples]`, one pixel a band and a moment; lows at the bottom."""
    level = mel_level(audio)
    shades = np.clip(1 + (level - level.max()) / _RANGE_DB, 0, 1) * 255
    path.write_bytes(png(np.flipud(shades.T).astype(np.uint8), magma()))


def mel_level(audio: Audio) -> NDArray[np.float64]:
    """dB in mel bands, `[moments, BANDS]`."""
    hop = max(512, -(-audio.shape[1] // _MAX_COLUMNS))
    padded = np.pad(mono(audio), _FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::hop] * np.hanning(_FFT)
    power = np.abs(rfft(frames, axis=1)) ** 2 @ mel_bands(SAMPLE_RATE, _FFT, BANDS, LOW_HZ, HIGH_HZ)
    return np.asarray(10 * np.log10(power + 1e-10), np.float64)


@cache
def magma() -> bytes:
    """The colours of matplotlib's magma, 256 times red, green, blue."""
    from matplotlib import colormaps

    return bytes((colormaps["magma"](np.arange(256), bytes=True)[:, :3]).tobytes())


def png(pixels: NDArray[np.uint8], palette: bytes) -> bytes:
    """An image `[rows, columns]` of places in a palette (PNG specification, colour type 3)."""
    rows, columns = pixels.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    lines = np.hstack([np.zeros((rows, 1), np.uint8), pixels]).tobytes()  # each begins with its filter: none
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
