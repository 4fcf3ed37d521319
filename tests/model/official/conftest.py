"""Narrow official networks with random weights, as `.h5` files; where reference outputs of the official code lie."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from musika_daw.model.official.exporter import write_network
from musika_daw.model.official.layers import AddNoise
from musika_daw.model.official.networks import make_network, network_names
from musika_daw.model.official.sizes import OfficialSize

VARIABLE = "MUSIKA_DAW_REFERENCES"
_BESIDE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "official_fixtures"

SIZES = {
    "44k": OfficialSize(hop=32, base=8),
    "44k-wide": OfficialSize(hop=64, base=8),
    "44k-small": OfficialSize(hop=32, base=8, small=True),
    "22k": OfficialSize("musika-22k", hop=32, base=8),
    "22k-129": OfficialSize("musika-22k", hop=32, base=8, extra_inputs=1),
}


@pytest.fixture(scope="session")
def references() -> Path:
    folder = Path(os.environ.get(VARIABLE) or _BESIDE)
    if not (folder / "chain.npz").is_file():
        pytest.skip(f"no reference outputs of the official code in {folder} (set {VARIABLE})")
    return folder


def make_random(size: OfficialSize, seed: int = 5) -> dict[str, nn.Module]:
    """Every network, with random biases and noise weights too: zeros would hide mistakes."""
    torch.manual_seed(seed)
    networks = {}
    for name in network_names(size):
        network = make_network(name, size)
        for module in network.modules():
            if isinstance(module, AddNoise):
                nn.init.constant_(module.weight, 0.1)
            if isinstance(module, nn.BatchNorm1d):
                assert module.running_mean is not None and module.running_var is not None
                nn.init.normal_(module.running_mean, std=0.1)
                nn.init.uniform_(module.running_var, 0.5, 1.5)
            bias = getattr(module, "bias", None)
            if isinstance(bias, nn.Parameter):
                nn.init.normal_(bias, std=0.1)
        networks[name] = network.requires_grad_(False).eval()
    return networks


@pytest.fixture(scope="session")
def write_h5(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Folder of the `.h5` files of a size, by its name in `SIZES`."""
    pytest.importorskip("h5py")
    made: dict[str, Path] = {}

    def write(kind: str) -> Path:
        if kind not in made:
            folder = tmp_path_factory.mktemp(kind)
            for name, network in make_random(SIZES[kind]).items():
                write_network(folder / ("gen_ema.h5" if name == "gen" else f"{name}.h5"), network)
            made[kind] = folder
        return made[kind]

    return write
