"""The model file: one `NAME.safetensors` with every network and all it takes to rebuild and play it.

Tensors are named `network.parameter` and kept in half precision; the file's metadata holds one JSON document under
`musika_daw` (`ModelInfo`). Loading executes nothing from the file.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from musika_daw.errors import UsageError, UserError
from musika_daw.model.autoencoder import FRAME, LATENT, AutoencoderSize, DrumCoder, PitchedAutoencoder, drum_coder
from musika_daw.model.conditioning import SIGNALS
from musika_daw.model.eight_bit import read_weights, stored
from musika_daw.model.generator import Generator, GeneratorSize
from musika_daw.model.pattern_net import PatternNet, PatternSize
from musika_daw.model.precision import for_playing, inner_precision
from musika_daw.model.style import STYLE_SIZE
from musika_daw.model.tensor_file import save_tensors
from musika_daw.model.unfilled import Unfilled
from musika_daw.music.notes import STEMS
from musika_daw.near_names import did_you_mean, same_name
from musika_daw.paths import user_path
from musika_daw.resources import models_folder, own_folder

FORMAT = 1
FAMILY = "musika-daw"
FAMILY_RECORDS = "musika-records"
MODELS_VARIABLE = "MUSIKA_DAW_MODELS"
_PATTERN = "*.safetensors"


@dataclass(frozen=True)
class ModelInfo:
    """What a model file says of itself.

    Attributes:
        name: file name without its ending.
        family: `musika-daw`; other families have other networks and are loaded by `model.official` and
            `model.universal`.
        sizes: network -> its size fields.
        signals: conditioning signal -> how many numbers a frame.
        steps: network -> flow steps it is played with.
        thresholds: voice of the pattern -> value above which it plays (`decode_pattern`).
        training: how it was made (corpus, recipe, seeds, minutes, figures).
        licence: of the weights.
    """

    name: str
    family: str = FAMILY
    format: int = FORMAT
    sample_rate: int = 44100
    frame_samples: int = FRAME
    latent: int = LATENT
    stems: tuple[str, ...] = STEMS
    sizes: Mapping[str, Any] = field(default_factory=dict)
    signals: Mapping[str, int] = field(default_factory=lambda: dict(SIGNALS))
    steps: Mapping[str, int] = field(default_factory=lambda: {"pattern": 12, "generator": 2})
    thresholds: Mapping[str, float] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    licence: str = "CC-BY-4.0"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def size(self, network: str) -> dict[str, Any]:
        """The size fields of a network; JSON knows no tuples."""
        return {k: tuple(v) if isinstance(v, list) else v for k, v in self.sizes[network].items()}


@dataclass(frozen=True)
class Networks:
    """The networks of a model."""

    info: ModelInfo
    drums: DrumCoder
    pitched: PitchedAutoencoder
    pattern: PatternNet
    generator: Generator
    style_bank: Tensor  # [styles, STYLE_SIZE]: real settings, from which seeds choose

    def by_name(self) -> dict[str, DrumCoder | PitchedAutoencoder | PatternNet | Generator]:
        return {"drums": self.drums, "pitched": self.pitched, "pattern": self.pattern, "generator": self.generator}

    def play_in(self, inner: torch.dtype) -> None:
        """Makes networks ready to play (see `precision`), inner layers of generator and decoders in `inner`; once."""
        for network in (self.generator, self.drums.decoder_layers(), self.pitched.decoder_layers()):
            for_playing(network, inner)
        for_playing(self.pattern, torch.float32)
        self.pitched.use_kernels()


def own_models_folder() -> Path:
    """Where a user's models are installed: the folder `MUSIKA_DAW_MODELS` names, or one of the user's data folder."""
    return own_folder("models", MODELS_VARIABLE)


def list_models() -> list[Path]:
    """Shipped and installed model files, by name; a shipped one hides an installed one of its name."""
    found = {path.stem: path for folder in (own_models_folder(), models_folder()) for path in folder.glob(_PATTERN)}
    return [found[name] for name in sorted(found)]


def find_model(name_or_path: str) -> Path:
    """A shipped or installed model by name, or any model file by path.

    Raises:
        UsageError: there is no such model.
    """
    path = user_path(name_or_path)
    if path.suffix == ".safetensors" or path.is_file():
        if not path.is_file():
            raise UsageError(f"model file {path} is not there")
        return path
    known = {p.stem: p for p in list_models()}
    name = same_name(name_or_path, known)
    if name is None:
        hint, names = did_you_mean(name_or_path, known), ", ".join(known) or "none"
        raise UsageError(
            f"model {name_or_path!r} is not known: {hint}expected one of {names}, or a path to a .safetensors file"
        )
    return known[name]


def read_info(name_or_path: str, families: Collection[str] = (FAMILY,)) -> ModelInfo:
    """What a model file says of itself, without loading its weights.

    Args:
        families: those that the caller can use; the others are refused.

    Raises:
        UserError: the file is damaged, or no model of this program.
    """
    path = find_model(name_or_path)
    try:
        with safe_open(path, "pt") as file:
            document = json.loads((file.metadata() or {})["musika_daw"])
    except (SafetensorError, OSError) as error:
        raise UserError(f"model file {path} is damaged ({error}): copy or download it again") from error
    except (KeyError, ValueError) as error:
        raise UserError(f"{path} is not a Musika DAW model file: its metadata has no 'musika_daw' document") from error
    family = document.get("family")
    if document.get("format") != FORMAT or family not in families:
        made = f"format {document.get('format')}, family {family}"
        expected = " or ".join(families)
        raise UserError(f"model file {path} ({made}) is not playable here: expected format {FORMAT}, family {expected}")
    if family == FAMILY and (document.get("signals") != SIGNALS or document.get("latent") != LATENT):
        raise UserError(f"model file {path} was made by another version: its conditioning signals differ")
    fields: dict[str, Any] = {k: v for k, v in document.items() if k in ModelInfo.__dataclass_fields__}
    return ModelInfo(**{**fields, "name": path.stem, "stems": tuple(document["stems"])})


def _empty_networks(info: ModelInfo) -> Networks:
    """Networks of a model's sizes, their weights without values."""
    styles = torch.zeros(info.sizes["styles"]["count"], STYLE_SIZE)
    with Unfilled():
        return Networks(
            info,
            drum_coder(info.size("drums")),
            PitchedAutoencoder(AutoencoderSize(**info.size("pitched"))),
            PatternNet(PatternSize(**info.size("pattern"))),
            Generator(GeneratorSize(**info.size("generator"))),
            styles,
        )


def load_networks(name_or_path: str) -> Networks:
    """Load a model for playing, in `inner_precision`.

    Raises:
        UsageError: there is no such model, or no such precision. UserError: the file is damaged or foreign.
    """
    networks = read_networks(name_or_path)
    networks.play_in(inner_precision())
    return networks


def read_networks(name_or_path: str) -> Networks:
    """The networks of a model file as they were trained.

    Raises:
        UsageError: there is no such model. UserError: the file is damaged or foreign.
    """
    info = read_info(name_or_path)
    path = find_model(name_or_path)
    try:
        networks = _empty_networks(info)
        tensors = load_file(path)
        for name, network in networks.by_name().items():
            network.load_state_dict(read_weights(tensors, f"{name}."), assign=True)
            network.requires_grad_(False).eval()
        networks.style_bank.copy_(tensors["styles"])
    except (SafetensorError, OSError, RuntimeError, KeyError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"model file {path} is damaged or of another version ({reason})") from error
    return networks


def save_networks(path: Path, networks: Networks, bits: int = 16) -> None:
    """Write a model file in half precision; with `bits` 8 all matrices but those of the pattern net are kept in eight
    bits: rounded so far, it would play other notes."""
    tensors: dict[str, Tensor] = {}
    for name, network in networks.by_name().items():
        tensors |= stored(network.state_dict(), bits == 8 and name != "pattern", f"{name}.")
    tensors["styles"] = networks.style_bank.half()
    sizes: dict[str, Any] = {name: asdict(network.size) for name, network in networks.by_name().items()}
    sizes["styles"] = {"count": len(networks.style_bank)}
    document = {**networks.info.to_json(), "sizes": sizes}
    save_tensors(path, tensors, {"musika_daw": json.dumps(document)})
