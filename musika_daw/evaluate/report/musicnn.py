"""MusiCNN (Pons & Serra 2019): a tagger trained on the Million Song Dataset, whose weights come in a wheel.

`pip install --no-deps musicnn` (ISC licence, 29 MB) brings them; the package itself, which needs an old TensorFlow, is
never imported: the network is rebuilt here, and its checkpoint read as it lies.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono
from musika_daw.evaluate.report.mel import mel_power
from musika_daw.evaluate.report.tensor_bundle import read_bundle
from musika_daw.train.metrics.frechet import Vectors

RATE, FFT, HOP, BANDS = 16000, 512, 256, 96
WINDOW_FRAMES = 63  # 1.0 s; pooling over time lets the network take any length
_EPSILON = 1e-3  # of TensorFlow's batch norms
_BATCH = 16
_SILENT = 1e-3  # of the log mel level
_CHECKPOINT = "MSD_musicnn"


def find_musicnn(name: str = _CHECKPOINT) -> Path | None:
    """A checkpoint in an installed `musicnn`, where there is one."""
    found = importlib.util.find_spec("musicnn")
    for folder in (found.submodule_search_locations or []) if found else []:
        checkpoint = Path(folder) / name
        if (checkpoint / ".index").is_file():
            return checkpoint
    return None


class MusicNN:
    """The network up to its penultimate layer: 200 numbers a window."""

    name = "MusiCNN"
    about = (
        "penultimate layer (200 numbers) of MusiCNN, a music tagger trained on the Million Song Dataset "
        "(Pons & Serra 2019); windows of 1.0 s, 96 mel bands at 16 kHz"
    )

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self._weights = {name: torch.from_numpy(array.copy()) for name, array in weights.items()}

    @staticmethod
    def load(folder: Path) -> MusicNN:
        """From a checkpoint's folder."""
        return MusicNN(read_bundle(folder))

    def embed(self, audio: Audio) -> Vectors:
        """Audio `[2, samples]` at 44.1 kHz -> `[windows, 200]`."""
        sound = soxr.resample(mono(audio), SAMPLE_RATE, RATE)
        level = np.log10(10000 * mel_power(sound, RATE, FFT, HOP, BANDS) + 1)
        whole = len(level) // WINDOW_FRAMES
        windows = level[: whole * WINDOW_FRAMES].reshape(whole, WINDOW_FRAMES, BANDS)
        heard = windows.max((1, 2)) > _SILENT
        parts = torch.from_numpy(windows[heard].astype(np.float32)).split(_BATCH)
        return np.concatenate([self.penultimate(part).numpy() for part in parts]).astype(np.float64)

    @torch.inference_mode()
    def penultimate(self, windows: Tensor) -> Tensor:
        """Log mel windows `[B, T, 96]` -> `[B, 200]`."""
        pooled = self._pool(self._middle(self._front(windows)))
        dense = F.relu(F.linear(pooled, self._weights["dense/kernel"].T, self._weights["dense/bias"]))
        return self._norm(dense, 10)

    @torch.inference_mode()
    def tags(self, windows: Tensor) -> Tensor:
        """Log mel windows `[B, T, 96]` -> likelihood of each of the 50 tags, `[B, 50]`."""
        logits = F.linear(self.penultimate(windows), self._weights["dense_1/kernel"].T, self._weights["dense_1/bias"])
        return torch.sigmoid(logits)

    def _front(self, windows: Tensor) -> Tensor:
        """Timbral and temporal filters, each pooled over frequency: `[B, T, 561]`."""
        image = self._norm(windows[..., None], 0)[..., 0][:, None]
        found = []
        for number in range(5):
            kernel = self._kernel(number)
            time = kernel.shape[2]
            before = (time - 1) // 2  # TensorFlow's "same" puts the odd one after
            padded = F.pad(image, (0, 0, before, time - 1 - before))
            filtered = F.relu(F.conv2d(padded, kernel, self._weights[_named("conv2d", number) + "/bias"]))
            found.append(self._norm(filtered.permute(0, 2, 3, 1), number + 1).amax(2))
        return torch.cat(found, 2)

    def _middle(self, features: Tensor) -> Tensor:
        """Three layers over time, two of them residual, beside what they were made of: `[B, T, 753]`."""
        layers = [features]
        for number in (5, 6, 7):
            kernel = self._kernel(number)[:, 0]  # [out, time, features]
            filtered = F.conv1d(
                layers[-1].transpose(1, 2),
                kernel.transpose(1, 2),
                self._weights[_named("conv2d", number) + "/bias"],
                padding=3,
            )
            normed = self._norm(F.relu(filtered).transpose(1, 2), number + 1)
            layers.append(normed if number == 5 else normed + layers[-1])
        return torch.cat(layers, 2)

    def _pool(self, features: Tensor) -> Tensor:
        """Maximum and mean of each feature side by side, normed: `[B, 1506]`."""
        both = torch.stack([features.amax(1), features.mean(1)], 2)
        return self._norm(both.flatten(1), 9)

    def _kernel(self, number: int) -> Tensor:
        """TensorFlow's `[time, frequency, in, out]` -> `[out, in, time, frequency]`."""
        return self._weights[_named("conv2d", number) + "/kernel"].permute(3, 2, 0, 1)

    def _norm(self, values: Tensor, number: int) -> Tensor:
        """Batch norm over the last axis, with the statistics of the training."""
        name = _named("batch_normalization", number)
        mean, variance = self._weights[f"{name}/moving_mean"], self._weights[f"{name}/moving_variance"]
        scale = self._weights[f"{name}/gamma"] * torch.rsqrt(variance + _EPSILON)
        return (values - mean) * scale + self._weights[f"{name}/beta"]


def _named(layer: str, number: int) -> str:
    """TensorFlow's name of a layer of its kind."""
    return f"{layer}_{number}" if number else layer
