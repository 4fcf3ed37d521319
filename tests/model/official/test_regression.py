"""Outputs stay what they were when they agreed with the official code: for where its reference outputs are not at hand.

`data/outputs.npz` holds 48 values of each network's output, made by running this file as a program.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.model.official.coordinates import coordinates_at, style_vector
from musika_daw.model.official.networks import make_network, network_names
from musika_daw.model.official.signal import log_spectrogram, resynthesise
from musika_daw.model.official.sizes import OfficialSize

_DATA = Path(__file__).parent / "data" / "outputs.npz"
_VALUES = 48
_SIZES = {
    "44k": OfficialSize(hop=32, base=8),
    "44k-small": OfficialSize(hop=32, base=8, small=True),
    "22k": OfficialSize("musika-22k", hop=32, base=8),
}


def _wave(*shape: int) -> Tensor:
    """Numbers that depend on no random generator."""
    count = int(np.prod(shape))
    places = np.arange(count, dtype=np.float64)
    return torch.from_numpy(np.sin(places * 0.7371 + 1e-3 * (places % 977) ** 1.5).astype(np.float32)).view(shape)


@torch.no_grad()
def _fill(network: nn.Module) -> nn.Module:
    for name, tensor in [*network.named_parameters(), *network.named_buffers()]:
        if name.endswith("running_var"):
            tensor.copy_(1 + 0.5 * _wave(*tensor.shape))
        elif tensor.is_floating_point():
            scale = 0.1 if tensor.dim() < 2 else (3.0 / tensor[0].numel()) ** 0.5
            tensor.copy_(_wave(*tensor.shape) * scale + (1.0 if name.endswith("norm.weight") else 0.0))
    return network.eval()


def _noise(batch: int, frames: int) -> Tensor:
    return _wave(batch, 1, frames)


@torch.no_grad()
def _output(name: str, size: OfficialSize) -> Tensor:
    network = _fill(make_network(name, size))
    match name:
        case "enc":
            return torch.as_tensor(network(_wave(2, size.bins, 64)))
        case "enc2":
            return torch.as_tensor(network(_wave(2, size.frame_depth, 64)))
        case "dec2":
            return torch.as_tensor(network(_wave(2, size.depth, size.unit_latents), _noise))
        case "dec":
            return torch.cat(network(_wave(2, size.frame_depth, 64), _noise), 1)
        case "gen":
            return torch.as_tensor(network(_wave(2, size.inputs, size.patch), _noise))
        case "critic_rec":
            return torch.as_tensor(network(_wave(2, 8 * size.base, 4)))
    judged = network(_wave(2, size.stereo_depth, 2 * size.patch))
    return torch.cat([part.flatten() for part in judged]) if isinstance(judged, tuple) else judged


def _others(size: OfficialSize) -> dict[str, Tensor]:
    rows = np.arange(-5, 900, 7)
    # Like noise: near the floor the logarithm magnifies the last bits, and every kind of processor has its own.
    sound = torch.from_numpy(np.sin(0.37 * np.arange(4000.0) ** 2).astype(np.float32))[None]
    return {
        "spectrogram": log_spectrogram(0.3 * sound, size.hop),
        "sound": resynthesise(_wave(1, size.bins, 20), _wave(1, size.bins, 20), size.hop),
        "coordinates": torch.from_numpy(coordinates_at(11, rows, 2.0, size)),
        "style": torch.from_numpy(style_vector(11, 2.0, size)),
    }


def _all() -> dict[str, NDArray[np.float32]]:
    outputs = {}
    for kind, size in _SIZES.items():
        made = {name: _output(name, size) for name in network_names(size)} | _others(size)
        for name, output in made.items():
            flat = output.flatten()
            outputs[f"{kind}/{name}"] = flat[:: max(len(flat) // _VALUES, 1)][:_VALUES].numpy()
    return outputs


def test_outputs_are_what_they_were() -> None:
    with np.load(_DATA) as file:
        wanted = dict(file)
    made = _all()
    assert made.keys() == wanted.keys()
    for name, values in made.items():
        assert values == pytest.approx(wanted[name], abs=1e-4 if "spectrogram" in name else 2e-5), name
        assert len(np.unique(values.round(4))) > 1 or len(values) == 1, name


if __name__ == "__main__":
    _DATA.parent.mkdir(exist_ok=True)
    np.savez_compressed(_DATA, **_all())  # type: ignore[arg-type]
    sys.stdout.write(f"{_DATA}\n")
