"""Decoders made ready to play: the same sound in float32, as good as the same in bfloat16."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from musika_daw.model.official.codec import Decoders
from musika_daw.model.official.layers import SameConv, Upsample
from musika_daw.model.official.noise import KeyedNoise
from musika_daw.model.official.row_layers import for_playing
from musika_daw.model.official.song import OfficialSong

from .conftest import SIZES, make_random


def _below_db(wanted: Tensor, got: Tensor) -> float:
    return float(10 * torch.log10(wanted.square().mean() / (wanted - got).square().mean()))


@pytest.mark.parametrize("frames", [1, 4, 7, 8])
@torch.no_grad()
def test_doubling_is_one_product(frames: int) -> None:
    up = Upsample(5, 7)
    x = torch.randn(3, 5, frames, generator=torch.Generator().manual_seed(1))
    for dtype, quiet_db in ((torch.float32, 110), (torch.bfloat16, 40)):
        played = copy.deepcopy(up)
        for_playing(nn.Sequential(played), dtype)
        assert played(x).shape == (3, 7, 2 * frames) and _below_db(up(x), played(x).float()) > quiet_db


@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (3, 1), (4, 1), (3, 2)])
@torch.no_grad()
def test_convolutions_are_products(kernel: int, stride: int) -> None:
    conv = SameConv(6, 10, kernel, stride)
    x = torch.randn(2, 6, 16, generator=torch.Generator().manual_seed(1))
    wanted = conv(x)
    for_playing(nn.Sequential(conv))
    assert type(conv) is not SameConv and _below_db(wanted, conv(x)) > 110


@pytest.mark.parametrize("kind", SIZES)
@torch.no_grad()
def test_spectra_stay_the_same(kind: str) -> None:
    size = SIZES[kind]
    networks = make_random(size)
    units = torch.randn(4, size.depth, size.unit_latents, generator=torch.Generator().manual_seed(2))

    def spectra(played: dict[str, nn.Module]) -> Tensor:
        noise = KeyedNoise(1, 2, [0, 1, 2, 3])
        return torch.cat(Decoders(size, played["dec2"], played["dec"]).spectra(units, noise), 1)

    wanted = spectra(networks)
    played = copy.deepcopy(networks)
    for name in ("dec2", "dec"):
        for_playing(played[name])
    assert _below_db(wanted, spectra(played)) > 100
    if size.is_44k:
        half = copy.deepcopy(networks)
        for_playing(half["dec2"])
        for_playing(half["dec"], torch.bfloat16)
        assert _below_db(wanted, spectra(half)) > 30


@pytest.mark.parametrize("kind", ["44k", "22k"])
def test_a_stretch_alone_is_that_of_the_whole(kind: str) -> None:
    size = SIZES[kind]

    def song() -> OfficialSong:
        networks = make_random(size)
        for name in ("dec2", "dec"):
            for_playing(networks[name])
        return OfficialSong(networks["gen"], Decoders(size, networks["dec2"], networks["dec"]), 3)

    whole = song().audio(0, 40_000)
    for start, end in ((0, 7_001), (12_345, 12_346), (31_000, 40_000)):
        assert np.array_equal(song().audio(start, end), whole[:, start:end])
