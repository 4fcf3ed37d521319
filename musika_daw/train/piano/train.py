"""Training of a piano model: a corpus of piano music is encoded, and a GAN learns its latents and their density."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from musika_daw.errors import UserError
from musika_daw.train.labels import labels_beside
from musika_daw.train.music_folder import find_music
from musika_daw.train.official.encoding import encode_folder
from musika_daw.train.official.gan_task import run as train_gan
from musika_daw.train.official.short_training import ShortGanSettings
from musika_daw.train.official.starting import load_encoders


@dataclass(frozen=True)
class PianoSettings(ShortGanSettings):
    """Options of `train piano`: those of `train paper gan`, and the corpus."""

    corpus: Path = field(default=Path("corpus"), metadata={"help": "corpus, as 'data make piano' makes it"})


def encode_corpus(corpus: Path, autoencoder: str, out: Path) -> None:
    """Latents of every file of a corpus, and its labels beside them; what is there stays.

    Raises:
        UserError: the corpus has no labels, or the autoencoder is none.
    """
    music = find_music(corpus)
    encode_folder(music, out, corpus, load_encoders(autoencoder))
    for file in music.files:
        labels = labels_beside(file.path)
        if not labels.is_file():
            raise UserError(f"{labels} is not there: expected a corpus of 'musika-daw data make piano'")
        shutil.copyfile(labels, out / labels.name)


def run(settings: PianoSettings) -> dict[str, Any]:
    """Train, or go on training; returns the last validation figures and the model file."""
    torch.set_num_threads(settings.threads)
    latents = settings.run / "latents"
    encode_corpus(settings.corpus, settings.autoencoder, latents)
    return train_gan(replace(settings, latents=latents))
