"""A packed model file is small, whole in memory, and plays what the model played."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from musika_daw.model.official.networks import make_network
from musika_daw.model.official.official_file import load_official, official_info, save_official, stored_networks
from musika_daw.model.official.packing import pack_official
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.model.official.song import OfficialSong

SIZE = OfficialSize("musika-22k", 32, base=8, depth=4, coordinates=4)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    torch.manual_seed(2)
    networks = {name: make_network(name, SIZE) for name in ("enc", "enc2", "dec", "dec2", "gen", "critic")}
    path = tmp_path / "whole.safetensors"
    info = official_info("whole", SIZE, "the trainer's own")
    save_official(path, info, {name: network.state_dict() for name, network in networks.items()})
    return path


def test_packed_files_are_half_as_large_and_play_the_same(model: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed.safetensors"
    pack_official(str(model), packed, "CC-BY-4.0", {"corpus": "piano"})
    assert packed.stat().st_size < 0.5 * model.stat().st_size
    assert "critic" not in stored_networks(str(packed))
    read = load_official(str(packed))
    assert read.info.licence == "CC-BY-4.0" and read.info.training["corpus"] == "piano"
    assert all(p.dtype == torch.float32 for network in read.networks.values() for p in network.parameters())
    whole = load_official(str(model))
    songs = [OfficialSong(m.networks["gen"], m.decoders(), 3).audio(0, 4096) for m in (whole, read)]
    assert abs(songs[0] - songs[1]).max() < 0.02 * abs(songs[0]).max()


def test_a_licence_stays_if_none_is_given(model: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed.safetensors"
    pack_official(str(model), packed, None, {})
    assert load_official(str(packed)).info.licence == "the trainer's own"
