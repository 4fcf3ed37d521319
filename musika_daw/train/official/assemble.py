"""From networks that were trained to a model file of the official family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import nn

from musika_daw.model.official.conditions import signal_channels
from musika_daw.model.official.official_file import official_info, save_official
from musika_daw.model.official.sizes import OfficialSize

AUTOENCODER = ("enc", "enc2", "dec", "dec2")
OWN_LICENCE = "the trainer's own"


def write_model(
    path: Path,
    size: OfficialSize,
    networks: Mapping[str, nn.Module],
    signals: Sequence[str],
    stems: tuple[str, ...],
    training: Mapping[str, Any],
) -> None:
    """Write a model file.

    Args:
        networks: by the names of their `.h5` files; those of a critic may be among them, to train on from there.
        signals: the conditioning it knows (`conditions`).
        stems: names of those it makes.
        training: what it shall say of its training.

    Raises:
        UserError: it cannot be written.
    """
    info = replace(
        official_info(path.stem, size, OWN_LICENCE, stems),
        signals=signal_channels(signals, size.stems),
        training=dict(training),
    )
    weights = {name: {k: v.detach().cpu() for k, v in n.state_dict().items()} for name, n in networks.items()}
    save_official(path, info, weights)
