"""From finished trainings to a model file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from musika_daw.model.autoencoder import DrumAutoencoder, PitchedAutoencoder
from musika_daw.model.generator import Generator
from musika_daw.model.model_file import ModelInfo, Networks, save_networks
from musika_daw.model.pattern_net import PatternNet
from musika_daw.train.checkpoints import holds_module, load_checkpoint
from musika_daw.train.corpus.make import STYLES, bank_style
from musika_daw.train.pattern import calibrate_thresholds


def _restored(network: nn.Module, run: Path, name: str) -> None:
    load_checkpoint(run / "checkpoint.safetensors", {name: network}, {})
    network.requires_grad_(False).eval()


def load_autoencoders(drums_run: Path, pitched_run: Path) -> tuple[DrumAutoencoder, PitchedAutoencoder]:
    """The two autoencoders as their runs left them."""
    drums, pitched = DrumAutoencoder(), PitchedAutoencoder()
    _restored(drums, drums_run, "network")
    _restored(pitched, pitched_run, "network")
    return drums, pitched


def assemble(
    out: Path,
    drums_run: Path,
    pitched_run: Path,
    pattern_run: Path,
    generator_run: Path,
    corpus_seed: int,
    training: Mapping[str, Any],
) -> Path:
    """Write a model file from four runs; seeds will choose from the styles of the corpus."""
    drums, pitched = load_autoencoders(drums_run, pitched_run)
    pattern, generator = PatternNet(), Generator()
    _restored(pattern, pattern_run, "average")
    _restored(generator, generator_run, "average")
    bank = torch.from_numpy(np.stack([bank_style(corpus_seed, i).vector() for i in range(STYLES)]))
    info = ModelInfo(out.stem, thresholds=calibrate_thresholds(pattern, corpus_seed), training=dict(training))
    if holds_module(generator_run / "checkpoint.safetensors", "critic"):
        # Finished adversarially: it makes a sample in one pass, and was trained for no other.
        info = dataclasses.replace(info, steps={**info.steps, "generator": 1})
    save_networks(out, Networks(info, drums, pitched, pattern, generator, bank))
    return out
