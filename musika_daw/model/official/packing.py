"""Smaller model files of the official family: sixteen or eight bits, and nothing but what plays and encodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from musika_daw.model.eight_bit import stored
from musika_daw.model.official.networks import PLAYING
from musika_daw.model.official.official_file import load_official, save_official

_KEPT_WHOLE = ("gen",)  # small, and what it makes decides what is played
BITS = (16, 8)


def pack_official(
    name_or_path: str, out: Path, licence: str | None, training: Mapping[str, Any], bits: int = 16
) -> None:
    """Write a model again, at half its size or less, or at a quarter of it.

    Args:
        licence: of the weights; None keeps what the model says.
        training: what the file shall say of its training, beside what it says already.
        bits: 16, or 8 for autoencoders: renders are then another 45 dB apart from those of the model.

    Raises:
        UsageError: there is no such model. UserError: it is none of the officials', or damaged.
    """
    model = load_official(name_or_path, PLAYING)
    info = replace(model.info, licence=licence or model.info.licence, training={**model.info.training, **training})
    weights = {
        name: stored(network.state_dict(), bits == 8 and name not in _KEPT_WHOLE)
        for name, network in model.networks.items()
    }
    save_official(out, info, weights)
