"""From finished trainings to a model file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from musika_daw.errors import UserError
from musika_daw.model.autoencoder import DrumAutoencoder, PitchedAutoencoder
from musika_daw.model.generator import Generator
from musika_daw.model.model_file import ModelInfo, Networks, read_networks, save_networks
from musika_daw.model.pattern_net import PatternNet
from musika_daw.train.checkpoints import holds_module, load_checkpoint
from musika_daw.train.corpus.make import STYLES, bank_style
from musika_daw.train.pattern import calibrate_thresholds

_ROUNDED = 0.02  # how far, relative to them, weights are moved by eight bits at most


def _restored(network: nn.Module, run: Path, name: str) -> None:
    load_checkpoint(run / "checkpoint.safetensors", {name: network}, {})
    network.requires_grad_(False).eval()


def _kept(run: Path) -> str:
    """The average of the weights; runs from before there was one have only the last."""
    return "average" if holds_module(run / "checkpoint.safetensors", "average") else "network"


def load_autoencoders(drums_run: Path, pitched_run: Path) -> tuple[DrumAutoencoder, PitchedAutoencoder]:
    """The two autoencoders as their runs left them."""
    drums, pitched = DrumAutoencoder(), PitchedAutoencoder()
    _restored(drums, drums_run, _kept(drums_run))
    _restored(pitched, pitched_run, _kept(pitched_run))
    return drums, pitched


def assemble(
    out: Path,
    drums_run: Path,
    pitched_run: Path,
    pattern_run: Path,
    generator_run: Path,
    corpus_seed: int,
    training: Mapping[str, Any],
    bits: int = 16,
) -> Path:
    """Write a model file from four runs; seeds choose from the styles of the corpus; `bits`: see `save_networks`."""
    drums, pitched = load_autoencoders(drums_run, pitched_run)
    pattern, generator = PatternNet(), Generator()
    _restored(pattern, pattern_run, "average")
    _restored(generator, generator_run, "average")
    bank = torch.from_numpy(np.stack([bank_style(corpus_seed, i).vector() for i in range(STYLES)]))
    info = ModelInfo(out.stem, thresholds=calibrate_thresholds(pattern, corpus_seed), training=dict(training))
    if holds_module(generator_run / "checkpoint.safetensors", "critic"):
        # Finished adversarially: it makes a sample in one pass, and was trained for no other.
        info = dataclasses.replace(info, steps={**info.steps, "generator": 1})
    save_networks(out, Networks(info, drums, pitched, pattern, generator, bank), bits)
    return out


def assemble_with_drums(out: Path, base: str, drums_run: Path, training: Mapping[str, Any], bits: int = 16) -> Path:
    """Write a model file that differs from the model `base` in its drums' autoencoder, and in what `training` adds.

    Raises:
        UserError: the run's encoder is not the base's: its generator would speak another language.
    """
    known = read_networks(base)
    drums = DrumAutoencoder()
    _restored(drums, drums_run, _kept(drums_run))
    theirs = known.drums.encoder.state_dict()
    for name, value in drums.encoder.state_dict().items():
        if value.shape != theirs[name].shape or (value - theirs[name]).norm() > _ROUNDED * value.norm():
            raise UserError(
                f"the drums of {drums_run} have another encoder than {base}: train them with --encoder {base}"
            )
    info = dataclasses.replace(known.info, name=out.stem, training={**known.info.training, **training})
    save_networks(out, dataclasses.replace(known, info=info, drums=drums), bits)
    return out
