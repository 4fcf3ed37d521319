"""A GAN step of the official family: equal to the official code's, and a training that goes on where it stopped."""

from __future__ import annotations

import copy
import os
from pathlib import Path

import pytest
import torch
from torch import nn

from musika_daw.model.official.coordinates import anchor_rows
from musika_daw.model.official.noise import RandomNoise
from musika_daw.model.official.reference import verify
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.checkpoints import load_checkpoint, save_checkpoint
from musika_daw.train.official.adam import KerasAdam
from musika_daw.train.official.coordinates import (
    centred_line,
    crop_starts,
    join_patches,
    random_inputs,
    split_patches,
    swap_channels,
)
from musika_daw.train.official.gan import GanSettings, LatentGan
from musika_daw.train.official.losses import AdaptiveR1, critic_hinge, one_centred_penalty, zero_centred_penalty
from musika_daw.train.official.reference import check_step

TINY_44K = OfficialSize(base=4, depth=8, coordinates=4)
TINY_22K = OfficialSize("musika-22k", base=4, depth=8, coordinates=4)
TINY_BAND = OfficialSize("musika-22k", base=4, depth=8, coordinates=4, stems=3)


def test_a_step_is_that_of_the_official_code() -> None:
    pytest.importorskip("h5py")
    beside = Path(__file__).resolve().parents[4] / "shared" / "reference" / "official_fixtures"
    folder = Path(os.environ.get("MUSIKA_DAW_REFERENCES") or beside)
    if not (folder / "train_step.npz").is_file():
        pytest.skip(f"no reference outputs of the official code in {folder} (set MUSIKA_DAW_REFERENCES)")
    compared = verify(folder, {"train_step": check_step})["train_step"]
    assert [c.output for c in compared] == ["scores", "losses", "switch", "gradients", "weights after a step"]
    assert all(part.passed for part in compared), compared


def _train(gan: LatentGan, first: int, steps: int) -> list[dict[str, float]]:
    figures = []
    for step in range(first, first + steps):
        random = torch.Generator().manual_seed(step)
        real = torch.tanh(torch.randn(4, gan.size.latent_channels, 2 * gan.size.patch, generator=random))
        noise = RandomNoise(random, torch.device("cpu"))
        figures.append(gan.step(swap_channels(real, random, gan.size.stems), random_inputs(4, gan.size, random), noise))
    return figures


@pytest.mark.parametrize("size", [TINY_44K, TINY_22K, TINY_BAND], ids=["44k", "22k", "three stems"])
def test_both_versions_train_and_go_on_where_they_stopped(size: OfficialSize, tmp_path: Path) -> None:
    torch.manual_seed(1)
    gan = LatentGan(size, GanSettings.for_family(size))
    mixing = copy.deepcopy(gan.critic.state_dict()).get("mixing.weight")
    _train(gan, 0, 2)
    save_checkpoint(tmp_path / "two", gan.trained(), gan.optimizers(), {})
    rest = _train(gan, 2, 2)
    resumed = LatentGan(size, GanSettings.for_family(size))
    load_checkpoint(tmp_path / "two", resumed.trained(), resumed.optimizers())
    assert _train(resumed, 2, 2) == rest
    assert all(torch.isfinite(torch.tensor(list(f.values()))).all() for f in rest)
    assert ("reconstruction" in rest[0]) == (not size.is_44k)
    if mixing is not None:  # the channel mixing is never trained
        assert torch.equal(gan.critic.state_dict()["mixing.weight"], mixing)


def test_the_average_follows_slowly() -> None:
    torch.manual_seed(2)
    gan = LatentGan(TINY_44K, GanSettings())
    before = gan.generator.state_dict()["dense.weight"].clone()
    _train(gan, 0, 1)
    now = gan.generator.state_dict()["dense.weight"]
    expected = before + (now - before) * 0.001
    assert torch.allclose(gan.ema.state_dict()["dense.weight"], expected, atol=1e-8)


def test_the_switch_finds_its_weight() -> None:
    sure, unsure = 2.0, 0.1
    assert AdaptiveR1(-0.5).after(sure).value == pytest.approx(-0.5001)
    assert AdaptiveR1(-0.5).after(unsure).value == pytest.approx(-0.4999)
    assert AdaptiveR1(-1.0).after(sure) == AdaptiveR1(-1.0) and AdaptiveR1(0.0).after(unsure).weight == 0


def test_hinge_and_penalties_by_hand() -> None:
    on_real, on_made = critic_hinge(torch.tensor([2.0, 0.0]), torch.tensor([-2.0, 1.0]))
    assert (float(on_real), float(on_made)) == (0.5, 1.0)
    x = torch.ones(2, 3, 1, requires_grad=True)
    scores = (2 * x).sum((1, 2))  # slope (2, 2, 2): squared length 12
    assert float(zero_centred_penalty(scores, x)) == pytest.approx(12)
    assert float(one_centred_penalty((2 * x).sum((1, 2)), x)) == pytest.approx((12**0.5 - 1) ** 2, rel=1e-4)


def test_adam_is_that_of_keras() -> None:
    weight = nn.Parameter(torch.tensor([0.0]))
    adam = KerasAdam([weight], 1e-3, 0.9)
    mean = square = 0.0
    value = 0.0
    for step in range(1, 4):
        slope = 1e-6 * step  # so small that it matters where epsilon is added
        weight.grad = torch.tensor([slope])
        adam.step()
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        rate = 1e-3 * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
        value -= rate * mean / (square**0.5 + 1e-7)
        assert weight.item() == pytest.approx(value, abs=1e-9)


def test_crops_are_two_neighbouring_patches() -> None:
    size = TINY_44K
    anchors = torch.randn(3, 2, 4)
    line = centred_line(anchors, size)
    assert line.shape == (2, 4, 2 * anchor_rows(size))
    assert [start % size.patch for start in crop_starts(size)] == [size.patch // 2] * 3
    assert crop_starts(size)[-1] + 2 * size.patch <= line.shape[2]
    for family in (TINY_44K, TINY_22K):
        inputs = random_inputs(3, family, torch.Generator().manual_seed(1))
        assert inputs.shape == (6, family.inputs, family.patch)
        joined = join_patches(inputs)
        assert torch.equal(split_patches(joined), inputs)
        steps = joined[:, :4].diff(dim=2)
        assert torch.allclose(steps[:, :, family.patch - 1], steps[:, :, family.patch], atol=0.03)
        assert (joined[:, 4:8].std(2) < 1e-5).all()


def test_channels_are_swapped_half_of_the_time() -> None:
    latents = torch.arange(8.0).view(1, 8, 1)
    random = torch.Generator().manual_seed(0)
    swapped = [bool(swap_channels(latents, random)[0, 0, 0] == 4) for _ in range(200)]
    assert 70 < sum(swapped) < 130


def test_every_stem_is_swapped_by_itself() -> None:
    latents = torch.arange(8.0).view(1, 8, 1)  # two stems, each of two channels left and two right
    random = torch.Generator().manual_seed(0)
    found = {tuple(swap_channels(latents, random, stems=2).flatten().tolist()) for _ in range(20)}
    assert found == {(0, 1, 2, 3, 4, 5, 6, 7), (2, 3, 0, 1, 6, 7, 4, 5)}
