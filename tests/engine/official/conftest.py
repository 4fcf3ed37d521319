"""Narrow models of the official family with random weights, as model files, and sounds with a beat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from musika_daw.model.official.conditions import condition_channels, signal_channels
from musika_daw.model.official.layers import AddNoise
from musika_daw.model.official.networks import PLAYING, make_network
from musika_daw.model.official.official_file import official_info, save_official
from musika_daw.model.official.sizes import OfficialSize

RATE = 44100
SIGNALS = ("density", "tempo", "beat_phase")
SIZES = {
    "44k": OfficialSize(hop=32, base=8),
    "44k-small": OfficialSize(hop=32, base=8, small=True),
    "22k": OfficialSize("musika-22k", hop=32, base=8),
    "band": OfficialSize("musika-22k", hop=32, base=8, stems=3, conditions=condition_channels(SIGNALS, 3)),
}
BAND = ("drums", "bass", "vocals")


@pytest.fixture(scope="session")
def official_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The model file of a size, by its name in `SIZES`; `band` makes three stems and is told of density and beats."""
    folder = tmp_path_factory.mktemp("official")

    def make(kind: str) -> Path:
        path = folder / f"{kind}.safetensors"
        if not path.exists():
            torch.manual_seed(3)
            weights = {}
            for name in PLAYING:
                network = make_network(name, SIZES[kind])
                for module in network.modules():
                    if isinstance(module, AddNoise):
                        torch.nn.init.constant_(module.weight, 0.1)
                weights[name] = network.state_dict()
            info = official_info(kind, SIZES[kind])
            if kind == "band":
                info = replace(info, stems=BAND, signals=signal_channels(SIGNALS, len(BAND)))
            save_official(path, info, weights)
        return path

    return make


class Recorded:
    """A sound that is there already, as a source."""

    def __init__(self, sound: NDArray[np.float32]) -> None:
        self.sound = sound

    def audio(self, start: int, end: int) -> NDArray[np.float32]:
        out = np.zeros((len(self.sound), end - start), np.float32)
        first, last = max(start, 0), min(end, self.sound.shape[1])
        if first < last:
            out[:, first - start : last - start] = self.sound[:, first:last]
        return out
