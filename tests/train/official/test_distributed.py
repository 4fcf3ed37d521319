"""Two processes that share every batch make the same losses as one that has all of it."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import nn

from musika_daw.errors import UsageError
from musika_daw.train.distributed import World, share_batch_norms
from musika_daw.train.official.starting import find_size

from .conftest import HOP, STAGES

# Sums over two halves are rounded otherwise than one sum.
ROUNDING = 2e-4


def train(processes: int, run: Path, *options: object) -> subprocess.CompletedProcess[str]:
    """`musika-daw train paper` on the CPU, under torchrun if there is more than one process."""
    program = [sys.executable, "-m", "musika_daw.app"]
    if processes > 1:
        # With port 0 the processes meet where there is room.
        meeting = ["--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0"]
        launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", str(processes), *meeting]
        # Without the dashes in between torchrun takes --run for its own.
        program = [*launcher, "-m", "--", "musika_daw.app"]
    command = [*program, "train", "paper", *map(str, options), "--run", str(run), "--device", "cpu"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)


def log(run: Path) -> list[dict[str, float]]:
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return [{**line, **line.pop("validation")} for line in lines]


def assert_same_losses(one: Path, other: Path) -> None:
    first, second = log(one), log(other)
    assert len(first) == len(second) == 4
    for a, b in zip(first, second, strict=True):
        for name in a:
            if name != "minutes":
                assert a[name] == pytest.approx(b[name], rel=ROUNDING, abs=ROUNDING), (a["step"], name)


@pytest.mark.slow
def test_an_autoencoder_of_two_processes(autoencoder: Path, music: Path, tmp_path: Path) -> None:
    family = find_size(str(autoencoder)).family
    for stage in (0, 3):
        level, phase = STAGES[stage]
        options = ["autoencoder", "--music", music, "--family", family, "--hop", HOP, "--level", level]
        options += ["--phase", phase, "--batch", 4, "--critic-width", 4, "--steps", 4, "--validate-every", 1]
        if stage:
            options += ["--start", autoencoder.parent / "21"]
        runs = [tmp_path / f"{stage} {processes}" for processes in (1, 2)]
        for processes, run in enumerate(runs, 1):
            done = train(processes, run, *options)
            assert done.returncode == 0, done.stderr
        assert done.stdout.count('"distance"') == 1  # one process reports
        assert_same_losses(*runs)


@pytest.mark.slow
def test_a_gan_of_two_processes_goes_on_where_it_stopped(autoencoder: Path, latents: Path, tmp_path: Path) -> None:
    options: list[object] = ["gan", "--latents", latents, "--autoencoder", autoencoder, "--base", 4, "--batch", 4]
    options += ["--validate-every", 1]
    one, two = tmp_path / "one", tmp_path / "two"
    assert train(1, one, *options, "--steps", 4).returncode == 0
    assert train(2, two, *options, "--steps", 2).returncode == 0
    resumed = train(2, two, *options, "--steps", 4)
    assert resumed.returncode == 0 and resumed.stderr.count("resumed at step 2") == 1
    assert_same_losses(one, two)


def test_a_shared_batch_norm_has_whole_statistics_of_half_the_bits(tmp_path: Path) -> None:
    torch.manual_seed(0)
    alone = nn.Sequential(nn.Conv1d(2, 3, 1), nn.BatchNorm1d(3))
    shared = copy.deepcopy(alone)
    share_batch_norms(shared)
    sound = torch.randn(4, 2, 50)
    dist.init_process_group("gloo", init_method=f"file://{tmp_path / 'meeting'}", rank=0, world_size=1)
    try:
        with torch.autocast("cpu", torch.bfloat16):
            made, wanted = shared(sound), alone(sound)
    finally:
        dist.destroy_process_group()
    assert made.dtype is wanted.dtype
    torch.testing.assert_close(made, wanted, rtol=0.02, atol=0.02)
    for name, value in alone.state_dict().items():
        torch.testing.assert_close(shared.state_dict()[name], value, rtol=1e-3, atol=1e-3)


def test_what_cannot_be_shared_is_refused() -> None:
    with pytest.raises(UsageError, match="batch 5 cannot be shared by 2 processes"):
        World(1, 2).rows(5)
    assert World(1, 2).rows(4) == slice(2, 4)
    parts = [list(World(rank, 3).share(range(8))) for rank in range(3)]
    assert sorted(item for part in parts for item in part) == list(range(8))
