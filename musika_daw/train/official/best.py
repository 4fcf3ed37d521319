"""The best step of a GAN training, kept: its last one is often not, and a GAN can collapse."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from torch import nn

from musika_daw.train.checkpoints import load_checkpoint, read_numbers, save_checkpoint

FILE = "best.safetensors"
_FAR = 1.3  # times the best distance
_OFTEN = 2  # validations in a row


class BestKept:
    """Networks as they were at the smallest validation distance, over all sessions of a run."""

    def __init__(self, run: Path, tell: Callable[[str], None] | None = None) -> None:
        """
        Args:
            run: folder of the run, where the best is kept.
            tell: what says that a training has moved away from its best (default: a line on stderr).
        """
        self._path = run / FILE
        self._tell = tell or (lambda line: print(line, file=sys.stderr, flush=True))
        self._far = 0

    @property
    def distance(self) -> float:
        """The smallest distance so far; infinite before the first validation."""
        return float(read_numbers(self._path)["distance"]) if self._path.is_file() else float("inf")

    def offer(self, distance: float, spread: float, networks: Mapping[str, nn.Module]) -> None:
        """Keep the networks if they are the best; say so once when they have moved far away from it."""
        best = self.distance
        if distance < best:
            self._far = 0
            save_checkpoint(self._path, networks, {}, {"distance": distance, "spread": spread})
            return
        self._far = self._far + 1 if distance > _FAR * best else 0
        if self._far == _OFTEN:
            self._tell(
                f"this training moves away from the music: its distance was {best:.3g} and is {distance:.3g} (spread "
                f"{spread:.2f} of the music's); the networks of its best step are kept"
            )

    def restore(self, networks: Mapping[str, nn.Module]) -> float:
        """Give the best back to networks, where there is one; returns its distance."""
        if self._path.is_file():
            load_checkpoint(self._path, networks, {})
        return self.distance
