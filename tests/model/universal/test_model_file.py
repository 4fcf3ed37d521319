"""The model file of a generator of universal latents."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from musika_daw.errors import UserError
from musika_daw.model.universal.autoencoder import UniversalSize
from musika_daw.model.universal.codec import UniversalCodec
from musika_daw.model.universal.generator import SIGNALS, GeneratorSize, UniversalGenerator
from musika_daw.model.universal.model_file import (
    GUIDANCE,
    RecordsModel,
    load_records_model,
    records_info,
    save_records_model,
)

CODEC = UniversalSize(latents=16, components=24, width=96, encoder=1, decoder=1)
GENERATOR = GeneratorSize(latents=16, width=96, conditioning=12, style=4, dilations=(1, 2))


@pytest.fixture
def model() -> RecordsModel:
    torch.manual_seed(1)
    codec, generator = UniversalCodec(CODEC), UniversalGenerator(GENERATOR)
    info = records_info("mine", CODEC, GENERATOR, 3, {"songs": ["a", "b", "c"]}, "CC0-1.0")
    return RecordsModel(info, codec, generator, torch.randn(3, 4), torch.rand(2, 5))


def test_it_comes_back_nearly_as_it_was_in_half_the_size(model: RecordsModel, tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    save_records_model(path, model)
    weights = sum(p.numel() for n in model.networks().values() for p in n.state_dict().values())
    assert path.stat().st_size < 1.2 * weights
    back = load_records_model(str(path))
    assert back.info.name == "mine" and back.info.stems == ("mix",) and back.guidance == GUIDANCE
    assert torch.allclose(back.styles, model.styles, atol=2e-3)
    noisy, told = torch.randn(1, 16, 20), torch.randn(1, len(SIGNALS), 20)
    with torch.inference_mode():
        wanted, got = (m.generator(noisy, torch.tensor([0.5]), told, m.styles[:1]) for m in (model, back))
    assert float((wanted - got).norm() / wanted.norm()) < 0.02


def test_a_style_of_every_frame_is_that_of_the_whole(model: RecordsModel) -> None:
    noisy, told, t = torch.randn(1, 16, 20), torch.randn(1, len(SIGNALS), 20), torch.tensor([0.5])
    style = model.styles[:1]
    with torch.inference_mode():
        whole = model.generator(noisy, t, told, style)
        assert torch.allclose(whole, model.generator(noisy, t, told, style[:, :, None].expand(-1, -1, 20)), atol=1e-6)


def test_what_is_damaged_is_said(model: RecordsModel, tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    save_records_model(path, model)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="damaged"):
        load_records_model(str(path))
    object.__setattr__(model.info, "sizes", {**model.info.sizes, "styles": 4})
    save_records_model(path, model)
    with pytest.raises(UserError, match="styles are missing"):
        load_records_model(str(path))
