"""The model file of a generator of universal latents: the codec it speaks, the generator, and the styles of its songs.

The same kind of file as the others'; matrices are kept in eight bits, all else in half precision.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from musika_daw.errors import UserError
from musika_daw.model.eight_bit import read_weights, stored
from musika_daw.model.model_file import FAMILY_RECORDS, ModelInfo, find_model, read_info
from musika_daw.model.precision import for_playing
from musika_daw.model.tensor_file import save_tensors
from musika_daw.model.unfilled import Unfilled
from musika_daw.model.universal.autoencoder import UniversalSize
from musika_daw.model.universal.codec import UniversalCodec
from musika_daw.model.universal.generator import GeneratorSize, Guidance, UniversalGenerator
from musika_daw.model.universal.layout import FRAME, SAMPLE_RATE
from musika_daw.music.notes import MIX

_TOLD = {"density": 1, "brightness": 1, "tempo": 1, "beat_phase": 3}
STEPS = 12
GUIDANCE = Guidance(style=1.5, density=8.0)
"""Of new models: density is heard only where it is followed far beyond what a song of that style would do."""


@dataclass(frozen=True)
class RecordsModel:
    """What such a file holds.

    Attributes:
        styles: `[songs, style]`, of the songs it was trained on.
        quantiles: `[2, n]`: density and brightness of those songs, from the least to the most, evenly spread.
    """

    info: ModelInfo
    codec: UniversalCodec
    generator: UniversalGenerator
    styles: Tensor
    quantiles: Tensor

    @property
    def guidance(self) -> Guidance:
        """How far what is made is moved towards what it is told; a model without the control is not moved by it."""
        density = float(self.info.sizes.get("density_guidance", 0.0)) if "density" in self.info.signals else 0.0
        return Guidance(float(self.info.sizes["guidance"]), density)

    def play_in(self, inner: torch.dtype) -> None:
        """Makes networks ready to play (see `precision`), once: the generator's inner layers in `inner`, the decoder,
        whose errors would be heard as other sound, in float32."""
        for_playing(self.generator, inner)
        for_playing(self.codec.autoencoder.decoder, torch.float32)

    def networks(self) -> dict[str, nn.Module]:
        return {"codec": self.codec.autoencoder, "generator": self.generator}


def records_info(
    name: str,
    codec: UniversalSize,
    generator: GeneratorSize,
    songs: int,
    training: Mapping[str, Any],
    licence: str,
) -> ModelInfo:
    """What the file of such a model says of itself; `songs`: how many styles it has."""
    return ModelInfo(
        name,
        family=FAMILY_RECORDS,
        sample_rate=SAMPLE_RATE,
        frame_samples=FRAME,
        latent=codec.latents,
        stems=(MIX,),
        sizes={
            "codec": asdict(codec),
            "generator": asdict(generator),
            "styles": songs,
            "guidance": GUIDANCE.style,
            "density_guidance": GUIDANCE.density,
        },
        signals=dict(_TOLD),
        steps={"generator": STEPS},
        training=dict(training),
        licence=licence,
    )


def save_records_model(path: Path, model: RecordsModel) -> None:
    """Write a model file; nothing is left where that fails."""
    tensors: dict[str, Tensor] = {"styles": model.styles.half(), "quantiles": model.quantiles.half()}
    for prefix, network in model.networks().items():
        tensors |= stored(network.state_dict(), eight_bit=True, prefix=f"{prefix}.")
    # The file's name says it; without it equal models are equal files.
    document = {key: value for key, value in model.info.to_json().items() if key != "name"}
    save_tensors(path, tensors, {"musika_daw": json.dumps(document)})


def load_records_model(name_or_path: str) -> RecordsModel:
    """Load a model, ready to play.

    Raises:
        UsageError: there is no such model. UserError: it is of another family, or damaged.
    """
    info, path = read_info(name_or_path, (FAMILY_RECORDS,)), find_model(name_or_path)
    try:
        with Unfilled():
            generator = UniversalGenerator(GeneratorSize(**info.size("generator")))
        codec = UniversalCodec(UniversalSize(**info.size("codec")))
        tensors = load_file(path)
        model = RecordsModel(info, codec, generator, tensors["styles"].float(), tensors["quantiles"].float())
        for prefix, network in model.networks().items():
            network.load_state_dict(read_weights(tensors, f"{prefix}."), assign=True)
            network.requires_grad_(False).eval()
        codec.requires_grad_(False).eval()
        if len(model.styles) != info.sizes["styles"]:
            raise ValueError("styles are missing")
    except (SafetensorError, OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"model file {path} is damaged or of another version ({reason})") from error
    return model
