"""Pictures of a training: originals above what it makes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Spectrogram = NDArray[np.float32]


def save_spectrograms(path: Path, pairs: Sequence[tuple[Spectrogram, Spectrogram]], sample_rate: int, hop: int) -> None:
    """Log spectrograms `[bins, T]` in -1..1, one pair in each column: the original above, what was made of it below."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, len(pairs), figsize=(4.5 * len(pairs), 6), squeeze=False, sharey=True)
    for column, pair in enumerate(pairs):
        for row, image in enumerate(pair):
            _draw(axes[row, column], image, sample_rate, hop)
    axes[0, 0].set_ylabel("original, kHz")
    axes[1, 0].set_ylabel("decoded, kHz")
    figure.tight_layout(pad=0.4)
    figure.savefig(path, dpi=60)
    plt.close(figure)


def save_latents(path: Path, pairs: Sequence[tuple[Spectrogram, Spectrogram]]) -> None:
    """Latents `[channels, T]` in about -1..1, one pair in each column: real ones above, made ones below."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, len(pairs), figsize=(6 * len(pairs), 6), squeeze=False)
    for column, pair in enumerate(pairs):
        for row, image in enumerate(pair):
            axes[row, column].imshow(image, aspect="auto", vmin=-1, vmax=1, cmap="coolwarm", interpolation="nearest")
            axes[row, column].tick_params(labelsize=7)
    axes[0, 0].set_ylabel("real, channel")
    axes[1, 0].set_ylabel("made, channel")
    figure.tight_layout(pad=0.4)
    figure.savefig(path, dpi=60)
    plt.close(figure)


def _draw(axis: Any, image: Spectrogram, sample_rate: int, hop: int) -> None:
    extent = (0.0, image.shape[1] * hop / sample_rate, 0.0, sample_rate / 2000)
    axis.imshow(image, origin="lower", aspect="auto", extent=extent, vmin=-0.9, vmax=0.6, cmap="magma")
    axis.tick_params(labelsize=7)
