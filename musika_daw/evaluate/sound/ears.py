"""The two taggers that judge: MusiCNN trained on MagnaTagATune (MTT) and on the Million Song Dataset (MSD)."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
import torch
from numpy.typing import NDArray

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono
from musika_daw.errors import UserError
from musika_daw.evaluate.report.mel import mel_power
from musika_daw.evaluate.report.musicnn import BANDS, FFT, HOP, RATE, MusicNN, find_musicnn

EARS = ("MTT", "MSD")
_WINDOW = 187  # frames, 3 s: what the taggers were trained on


@dataclass(frozen=True)
class Heard:
    """What an ear makes of an excerpt: mean embedding `[200]`, mean tag probabilities `[50]`."""

    vector: NDArray[np.float64]
    tags: NDArray[np.float64]


class Ear:
    """A tagger with the names of its tags."""

    def __init__(self, name: str) -> None:
        """
        Raises:
            UserError: the wheel with its weights is not installed.
        """
        checkpoint = find_musicnn(f"{name}_musicnn")
        if checkpoint is None:
            raise UserError("the weights of MusiCNN are not there: expected pip install --no-deps musicnn")
        self.name = name
        self.tags = _tag_names(checkpoint.parent / "configuration.py", name)
        self._network = MusicNN.load(checkpoint)

    def hear(self, sound: Audio) -> Heard:
        """Whole windows of 3 s; of a shorter sound one, padded with silence."""
        low = soxr.resample(mono(sound), SAMPLE_RATE, RATE)
        level = np.log10(10000 * mel_power(low, RATE, FFT, HOP, BANDS) + 1)
        if len(level) < _WINDOW:
            level = np.pad(level, ((0, _WINDOW - len(level)), (0, 0)))
        count = len(level) // _WINDOW
        windows = torch.from_numpy(level[: count * _WINDOW].reshape(count, _WINDOW, BANDS).astype(np.float32))
        vectors, tags = self._network.penultimate(windows), self._network.tags(windows)
        return Heard(vectors.mean(0).double().numpy(), tags.mean(0).double().numpy())


def _tag_names(configuration: Path, name: str) -> list[str]:
    """The list `<name>_LABELS` of the package, which is read and not run."""
    for node in ast.parse(configuration.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == f"{name}_LABELS":
            return list(ast.literal_eval(node.value))
    raise UserError(f"{configuration} names no tags of {name}: expected the package musicnn 0.1.0")
