"""What the drums' decoder is trained on: two takes of an excerpt that differ in their noise, against the original."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from musika_daw.model.autoencoder import CONTEXT, EDGE, FRAME, DrumAutoencoder, DrumCoder, audio_margin
from musika_daw.model.drum_noise import PERIOD
from musika_daw.train.energy_score import energy_score
from musika_daw.train.excerpts import Excerpts

SIZES = (128, 256, 512, 1024, 2048, 4096)
_SIZES_A_STEP = 3


def decode_takes(
    network: DrumAutoencoder, latents: Tensor, batch: Excerpts, generator: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Latents with `CONTEXT` frames on either side -> two takes of what lies between, mid and side `[B, 2, samples]`.

    `batch`: what they are latents of, with settings and strokes.
    """
    period = PERIOD // network.hop
    first = int(generator.integers(period * network.hop // FRAME))
    strokes = [samples + first * FRAME for samples in batch.strokes]
    parts = network.parts(latents, first, CONTEXT, batch.kits(latents.shape[2]), strokes)
    start = EDGE * network.hop + audio_margin(network)
    samples = (latents.shape[2] - 2 * CONTEXT) * FRAME
    moves = (0, int(generator.integers(period // 16, period - period // 16)))
    one, other = (network.sound(parts, move)[:, :, start : start + samples] for move in moves)
    return one, other


def takes_distance(original: Tensor, takes: tuple[Tensor, Tensor], generator: np.random.Generator) -> Tensor:
    """Energy score at a few FFT sizes, of left and right or of mid and side, drawn anew at every step.

    All are mid and side `[B, 2, samples]`. Left and right hear what both have in common, mid and side how wide it is.
    """
    apart = bool(generator.integers(2))

    def sides(x: Tensor) -> Tensor:
        return x.transpose(0, 1).flatten(0, 1) if apart else torch.cat([x[:, 0] + x[:, 1], x[:, 0] - x[:, 1]])

    total = torch.zeros((), device=original.device)
    for n in generator.choice(SIZES, _SIZES_A_STEP, replace=False):
        total = total + energy_score(sides(original), (sides(takes[0]), sides(takes[1])), int(n))
    return total


@torch.no_grad()
def take_over(network: DrumAutoencoder, known: DrumCoder) -> None:
    """Start from another drums' autoencoder: its encoder, so that latents keep their meaning, and what its decoder
    knows of strokes; of one without noise, less of them where noise will stand."""
    if isinstance(known, DrumAutoencoder):
        network.load_state_dict(known.state_dict())
        return
    own, theirs = network.state_dict(), known.state_dict()
    for key, value in theirs.items():
        if not key.startswith("head.2."):
            own[key].copy_(value)
    struck = network.size.struck
    for key in ("head.2.weight", "head.2.bias"):
        for part in range(3):
            own[key][part * struck : (part + 1) * struck] = theirs[key][part * known.bins :][:struck]
    own["head.2.bias"][:struck] -= torch.clamp((torch.arange(struck) - 40) / 40, 0, 1)
