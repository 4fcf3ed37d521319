"""The universal codec: features, phases, and windows that fit together."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from musika_daw.errors import UserError
from musika_daw.model.stft import stft
from musika_daw.model.universal import codec as codec_module
from musika_daw.model.universal.analysis import Analysis, feature_weights, levels
from musika_daw.model.universal.autoencoder import BOUND, UniversalAutoencoder, UniversalSize
from musika_daw.model.universal.codec import UniversalCodec
from musika_daw.model.universal.codec_file import load_codec, save_codec
from musika_daw.model.universal.layout import EDGE, FEATURES, FRAME, HOP, TONES, N
from musika_daw.model.universal.synthesis import CONTEXT, Synthesis

RATE = 44100
TINY = UniversalSize(latents=16, components=24, width=16, encoder=1, decoder=2)


def _music(frames: int, seed: int = 0) -> Tensor:
    """A chord that is struck every half second, with some noise, wide: mid and side `[1, 2, frames * FRAME]`."""
    time = np.arange(frames * FRAME) / RATE
    envelope = np.exp(-6 * (time % 0.5))
    mid = sum(np.sin(2 * np.pi * hz * time) for hz in (220.0, 277.2, 329.6)) * envelope * 0.15
    noise = np.random.default_rng(seed).standard_normal((2, len(time))) * 0.01 * envelope
    return torch.from_numpy(np.stack([mid + noise[0], 0.3 * mid + noise[1]]).astype(np.float32))[None]


def _tiny(seed: int = 0) -> UniversalCodec:
    """A codec with a linear code of its own music and random networks."""
    torch.manual_seed(seed)
    codec = UniversalCodec(TINY)
    with torch.no_grad():
        features = codec.analysis(torch.nn.functional.pad(_music(40), (EDGE, EDGE)))[0].T
        mean = features.mean(0)
        basis = torch.linalg.svd(features - mean, full_matrices=False)[2][: TINY.components].T
        codec.autoencoder.set_linear_code(mean, basis, ((features - mean) @ basis).std(0))
        for network in (codec.autoencoder.encoder, codec.autoencoder.decoder):
            torch.nn.init.normal_(network[-1].weight, std=0.02)
    return codec.eval().requires_grad_(False)


def test_features_are_weighted_levels_and_correlations() -> None:
    sound = _music(4)
    features = Analysis()(torch.nn.functional.pad(sound, (EDGE, EDGE)))
    assert features.shape == (1, FEATURES, 4)
    assert len(feature_weights()) == len(levels()) == FEATURES
    quieter = Analysis()(torch.nn.functional.pad(sound / 2, (EDGE, EDGE)))
    loud = (features > -2) & (levels() * feature_weights() > 0.7)[None, :, None]
    step = (features - quieter)[loud] / (feature_weights()[None, :, None] * np.log(2)).expand_as(features)[loud]
    assert bool(loud.any()) and float((step - 1).abs().max()) < 0.02  # half as loud: log 2 less


def test_tones_come_back_in_tune_and_attacks_in_time() -> None:
    sound = _music(24)
    with torch.inference_mode():
        features = Analysis()(torch.nn.functional.pad(sound, (EDGE, EDGE)))
        made = Synthesis()(features)
    inner = slice(6 * FRAME, 18 * FRAME)
    wanted, got = (stft(x[:, 0, inner], N, HOP).abs()[..., :TONES] for x in (sound, made))
    assert float((wanted - got).norm() / wanted.norm()) < 0.35
    # 10 ms before a stroke it is as quiet as in the original, but for 6 dB.
    stroke = round(1.0 * RATE)
    before = slice(stroke - 882, stroke - 441)
    loud = [float(x[0, 0, before].square().mean().sqrt()) for x in (sound, made)]
    assert loud[1] < 2 * loud[0]


def test_side_keeps_level_and_correlation() -> None:
    sound = _music(24)
    with torch.inference_mode():
        made = Synthesis()(Analysis()(torch.nn.functional.pad(sound, (EDGE, EDGE))))
    mid, side = made[0, :, 6 * FRAME : 18 * FRAME]
    was_mid, was_side = sound[0, :, 6 * FRAME : 18 * FRAME]
    assert float(side.norm() / mid.norm()) == pytest.approx(float(was_side.norm() / was_mid.norm()), rel=0.35)
    assert float((mid * side).sum() / (mid.norm() * side.norm())) > 0.6  # of the original .99


def test_noise_is_keyed_by_position() -> None:
    with torch.inference_mode():
        features = Analysis()(torch.nn.functional.pad(_music(20), (EDGE, EDGE)))
        synthesis = Synthesis()
        here, again, elsewhere = synthesis(features, 3), synthesis(features, 3), synthesis(features, 4)
    assert torch.equal(here, again)
    assert not torch.allclose(here, elsewhere, atol=1e-3)


def test_context_is_enough() -> None:
    with torch.inference_mode():
        features = Analysis()(torch.nn.functional.pad(_music(3 * CONTEXT + 6), (EDGE, EDGE)))
        synthesis = Synthesis()
        whole = synthesis(features)
        part = synthesis(features[:, :, CONTEXT : 3 * CONTEXT + 2], CONTEXT)
    kept = slice(CONTEXT * FRAME, (CONTEXT + 2) * FRAME)
    inside = slice(2 * CONTEXT * FRAME, (2 * CONTEXT + 2) * FRAME)
    assert float((whole[..., inside] - part[..., kept]).abs().max()) < 1e-3


def test_windows_alone_have_the_same_bits_as_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec_module, "WINDOW", 8)
    codec = _tiny()
    latents = codec.encode(_music(24))
    assert latents.shape == (1, TINY.latents, 24)
    row = codec.decode(latents)
    edge = codec.context
    padded = torch.nn.functional.pad(latents, (edge, edge))
    alone = codec.decode_window(padded[:, :, 8 : 16 + 2 * edge], 1)
    assert torch.equal(alone, row[:, :, 8 * FRAME : 16 * FRAME])


def test_linear_code_comes_back_through_bounded_latents() -> None:
    codec = _tiny()
    for network in (codec.autoencoder.encoder, codec.autoencoder.decoder):
        torch.nn.init.zeros_(network[-1].weight)
    with torch.inference_mode():
        features = codec.analysis(torch.nn.functional.pad(_music(20), (EDGE, EDGE)))
        components = codec.autoencoder.components(features)
        latents = codec.autoencoder.encode(features)
        back = codec.autoencoder.components(codec.autoencoder.decode(latents))
    assert float(latents.abs().max()) < BOUND
    leading = TINY.latents
    assert torch.allclose(back[:, :leading], components[:, :leading], atol=1e-2)
    assert float(back[:, leading:].abs().max()) < 1e-3


def test_codec_file_keeps_what_it_is_given(tmp_path: Path) -> None:
    codec = _tiny()
    save_codec(tmp_path / "codec.safetensors", codec.autoencoder, {"minutes": 1})
    loaded = load_codec(tmp_path / "codec.safetensors")
    assert isinstance(loaded.autoencoder, UniversalAutoencoder) and loaded.autoencoder.size == TINY
    latents = torch.randn(1, TINY.latents, 5, generator=torch.Generator().manual_seed(0))
    one, other = (c.autoencoder.decode(latents) for c in (codec, loaded))
    assert torch.allclose(one, other, atol=0.05)
    (tmp_path / "broken.safetensors").write_bytes(b"no")
    with pytest.raises(UserError, match="no codec"):
        load_codec(tmp_path / "broken.safetensors")
