"""What turns a sound into vectors, one a window of about a second: the ears that distances are taken with."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio
from musika_daw.evaluate.report.musicnn import MusicNN, find_musicnn
from musika_daw.evaluate.report.sounds import heard_windows
from musika_daw.model.autoencoder import FRAME, DrumCoder, audio_margin
from musika_daw.model.model_file import load_networks
from musika_daw.train.metrics.frechet import Vectors
from musika_daw.train.metrics.listener import listener_features

ENCODER_MODEL = "techno"  # the same for every model that is measured: distances can then be compared
LISTENER_FEATURES = 162
_ENCODER_FRAMES = 21  # of latents, 0.98 s


class Embedding(Protocol):
    """An ear.

    Attributes:
        name: for tables.
        about: how it is computed, for the page.
    """

    name: str
    about: str

    def embed(self, audio: Audio) -> Vectors:
        """Audio `[2, samples]` at 44.1 kHz -> `[windows, dimensions]`, silent windows left out."""
        ...


class Listener:
    """`listener_features` of every second."""

    name = "Listener"
    about = (
        "statistics of a log-frequency spectrogram (162 numbers): in 32 bands from 40 Hz to 16 kHz the spectrum of the "
        "louder moments, how much it moves, rises, falls and how attacks decay; and stereo width; windows of 1 s"
    )

    def embed(self, audio: Audio) -> Vectors:
        heard = np.flatnonzero(heard_windows(audio, SAMPLE_RATE, audio.shape[1] // SAMPLE_RATE))
        found = [listener_features(audio[:, k * SAMPLE_RATE : (k + 1) * SAMPLE_RATE]) for k in heard]
        return np.array(found, np.float64).reshape(-1, LISTENER_FEATURES)


class Encoder:
    """Latents of an autoencoder of ours."""

    name = "Our encoder"
    about = (
        f"mean and spread over 0.98 s of the 48 latents that the drum encoder of the shipped model ({ENCODER_MODEL}) "
        "makes of the sound (96 numbers); trained by reconstruction alone, on the synthesised corpus"
    )

    def __init__(self, network: DrumCoder) -> None:
        self._network = network

    @torch.inference_mode()
    def embed(self, audio: Audio) -> Vectors:
        left, right = torch.from_numpy(np.asarray(audio, np.float32))
        both, edge = torch.stack([left + right, left - right]) / 2, audio_margin(self._network)
        whole = audio.shape[1] // (_ENCODER_FRAMES * FRAME)
        kept = torch.nn.functional.pad(both[:, : whole * _ENCODER_FRAMES * FRAME], (edge, edge))
        latents = self._network.encode(kept[None])[0].unflatten(1, (whole, _ENCODER_FRAMES))
        statistics = torch.cat([latents.mean(2), latents.std(2)]).T
        heard = heard_windows(audio, _ENCODER_FRAMES * FRAME, whole)
        return np.asarray(statistics.numpy()[heard], np.float64)


def known_embeddings() -> list[Embedding]:
    """Every embedding that can be had here; MusiCNN where its wheel is installed."""
    ears: list[Embedding] = [Listener(), Encoder(load_networks(ENCODER_MODEL).drums)]
    checkpoint = find_musicnn()
    return [*ears, MusicNN.load(checkpoint)] if checkpoint else ears
