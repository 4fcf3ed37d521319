"""The codec: any length comes back whole, and the signal path inverts itself."""

from __future__ import annotations

import pytest
import torch

from musika_daw.model.official.codec import BLOCK_UNITS, Decoders, Encoders
from musika_daw.model.official.layers import Noise
from musika_daw.model.official.signal import frames_of, log_spectrogram, resynthesise

from .conftest import SIZES, make_random


def test_spectrogram_and_phase_give_the_sound_back() -> None:
    hop = 64
    wave = torch.sin(torch.arange(40 * hop) * 0.07)[None] * 0.5 + 0.01 * torch.randn(1, 40 * hop)
    magnitude = log_spectrogram(wave, hop)
    spectrum = torch.fft.rfft(wave.unfold(1, 4 * hop, hop) * torch.hann_window(4 * hop), dim=2)
    back = resynthesise(magnitude, spectrum.angle().transpose(1, 2) / torch.pi, hop)
    inner = slice(3 * hop, -3 * hop)
    assert magnitude.shape == (1, 2 * hop + 1, frames_of(40 * hop, hop))
    assert (back - wave)[:, inner].abs().max() < 1e-2  # 1e-7 is added to every power


def test_silence_is_minus_one() -> None:
    assert torch.equal(log_spectrogram(torch.zeros(1, 1024), 64), torch.full((1, 129, 13), -1.0))


@pytest.mark.parametrize("kind", ["44k", "22k"])
@pytest.mark.parametrize("latents", [1, 13, 8 * BLOCK_UNITS + 3])
def test_no_latent_is_lost_in_decoding(kind: str, latents: int) -> None:
    size = SIZES[kind]
    networks = make_random(size)
    decoders = Decoders(size, networks["dec2"], networks["dec"])
    x = torch.tanh(torch.randn(2 * size.depth, latents))
    wave = decoders.wave(x)
    assert wave.shape == (2, latents * size.latent_samples + size.fft - size.hop)
    assert wave.abs().amax(0).view(-1)[-size.hop // 2 :].max() > 0
    assert wave.abs().max() <= 1


@pytest.mark.parametrize("kind", ["44k", "22k"])
def test_no_sample_is_lost_in_encoding(kind: str) -> None:
    size = SIZES[kind]
    networks = make_random(size)
    encoders = Encoders(size, networks["enc"], networks["enc2"])
    for samples in (1, size.latent_samples, 10 * size.latent_samples + 1):
        wave = 0.1 * torch.randn(2, samples)
        latents = encoders.latents(wave)
        assert latents.shape == (2 * size.depth, -(-samples // size.latent_samples))
        assert latents.abs().max() <= 1


def test_long_sounds_are_encoded_as_if_at_once() -> None:
    size = SIZES["44k"]
    networks = make_random(size)
    encoders = Encoders(size, networks["enc"], networks["enc2"])
    wave = 0.1 * torch.randn(1, 5000 * size.hop)
    whole = networks["enc"](log_spectrogram(wave, size.hop))
    assert torch.allclose(encoders.level1(wave), whole, atol=1e-6)


def test_noise_is_asked_for_channel_by_channel() -> None:
    size = SIZES["44k"]
    networks = make_random(size)
    asked: list[tuple[int, int]] = []

    def noise(batch: int, frames: int) -> torch.Tensor:
        asked.append((batch, frames))
        return torch.zeros(batch, 1, frames)

    source: Noise = noise
    Decoders(size, networks["dec2"], networks["dec"]).frames(torch.zeros(2 * size.depth, 3 * size.unit_latents), source)
    assert {batch for batch, _ in asked} == {6} and len(asked) == 7 + 9
