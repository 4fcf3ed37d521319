"""Costs are those of the specification, and the bench reports them."""

from __future__ import annotations

import pytest
import torch

from musika_daw.engine.offline.bench_official import OfficialBench, run
from musika_daw.model.official.cost import multiply_adds
from musika_daw.model.official.networks import make_network
from musika_daw.model.official.sizes import OfficialSize

from .conftest import SIZES


@pytest.mark.parametrize(
    ("family", "name", "millions"),
    [
        ("musika-44k", "gen", 269.7),
        ("musika-44k", "dec2", 67.6),
        ("musika-44k", "dec", 344.0),
        ("musika-22k", "dec", 270.2),
    ],
)
def test_multiply_adds(family: str, name: str, millions: float) -> None:
    size = OfficialSize(family)
    shape = {"gen": (1, size.inputs, size.patch), "dec2": (1, size.depth, size.unit_latents)}
    with torch.device("meta"):
        network = make_network(name, size)
        inputs = torch.empty(shape.get(name, (1, size.frame_depth, 64)))
    assert multiply_adds(network, inputs) / 1e6 == pytest.approx(millions, abs=0.06)


def test_the_bench_reports_every_stage() -> None:
    before = torch.get_num_threads()
    found = run(OfficialBench(SIZES["44k"], threads=(1,), seconds=(0.5,), repeats=1))
    assert torch.get_num_threads() == before
    one = found["1 thread"]
    assert set(one["stages"]) == {"generator", "decoder_2", "decoder_1", "istft"}
    assert one["lengths"]["0.5 s"]["real_time_factor"] > 0 and 0 < one["lengths"]["0.5 s"]["of_ceiling"] < 2
    assert found["peak_memory_mb"] > 0
