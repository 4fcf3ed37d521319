"""The official networks have the officials' parameters, to the last one."""

from __future__ import annotations

import pytest
import torch

from musika_daw.model.official.layers import SameConv, pixel_shuffle
from musika_daw.model.official.networks import make_network
from musika_daw.model.official.sizes import OfficialSize

_44K = {
    "enc": 4_790_336,
    "enc2": 3_984_960,
    "dec": 12_673_291,
    "dec2": 6_639_303,
    "gen": 15_499_530,
    "critic": 20_786_689,
}
_22K = {
    "enc": 2_060_416,
    "enc2": 4_532_800,
    "dec": 7_399_370,
    "dec2": 6_677_637,
    "gen": 14_059_018,
    "critic": 15_822_081,
    "critic_rec": 4_745_408,
}
_STATISTICS = {"enc": 6_464, "enc2": 7_168, "dec": 9_856, "dec2": 6_144}


def _trained(name: str, size: OfficialSize) -> int:
    with torch.device("meta"):
        network = make_network(name, size)
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


@pytest.mark.parametrize("name", _44K)
def test_parameters_44k(name: str) -> None:
    assert _trained(name, OfficialSize()) == _44K[name]


@pytest.mark.parametrize(("name", "count"), [("gen", 12_009_738), ("critic", 16_770_817)])
def test_parameters_small(name: str, count: int) -> None:
    assert _trained(name, OfficialSize(small=True)) == count


@pytest.mark.parametrize("name", _22K)
def test_parameters_22k(name: str) -> None:
    size = OfficialSize("musika-22k")
    assert _trained(name, size) == _22K[name]
    with torch.device("meta"):
        network = make_network(name, size)
    statistics = sum(b.numel() for key, b in network.named_buffers() if "running" in key)
    assert statistics == _STATISTICS.get(name, 0)
    frozen = sum(p.numel() for p in network.parameters() if not p.requires_grad)
    assert frozen == (32_768 if name == "critic" else 0)


def test_parameters_of_the_22k_generator_as_it_was_built() -> None:
    assert _trained("gen", OfficialSize("musika-22k", extra_inputs=1)) == 14_071_946


@pytest.mark.parametrize("family", ["musika-44k", "musika-22k"])
@pytest.mark.parametrize("small", [False, True])
def test_shapes_from_coordinates_to_spectra(family: str, small: bool) -> None:
    if small and family == "musika-22k":
        pytest.skip("the paper's version has no small one")
    size = OfficialSize(family, hop=32, base=8, small=small)
    made = {name: make_network(name, size).eval() for name in ("gen", "dec2", "dec", "enc", "enc2", "critic")}
    with torch.no_grad():
        latents = made["gen"](torch.randn(2, size.inputs, size.patch))
        assert latents.shape == (2, 128, size.patch)
        level1 = made["dec2"](latents[:, : size.depth, : size.unit_latents])
        assert level1.shape == (2, size.frame_depth, 64)
        magnitude, phase = made["dec"](level1)
        assert magnitude.shape == phase.shape == (2, size.bins, 64)
        assert made["enc"](magnitude).shape == level1.shape
        assert made["enc2"](level1).shape == (2, size.depth, size.unit_latents)
        judged = made["critic"](torch.cat([latents, latents], 2))
        assert (judged[0] if isinstance(judged, tuple) else judged).shape == (2,)


@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [(3, 1, (1, 1)), (3, 2, (0, 1)), (4, 1, (1, 2)), (4, 2, (1, 1))]
)
def test_same_padding_is_that_of_keras(kernel: int, stride: int, padding: tuple[int, int]) -> None:
    conv = SameConv(1, 1, kernel, stride)
    x = torch.randn(1, 1, 16)
    plain = torch.nn.functional.conv1d(torch.nn.functional.pad(x, padding), conv.weight, conv.bias, stride)
    assert torch.equal(conv(x), plain) and plain.shape[2] == 16 // stride


def test_pixel_shuffle_makes_neighbouring_channels_neighbouring_frames() -> None:
    x = torch.arange(12.0).view(1, 4, 3)
    assert pixel_shuffle(x).tolist() == [[[0, 3, 1, 4, 2, 5], [6, 9, 7, 10, 8, 11]]]
