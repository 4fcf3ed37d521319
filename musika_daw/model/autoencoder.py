"""The two autoencoders: drums by transients, partials and noise, pitched stems by source and filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from musika_daw.model.decoding import CONTEXT, EDGE, FRAME, LATENT, AutoencoderSize, audio_margin, to_audio
from musika_daw.model.drum_autoencoder import DrumAutoencoder, DrumSize
from musika_daw.model.pitched_autoencoder import PitchedAutoencoder
from musika_daw.model.plain_drums import PlainDrumAutoencoder

DrumCoder = DrumAutoencoder | PlainDrumAutoencoder
Autoencoder = DrumCoder | PitchedAutoencoder


def drum_coder(size: Mapping[str, Any]) -> DrumCoder:
    """An untrained one of the kind whose size a model file names."""
    if "noise_bands" in size:
        return DrumAutoencoder(DrumSize(**size))
    return PlainDrumAutoencoder(AutoencoderSize(**size))


__all__ = [
    "CONTEXT",
    "EDGE",
    "FRAME",
    "LATENT",
    "Autoencoder",
    "AutoencoderSize",
    "DrumAutoencoder",
    "DrumCoder",
    "DrumSize",
    "PitchedAutoencoder",
    "PlainDrumAutoencoder",
    "audio_margin",
    "drum_coder",
    "to_audio",
]
