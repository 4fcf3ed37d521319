"""Smaller model files of the official family: half precision, and nothing but what plays and encodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from musika_daw.model.official.networks import PLAYING
from musika_daw.model.official.official_file import load_official, save_official


def pack_official(name_or_path: str, out: Path, licence: str | None, training: Mapping[str, Any]) -> None:
    """Write a model again, at half its size or less.

    Args:
        licence: of the weights; None keeps what the model says.
        training: what the file shall say of its training, beside what it says already.

    Raises:
        UsageError: there is no such model. UserError: it is none of the officials', or damaged.
    """
    model = load_official(name_or_path, PLAYING)
    info = replace(model.info, licence=licence or model.info.licence, training={**model.info.training, **training})
    weights = {
        name: {key: _halved(value) for key, value in network.state_dict().items()}
        for name, network in model.networks.items()
    }
    save_official(out, info, weights)


def _halved(tensor: Tensor) -> Tensor:
    return tensor.to(torch.float16) if tensor.is_floating_point() else tensor
