"""Music of a model of records in one piece, as its trainings measure it."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.analysis.mid_side import left_right
from musika_daw.model.flow import flow_sample
from musika_daw.model.universal.generator import SIGNALS
from musika_daw.model.universal.layout import FRAME, SAMPLE_RATE
from musika_daw.model.universal.model_file import RecordsModel

SECONDS = 20.0


@torch.inference_mode()
def play(
    model: RecordsModel, seed: int, density: float, bpm: float, brightness: float = 0.5, seconds: float = SECONDS
) -> NDArray[np.float32]:
    """Music that begins with a beat, in the style of song `seed`, left and right `[2, samples]` at 44.1 kHz.

    Args:
        density, brightness: 0 to 1, as shares of the songs that have less.
    """
    frames = round(seconds * SAMPLE_RATE / FRAME)
    beats = (np.arange(frames) + 0.5) * FRAME / SAMPLE_RATE * bpm / 60
    told = np.ones((len(SIGNALS), frames), np.float32)
    for row, (value, heard) in enumerate(zip((density, brightness), model.quantiles.numpy(), strict=True)):
        told[row] = np.interp(value, np.linspace(0, 1, len(heard)), heard)
    told[2] = np.log2(bpm / 120)
    told[3], told[4] = np.sin(2 * np.pi * beats), np.cos(2 * np.pi * beats)
    signals = torch.from_numpy(told)[None]
    style = model.styles[seed % len(model.styles)][None]
    noise = torch.randn(1, model.info.latent, frames, generator=torch.Generator().manual_seed(seed))
    network, steps = model.generator, model.info.steps["generator"]
    made = flow_sample(lambda x, t: network.guided(x, t, signals, style, model.guidance), noise, steps)
    return left_right(model.codec.decode(network.to_latents(made))[0].numpy())
