"""A tiny model of records with random weights."""

from __future__ import annotations

from pathlib import Path

import torch

from musika_daw.model.universal.autoencoder import UniversalSize
from musika_daw.model.universal.codec import UniversalCodec
from musika_daw.model.universal.generator import GeneratorSize, UniversalGenerator
from musika_daw.model.universal.layout import FEATURES
from musika_daw.model.universal.model_file import RecordsModel, records_info, save_records_model

CODEC = UniversalSize(latents=8, components=12, width=8, encoder=1, decoder=1)
GENERATOR = GeneratorSize(latents=8, width=16, conditioning=12, style=4, dilations=(1, 2))
SONGS = 5


def write_records_model(path: Path) -> None:
    """Write one that is loud enough to be heard."""
    torch.manual_seed(4)
    codec, generator = UniversalCodec(CODEC), UniversalGenerator(GENERATOR)
    basis = torch.linalg.qr(torch.randn(FEATURES, CODEC.components))[0]
    codec.autoencoder.set_linear_code(torch.full((FEATURES,), -3.0), basis, torch.linspace(9, 3, CODEC.components))
    info = records_info(path.stem, CODEC, GENERATOR, SONGS, {"songs": ["a"] * SONGS}, "CC0-1.0")
    quantiles = torch.linspace(0, 1, 3).expand(2, 3)
    save_records_model(path, RecordsModel(info, codec, generator, torch.randn(SONGS, GENERATOR.style), quantiles))
