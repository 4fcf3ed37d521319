"""What a model's generator makes of the notes, controls and styles of a corpus, beside what its instruments played.

Its latents are less exact than an encoder's: a decoder that has met both plays the generator's as instruments would.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.model.autoencoder import LATENT
from musika_daw.model.flow import flow_sample
from musika_daw.model.generator import latent_noise
from musika_daw.model.model_file import Networks
from musika_daw.train.corpus.make import Corpus
from musika_daw.train.latents import track_conditioning


class GeneratedLatents:
    """The drums' latents of whole tracks of a corpus, made when they are first asked for."""

    def __init__(self, networks: Networks, corpus: Corpus, frames: int) -> None:
        self._networks, self._corpus, self._frames = networks, corpus, frames
        self._steps = networks.info.steps["generator"]
        self._made: dict[int, NDArray[np.float32]] = {}

    @torch.no_grad()
    def of_track(self, index: int) -> NDArray[np.float32]:
        """`[LATENT, frames]`."""
        if index not in self._made:
            track, generator = self._corpus.tracks[index], self._networks.generator
            told = torch.from_numpy(track_conditioning(track, self._frames))[None]
            noise = torch.from_numpy(latent_noise(track.coordinates_seed, 0, self._frames))[None]
            made = generator.to_latents(flow_sample(lambda x, t: generator(x, t, told), noise, self._steps))
            self._made[index] = made[0, :LATENT].numpy().copy()
        return self._made[index]

    def cut(self, places: list[tuple[int, int, int]], frames: int) -> torch.Tensor:
        """Excerpts at (track, stem, first latent frame), `[B, LATENT, frames]`."""
        return torch.from_numpy(np.stack([self.of_track(t)[:, f : f + frames] for t, _, f in places]))
