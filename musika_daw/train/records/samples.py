"""Samples of a trained generator as sound files, for ears and for `eval sound`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import torch

from musika_daw.model.flow import flow_sample
from musika_daw.model.universal.codec import UniversalCodec
from musika_daw.model.universal.generator import Guidance, UniversalGenerator
from musika_daw.model.universal.layout import SAMPLE_RATE
from musika_daw.train.records.packed import PackedRecords

FRAMES = 124  # 11.5 s
_FULL = 0.98


@torch.inference_mode()
def write_samples(
    network: UniversalGenerator,
    data: PackedRecords,
    codec: UniversalCodec,
    out: Path,
    count: int,
    steps: int,
    guidance: Guidance,
    progress: Callable[[float], None],
) -> list[Path]:
    """Write `count` samples, each in the style and with the signals of another track, whichever part it is of."""
    out.mkdir(parents=True, exist_ok=True)
    pairs = zip(data.starts[:-1], data.starts[1:], strict=True)
    tracks = [(first, end) for first, end in pairs if end - first >= FRAMES]
    written = []
    for number in range(count):
        first, end = tracks[number * len(tracks) // count]
        start = first + (end - first - FRAMES) // 2
        latents, signals = (torch.from_numpy(part)[None] for part in data.cut(start, FRAMES))
        style = network.style(network.scaled(latents))
        noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(number))
        made = flow_sample(lambda x, t: network.guided(x, t, signals, style, guidance), noise, steps)  # noqa: B023
        mid, side = codec.decode(network.to_latents(made))[0].numpy()
        sound = np.stack([mid + side, mid - side], 1)
        sound *= min(1.0, _FULL / max(float(np.abs(sound).max()), 1e-6))
        path = out / f"{number:02d}.flac"
        soundfile.write(path, sound, SAMPLE_RATE, "PCM_16")
        written.append(path)
        progress((number + 1) / count)
    return written
