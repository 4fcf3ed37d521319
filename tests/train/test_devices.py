"""Where a training computes. Apple's GPU is not here: what is tried is that nothing is asked of it that it has not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from musika_daw.errors import UsageError
from musika_daw.model.official.noise import RandomNoise
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train import loop
from musika_daw.train.autoencoder import AutoencoderSettings, AutoencoderTask
from musika_daw.train.corpus.make import make_corpus
from musika_daw.train.devices import available_devices, choose_device
from musika_daw.train.distributed import join_world
from musika_daw.train.official.coordinates import random_inputs, swap_channels
from musika_daw.train.official.gan import GanSettings, LatentGan
from musika_daw.train.pattern import PatternSettings, PatternTask


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Pretends that there are such GPUs."""

    def pretend(cuda: bool = False, mps: bool = False) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return pretend


@pytest.mark.parametrize(
    ("cuda", "mps", "auto"), [(False, False, "cpu"), (False, True, "mps"), (True, False, "cuda"), (True, True, "cuda")]
)
def test_auto_is_the_fastest_there_is(there: Callable[..., None], cuda: bool, mps: bool, auto: str) -> None:
    there(cuda, mps)
    assert choose_device("auto") == torch.device(auto)
    assert [choose_device(name).type for name in available_devices()] == list(available_devices())


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("mps", "device 'mps' is not there: expected auto or cpu on this machine"),
        ("cuda", "device 'cuda' is not there: expected auto or cpu on this machine"),
        ("gpu", "device 'gpu' is not known: expected auto, cpu, cuda or mps"),
    ],
)
def test_what_is_not_there_is_refused(there: Callable[..., None], wanted: str, says: str) -> None:
    there()
    with pytest.raises(UsageError, match=says):
        choose_device(wanted)


def test_apples_gpu_trains_in_float32_and_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "has_fast_bfloat16", lambda: True)
    assert isinstance(loop.autocast(torch.device("mps")), nullcontext)
    assert isinstance(loop.autocast(torch.device("cpu")), torch.autocast)
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(UsageError, match="trains in one process"), join_world(torch.device("mps")):
        pass


def test_operations_that_it_lacks_are_left_to_the_processor() -> None:
    code = (
        "import musika_daw.app.train, os, sys; print(os.environ['PYTORCH_ENABLE_MPS_FALLBACK'], 'torch' in sys.modules)"
    )
    kept = {name: value for name, value in os.environ.items() if name != "PYTORCH_ENABLE_MPS_FALLBACK"}
    run = subprocess.run([sys.executable, "-c", code], env=kept, capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.split() == ["1", "False"], "torch asks when it is loaded"


class NoDoubles(TorchDispatchMode):
    """Refuses what Apple's GPU does not have: tensors of 64-bit numbers."""

    def __torch_dispatch__(self, operation: Any, types: Any, arguments: Any = (), named: Any = None) -> Any:
        found = operation(*arguments, **(named or {}))
        for each in found if isinstance(found, tuple | list) else (found,):
            if isinstance(each, torch.Tensor) and each.dtype in (torch.float64, torch.complex128):
                raise AssertionError(f"{operation} makes a tensor of {each.dtype}")
        return found


def test_the_guard_itself_sees_doubles() -> None:
    with NoDoubles(), pytest.raises(AssertionError, match="float64"):
        torch.ones(2).double()


@pytest.mark.slow
def test_own_networks_are_trained_and_looked_at_without_64_bit_numbers(tmp_path: Path) -> None:
    make_corpus(tmp_path / "corpus", 0.01, 3)
    for stem in ("drums", "pitched"):
        settings = AutoencoderSettings(
            tmp_path / stem, steps=1, corpus=tmp_path / "corpus", stem=stem, batch=1, device="cpu"
        )
        task = AutoencoderTask(settings)
        with NoDoubles():
            assert np.isfinite(list(task.step(0, np.random.default_rng(0)).values())).all()
            assert np.isfinite(list(task.validate(tmp_path / f"{stem}.png").values())).all()
    pattern = PatternTask(PatternSettings(tmp_path / "pattern", steps=1, phrases=8, batch=2, device="cpu"))
    with NoDoubles():
        assert np.isfinite(list(pattern.step(0, np.random.default_rng(0)).values())).all()
        pattern.validate(tmp_path / "pattern.png")


@pytest.mark.parametrize("family", ["musika-44k", "musika-22k"])
def test_the_papers_networks_are_trained_without_64_bit_numbers(family: str) -> None:
    size = OfficialSize(family, base=4, depth=8, coordinates=4)
    gan = LatentGan(size, GanSettings.for_family(size))
    random = torch.Generator().manual_seed(1)
    real = torch.tanh(torch.randn(4, size.latent_channels, 2 * size.patch, generator=random))
    noise = RandomNoise(random, torch.device("cpu"))
    with NoDoubles():
        figures = gan.step(swap_channels(real, random, size.stems), random_inputs(4, size, random), noise)
    assert np.isfinite(list(figures.values())).all()
