"""Songs to compare: some seconds of music each, as stems and their mix, all equally loud."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.spectra import Audio
from musika_daw.music.notes import MIX

_LEVEL_DB = -18.0  # of every mix, so that nothing is told apart by how loud it is
_SILENT = 1e-5
_LEAST_DB = -60.0
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Song:
    """`parts`: stem -> audio `[2, samples]` at 44.1 kHz; `mix` is among them."""

    parts: Mapping[str, Audio]

    @property
    def mix(self) -> Audio:
        return self.parts[MIX]


def heard_windows(audio: Audio, samples: int, count: int) -> NDArray[np.bool_]:
    """Which of the first windows of so many samples are not silent: silence is like nothing else, and no music."""
    windows = audio[:, : samples * count].reshape(2, count, samples).astype(np.float64)
    return np.asarray((windows**2).mean((0, 2)) > 10 ** (_LEAST_DB / 10), np.bool_)


def make_song(stems: Mapping[str, Audio]) -> Song:
    """Stems and the mix of them, brought to one level with one gain."""
    mix = np.asarray(sum(stems.values()), np.float32)
    rms = float(np.sqrt(np.mean(mix.astype(np.float64) ** 2)))
    gain = np.float32(10 ** (_LEVEL_DB / 20) / rms if rms > _SILENT else 1.0)
    return Song({name: audio * gain for name, audio in {**stems, MIX: mix}.items()})
