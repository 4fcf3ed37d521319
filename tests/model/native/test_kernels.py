"""Each kernel against its twin: the same numbers, and the same bits wherever they are asked for."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from musika_daw.compiled import NativePart
from musika_daw.errors import UserError
from musika_daw.model import drum_noise, excitation, stft
from musika_daw.model.autoencoder import PitchedAutoencoder
from musika_daw.model.bricks import ConditionedResidual, Residual
from musika_daw.model.excitation import TimedNote, excite
from musika_daw.model.native import NATIVE_VARIABLE, kernels
from musika_daw.model.precision import for_playing
from musika_daw.model.row_layers import DoublingConv1d, ThreeTapConv1d


@pytest.fixture(scope="module")
def library() -> ctypes.CDLL:
    found = kernels()
    if found is None:
        pytest.skip("no C compiler")
    return found


def below_db(wanted: torch.Tensor, got: torch.Tensor) -> float:
    """How far the difference lies below the signal."""
    return float(10 * torch.log10(wanted.abs().square().mean() / (wanted - got).abs().square().mean().clamp(min=1e-30)))


def pitched() -> PitchedAutoencoder:
    torch.manual_seed(4)
    return PitchedAutoencoder().requires_grad_(False).eval()


@pytest.mark.usefixtures("library")
@torch.no_grad()
def test_gains_and_features_are_those_of_the_twin() -> None:
    network, random = pitched(), torch.Generator().manual_seed(2)
    source = torch.randn(2, 3, 20, network.bins, dtype=torch.complex64, generator=random)[..., : network.used]
    source[:, :, 3:5] = 0  # silence has features, too
    net = 8 * torch.randn(2, 6 * network.size.bands, 20, generator=random)
    network.use_kernels()
    assert network._kernels is not None
    features = network._kernels.features(source)
    assert torch.allclose(features, network._bands_of(source.abs()), atol=1e-5)
    spectra = network._kernels.spectra(net, source, 500, network.bins)
    assert below_db(network._shaped(net, source, 500), spectra[..., : network.used]) > 120
    assert not spectra[..., network.used :].any()


@pytest.mark.usefixtures("library")
@torch.no_grad()
def test_noise_in_bands_is_that_of_the_twin_wherever_it_is_cut() -> None:
    table, random = drum_noise.noise_bands(28), torch.Generator().manual_seed(6)
    levels = torch.rand(2, 2, 70, 28, generator=random)
    blocks = len(table)
    whole = drum_noise.shape_noise(table, levels, blocks - 20)  # goes over the table's end
    assert below_db(drum_noise._shape_noise(table, levels, blocks - 20), whole) > 120
    part = drum_noise.shape_noise(table, levels[:, :, 30:41], blocks + 10)[..., : 10 * 64]
    assert torch.equal(part, whole[..., 30 * 64 : 40 * 64])


@torch.no_grad()
def test_frames_are_added_up_bit_for_bit_like_the_twin(library: ctypes.CDLL) -> None:
    frames = torch.randn(3, 9, 64, generator=torch.Generator().manual_seed(3))
    window = torch.hann_window(64)
    assert torch.equal(stft._add_up_natively(library, frames, window, 16), stft._add_up(frames * window, 16))


NOTES = [
    TimedNote(-20_000, 5_000, 40),
    TimedNote(100, 9_000, 33, cents=7.0, choked=8_000),
    TimedNote(8_000, 20_000, 45, slide=-12.0, cents=12.0),
    TimedNote(8_000, 30, 108, slide=7.0),
]


def test_oscillators_are_those_of_the_twin(library: ctypes.CDLL, monkeypatch: pytest.MonkeyPatch) -> None:
    native = excite(NOTES, 0, 40_000)
    monkeypatch.setattr(excitation, "kernels", lambda: None)
    twin = excite(NOTES, 0, 40_000)
    assert np.abs(twin[2]).max() > 0.1 and np.abs(native - twin).max() < 1e-6 * np.abs(twin).max()


@pytest.mark.usefixtures("library")
def test_a_stretch_of_oscillators_alone_is_that_of_the_whole() -> None:
    whole = excite(NOTES, 0, 40_000)
    for start, samples in ((0, 1), (777, 1_000), (8_001, 30_001)):
        assert np.array_equal(excite(NOTES, start, samples), whole[:, start : start + samples])


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("frames", [1, 2, 7, 16, 33])
@pytest.mark.parametrize("dilation", [1, 2, 8])
@torch.no_grad()
def test_three_taps_are_the_convolution(frames: int, dilation: int) -> None:
    convolution = nn.Conv1d(20, 24, 3, padding=dilation, dilation=dilation)
    x = torch.randn(3, 20, frames, generator=torch.Generator().manual_seed(1))
    wanted = convolution(x)
    for_playing(nn.Sequential(convolution), torch.float32)
    assert isinstance(convolution, ThreeTapConv1d) and below_db(wanted, convolution(x)) > 110


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("inner", "quiet_db"), [(torch.float32, 110.0), (torch.bfloat16, 40.0)])
@torch.no_grad()
def test_residual_blocks_are_what_they_were(inner: torch.dtype, quiet_db: float) -> None:
    random = torch.Generator().manual_seed(1)
    x, told = torch.randn(2, 40, 13, generator=random), torch.randn(2, 8, 13, generator=random)
    plain, conditioned = Residual(40, 2), ConditionedResidual(40, 8, 4)
    for block in (plain, conditioned):
        block.norm.gain.copy_(torch.rand(1, 40, 1, generator=random))
        block.mix_channels.weight *= 10
    wanted = plain(x), conditioned(x, told)
    for_playing(nn.ModuleList([plain, conditioned, nn.Conv1d(1, 1, 1)]), inner)
    assert below_db(wanted[0], plain(x)) > quiet_db and below_db(wanted[1], conditioned(x, told)) > quiet_db


@pytest.mark.parametrize("with_kernels", [True, False])
@torch.no_grad()
def test_a_doubling_and_its_convolution_become_one(with_kernels: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not with_kernels:
        monkeypatch.setattr("musika_daw.model.precision.kernels", lambda: None)
    layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv1d(6, 10, 3, padding=1), Residual(10))
    x = torch.randn(2, 6, 9, generator=torch.Generator().manual_seed(1))
    wanted = layers(x)
    for_playing(nn.ModuleList([layers, nn.Conv1d(1, 1, 1)]), torch.float32)
    assert isinstance(layers[1], DoublingConv1d) and below_db(wanted, layers(x)) > 110


def test_the_twins_play_where_kernels_are_switched_off() -> None:
    code = "from musika_daw.model.native import kernels; print(kernels())"
    environment = {NATIVE_VARIABLE: "off", "PYTHONPATH": str(Path(__file__).parents[3])}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "None"


def test_what_cannot_be_compiled_is_said_in_one_line(tmp_path: Path) -> None:
    source = tmp_path / "broken.c"
    source.write_text("this is not C", encoding="utf-8")
    part = NativePart("broken", (source,))
    with pytest.raises(UserError, match=r"broken cannot be compiled by .*: install one") as error:
        part.compile(tmp_path / "made" / part.file_name)
    assert "\n" not in str(error.value) and not list((tmp_path / "made").iterdir())
