"""A packed model file is small, whole in memory, and plays what the model played."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from musika_daw.errors import UserError
from musika_daw.model.eight_bit import from_eight_bit, to_eight_bit
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


def test_eight_bits_are_half_as_large_again_and_play_nearly_the_same(model: Path, tmp_path: Path) -> None:
    for bits in (8, 16):
        pack_official(str(model), tmp_path / f"{bits}.safetensors", None, {}, bits)
    small, large = (load_official(str(tmp_path / f"{bits}.safetensors")) for bits in (8, 16))
    assert (tmp_path / "8.safetensors").stat().st_size < 0.75 * (tmp_path / "16.safetensors").stat().st_size
    for name, network in small.networks.items():
        for key, value in network.state_dict().items():
            whole = large.networks[name].state_dict()[key]
            assert value.dtype == whole.dtype and (value - whole).abs().max() <= whole.abs().max() / 127, (name, key)
    songs = [OfficialSong(m.networks["gen"], m.decoders(), 3).audio(0, 4096) for m in (large, small)]
    assert abs(songs[0] - songs[1]).max() < 0.1 * abs(songs[0]).max()
    pack_official(str(tmp_path / "8.safetensors"), tmp_path / "again.safetensors", None, {}, 8)
    assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "8.safetensors").read_bytes()


def test_scales_that_are_missing_or_do_not_fit_get_one_line(model: Path, tmp_path: Path) -> None:
    packed = tmp_path / "8.safetensors"
    pack_official(str(model), packed, None, {}, 8)
    tensors, metadata = load_file(packed), safe_open(packed, "pt").metadata()
    scale = next(key for key in tensors if key.endswith(".scale") and key.startswith("dec."))
    for broken in ({k: v for k, v in tensors.items() if k != scale}, {**tensors, scale: torch.zeros(1, 1)}):
        save_file(broken, packed, metadata)
        with pytest.raises(UserError, match="damaged") as caught:
            load_official(str(packed))
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", [(3, 64), (5, 65), (2, 7, 3), (4, 32, 4)])
def test_eight_bits_are_near_and_zeros_stay(shape: tuple[int, ...]) -> None:
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    weight[1] = 0.0
    rounded, scale = to_eight_bit(weight)
    back = from_eight_bit(rounded, scale)
    assert rounded.dtype == torch.int8 and back.shape == weight.shape and not back[1].any()
    assert (back - weight).norm() < 0.01 * weight.norm()


def test_a_licence_stays_if_none_is_given(model: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed.safetensors"
    pack_official(str(model), packed, None, {})
    assert load_official(str(packed)).info.licence == "the trainer's own"
