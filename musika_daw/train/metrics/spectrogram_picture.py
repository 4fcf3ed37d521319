"""Pictures to listen with the eyes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono, spectrogram


def save_spectrogram(
    path: Path, signals: Mapping[str, Audio], columns: int = 1, panel_inches: tuple[float, float] = (14.0, 2.6)
) -> None:
    """One log-frequency spectrogram (dB) per signal `[2, samples]`, row by row in `columns`."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows = -(-len(signals) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(panel_inches[0] * columns, panel_inches[1] * rows), squeeze=False
    )
    for axis, (title, audio) in zip(axes.flat, signals.items(), strict=False):
        level = 20 * np.log10(spectrogram(mono(audio), 2048, 512).T + 1e-5)
        seconds = np.arange(level.shape[1]) * 512 / SAMPLE_RATE
        hz = np.fft.rfftfreq(2048, 1 / SAMPLE_RATE)
        axis.pcolormesh(seconds, hz[1:], level[1:], vmin=-90, vmax=-10, cmap="magma", rasterized=True)
        axis.set_yscale("log")
        axis.set_ylim(30, 16000)
        axis.set_title(title, fontsize=8)
        axis.tick_params(labelsize=6)
    figure.tight_layout(pad=0.3)
    figure.savefig(path, dpi=70)
    plt.close(figure)
