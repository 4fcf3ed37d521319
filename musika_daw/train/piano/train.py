"""Training of a piano model: a corpus of piano music is encoded, and a GAN learns its latents and their density."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from musika_daw.errors import UserError
from musika_daw.model.official.codec import Encoders
from musika_daw.model.official.networks import make_network
from musika_daw.train.labels import LABEL_ENDING
from musika_daw.train.music_folder import find_music
from musika_daw.train.official.encoding import encode_folder
from musika_daw.train.official.gan_task import PaperGanSettings
from musika_daw.train.official.gan_task import run as train_gan
from musika_daw.train.official.starting import find_size, load_start


@dataclass(frozen=True)
class PianoSettings(PaperGanSettings):
    """Options of `train piano`: those of `train paper gan`, and more."""

    corpus: Path = field(default=Path("corpus"), metadata={"help": "corpus, as 'data make piano' makes it"})
    guidance: float = field(default=10.0, metadata={"help": "weight of the density that is read in what is made"})
    # For short trainings on a processor; rebuilding the critic's input would be nearly all of the critic's loss there.
    base: int = field(default=32, metadata={"help": "width of generator and critic; the paper's is 128"})
    batch: int = field(default=4, metadata={"help": "windows per step, of all processes together"})
    # Slower, the one channel that density has among the generator's inputs is not heard for hundreds of steps.
    lr: float = field(default=2e-3, metadata={"help": "learning rate of both networks"})
    one_centred: bool | None = field(default=False, metadata={"help": "the penalty draws slopes to one, not to zero"})
    adaptive: bool | None = field(default=True, metadata={"help": "the penalty follows how sure the critic is"})
    first_decay: float | None = field(default=0.5, metadata={"help": "beta1 of Adam"})
    reconstruction: float | None = field(
        default=0.0, metadata={"help": "weight of rebuilding latents from the critic's features"}
    )
    clip: float = field(default=20.0, metadata={"help": "length that gradients are shortened to; 0: never"})
    anneal: bool = field(default=True, metadata={"help": "the learning rate falls to a twentieth in the end"})
    average: float = field(default=0.99, metadata={"help": "share of the running average that stays each step"})


def encode_corpus(corpus: Path, autoencoder: str, out: Path) -> None:
    """Latents of every file of a corpus, and its labels beside them; what is there stays.

    Raises:
        UserError: the corpus has no labels, or the autoencoder is none.
    """
    size = find_size(autoencoder)
    networks = {name: make_network(name, size) for name in ("enc", "enc2")}
    load_start(autoencoder, networks)
    for network in networks.values():
        network.requires_grad_(False).eval()
    music = find_music(corpus)
    encode_folder(music, out, corpus, Encoders(size, networks["enc"], networks["enc2"]))
    for file in music.files:
        labels = file.path.with_name(file.path.stem + LABEL_ENDING)
        if not labels.is_file():
            raise UserError(f"{labels} is not there: expected a corpus of 'musika-daw data make piano'")
        shutil.copyfile(labels, out / labels.name)


def run(settings: PianoSettings) -> dict[str, Any]:
    """Train, or go on training; returns the last validation figures and the model file."""
    torch.set_num_threads(settings.threads)
    latents = settings.run / "latents"
    encode_corpus(settings.corpus, settings.autoencoder, latents)
    return train_gan(replace(settings, latents=latents))
