"""The drums' decoder: noise and metal that belong to the position, never to the hop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from musika_daw.model.autoencoder import (
    CONTEXT,
    FRAME,
    LATENT,
    AutoencoderSize,
    DrumAutoencoder,
    DrumSize,
    PlainDrumAutoencoder,
)
from musika_daw.model.drum_metal import ring_metal
from musika_daw.model.drum_noise import BLOCK, PERIOD, levels_of_blocks, noise_bands, shape_noise, strike
from musika_daw.model.model_file import Networks, read_networks, save_networks

BANDS = 28
SIZE = DrumSize(encoder=8, decoder=16, bands=40)


def _spectrum(x: torch.Tensor) -> torch.Tensor:
    return torch.fft.rfft(x * torch.hann_window(len(x))).abs()


def test_equal_levels_make_white_noise_that_differs_on_the_side() -> None:
    table = noise_bands(BANDS)
    mid, side = shape_noise(table, torch.full((1, 2, 1024, BANDS), 0.1), 5)[0]
    assert mid.std() == pytest.approx(0.1, rel=0.03) and side.std() == pytest.approx(0.1, rel=0.03)
    assert abs(torch.corrcoef(torch.stack([mid, side]))[0, 1]) < 0.02
    power = torch.fft.rfft(mid).abs().square()
    thirds = [float(part.mean()) for part in power[700:-4000].chunk(3)]
    assert max(thirds) / min(thirds) < 1.1
    assert abs(float(mid[:-768] @ mid[768:]) / float(mid @ mid)) < 0.02


def test_noise_belongs_to_the_position() -> None:
    table = noise_bands(BANDS)
    levels = torch.rand(2, 2, 40, BANDS)
    whole = shape_noise(table, levels, 100)
    part = shape_noise(table, levels[:, :, 10:30], 110)
    # The last block of a part has no level after it to move to.
    assert torch.allclose(part[:, :, : 19 * BLOCK], whole[:, :, 10 * BLOCK : 29 * BLOCK], atol=1e-6)
    again = shape_noise(table, levels, 100 + PERIOD // BLOCK)
    assert torch.equal(again, whole)


def test_a_level_rises_within_a_block() -> None:
    levels = torch.zeros(1, 2, 8, BANDS)
    levels[:, :, 4:] = 1.0
    mid = shape_noise(noise_bands(BANDS), levels, 0)[0, 0]
    assert not mid[: 3 * BLOCK].any() and mid[4 * BLOCK :].std() > 0.5


def test_levels_of_blocks_lie_between_those_of_frames() -> None:
    frames = torch.tensor([1.0, 1.0, 3.0, 3.0])[:, None]
    blocks = levels_of_blocks(frames, 4)[:, 0]
    # The middle of frame k is the start of block 4 k + 2.
    assert blocks[6] == 1.0 and blocks[10] == 3.0 and torch.equal(blocks[6:11].diff(), torch.full((4,), 0.5))
    assert torch.equal(levels_of_blocks(torch.full((2, 5, 3), 0.3), 4), torch.full((2, 20, 3), 0.3))


def test_a_stroke_makes_levels_jump_and_what_rings_through_stay() -> None:
    slow = torch.full((40,), -9.0)
    slow[16:25] = torch.linspace(-9, -1, 9)
    slow[25:] = torch.linspace(-1, -4, 15)
    ringing = torch.linspace(-2, -3, 40)
    levels = torch.stack([slow, ringing], 1)[None, None]
    struck = strike(levels, [np.array([(100 + 20) * BLOCK - 3])], 100)[0, 0]
    assert torch.equal(struck[:20, 0], torch.full((20,), -9.0)) and struck[20, 0] == levels[0, 0, 25, 0]
    assert torch.equal(struck[26:, 0], slow[26:])
    assert torch.allclose(struck[:, 1], ringing, atol=0.25)
    assert torch.equal(strike(levels, [np.array([0])], 100), levels)


def test_strokes_belong_to_the_position() -> None:
    levels = torch.randn(1, 3, 60, 4, generator=torch.Generator().manual_seed(2))
    strokes = [np.array([20 * BLOCK, 26 * BLOCK - 7, 40 * BLOCK])]
    whole = strike(levels, strokes, 0)
    part = strike(levels[:, :, 12:52], strokes, 12)
    assert torch.equal(part[:, :, 8:-8], whole[:, :, 20:44])


def test_metal_rings_at_the_ratios_of_its_tone_and_runs_through() -> None:
    levels = torch.full((1, 689, BANDS), 0.1)
    sound = ring_metal(levels, np.full((1, 689), 6250.0), 1000)[0]
    spectrum = _spectrum(sound)
    hz = torch.fft.rfftfreq(len(sound), 1 / 44100)
    base = 6250 / 12.5
    for ratio, odd in ((2.0, 5), (3.0, 3), (5.43, 1)):
        near = (hz - base * ratio * odd).abs() < 3
        assert spectrum[near].max() > 50 * spectrum[(hz - base * ratio * odd).abs().sub(90).abs() < 20].median()
    later = ring_metal(levels[:, 89:], np.full((1, 600), 6250.0), 1089)[0]
    assert torch.allclose(later[: 599 * BLOCK], sound[89 * BLOCK : 688 * BLOCK], atol=1e-4)


def test_metal_follows_a_tone_that_changes() -> None:
    levels = torch.full((1, 200, BANDS), 0.1)
    tones = np.where(np.arange(200) < 100, 5000.0, 9000.0)[None]
    both = ring_metal(levels, tones, 0)[0]
    for half, tone in ((both[: 100 * BLOCK], 5000.0), (both[100 * BLOCK :], 9000.0)):
        alone = ring_metal(levels[:, :100], np.full((1, 100), tone), 0 if tone == 5000.0 else 100)[0]
        assert torch.allclose(half, alone, atol=1e-5)


@torch.no_grad()
def test_two_takes_differ_in_their_noise_alone() -> None:
    torch.manual_seed(0)
    network = DrumAutoencoder(SIZE).eval()
    parts = network.parts(torch.tanh(torch.randn(1, LATENT, 8 + 2 * CONTEXT)), 3, CONTEXT)
    one, same, other = network.sound(parts), network.sound(parts), network.sound(parts, moved=100)
    assert torch.equal(one, same) and (one - other).std() > 0.1 * one.std()
    quiet = type(parts)(
        parts.strokes,
        parts.share,
        torch.zeros_like(parts.noise),
        torch.zeros_like(parts.metal),
        parts.tones,
        parts.first,
    )
    assert torch.equal(network.sound(quiet), network.sound(quiet, moved=100))


@torch.no_grad()
def test_gradients_reach_every_branch() -> None:
    network = DrumAutoencoder(SIZE)
    with torch.enable_grad():
        audio = network.audio(torch.tanh(torch.randn(2, LATENT, 4)))
        audio.square().mean().backward()
    last = network.head[-1]
    assert isinstance(last, torch.nn.Conv1d) and last.bias is not None and last.bias.grad is not None
    pieces = last.bias.grad.split([SIZE.struck] * 3 + [SIZE.bands, 3 * SIZE.noise_bands])
    assert audio.shape[2] >= 4 * FRAME and all(piece.abs().max() > 0 for piece in (pieces[0], pieces[1], pieces[4]))


@torch.no_grad()
def test_settings_of_the_style_say_how_much_is_metal_and_how_much_noise() -> None:
    torch.manual_seed(0)
    network, latents = DrumAutoencoder(SIZE).eval(), torch.tanh(torch.randn(1, LATENT, 6))
    ringing, hissing = (network.parts(latents, kit=np.broadcast_to((6000.0, m, 0.5), (1, 6, 3))) for m in (0.9, 0.1))
    assert (ringing.metal > 1.5 * hissing.metal).all() and (ringing.noise[:, 0] < hissing.noise[:, 0] / 1.5).all()
    assert torch.equal(ringing.strokes, hissing.strokes)


def test_older_files_keep_their_decoder(tiny_networks: Networks, tmp_path: Path) -> None:
    torch.manual_seed(0)
    plain = PlainDrumAutoencoder(AutoencoderSize(encoder=8, decoder=16, bands=40))
    fields = {name: getattr(tiny_networks, name) for name in ("info", "pitched", "pattern", "generator", "style_bank")}
    path = tmp_path / "older.safetensors"
    save_networks(path, Networks(drums=plain, **fields))
    back = read_networks(str(path)).drums
    assert isinstance(back, PlainDrumAutoencoder)
    assert back.audio(torch.zeros(1, LATENT, 4)).shape == plain.audio(torch.zeros(1, LATENT, 4)).shape
    save_networks(path, tiny_networks)
    assert isinstance(read_networks(str(path)).drums, DrumAutoencoder)
