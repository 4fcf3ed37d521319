"""A trained codec on disk: one `.safetensors` in half precision, with its sizes and how it was trained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from musika_daw.errors import UserError
from musika_daw.model.tensor_file import save_tensors
from musika_daw.model.universal.autoencoder import UniversalAutoencoder, UniversalSize
from musika_daw.model.universal.codec import UniversalCodec

FORMAT = 1
_KEY = "musika_daw_codec"


def save_codec(path: Path, network: UniversalAutoencoder, training: Mapping[str, Any]) -> None:
    """Write a codec; the file appears whole."""
    document = {"format": FORMAT, "size": asdict(network.size), "training": dict(training)}
    tensors = {k: v.detach().to("cpu", torch.float16) for k, v in network.state_dict().items()}
    save_tensors(path, tensors, {_KEY: json.dumps(document)})


def load_codec(path: Path) -> UniversalCodec:
    """Read a codec.

    Raises:
        UserError: the file is missing, damaged, or no codec.
    """
    try:
        with safe_open(path, "pt") as file:
            document = json.loads((file.metadata() or {})[_KEY])
        if document["format"] != FORMAT:
            raise UserError(f"codec {path} has format {document['format']}, expected {FORMAT}: train it again")
        codec = UniversalCodec(UniversalSize(**document["size"]))
        codec.autoencoder.load_state_dict({k: v.float() for k, v in load_file(path).items()})
    except (SafetensorError, OSError, KeyError, ValueError, TypeError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path} is no codec that can be read ({reason}): expected one of 'train records'") from error
    return codec.requires_grad_(False).eval()
