"""Music to level-2 latents, file by file, by any number of processes; what is encoded already stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.model.official.codec import Encoders
from musika_daw.train.distributed import ALONE, World
from musika_daw.train.music_folder import MusicFile, MusicFolder, read_stretch

_BLOCK_LATENTS = 512


def encode_file(file: MusicFile, encoders: Encoders) -> NDArray[np.float32]:
    """Latents `[T, 2 depth]` of a whole file, its end filled up with silence; memory does not grow with the file.

    Raises:
        UserError: the file cannot be decoded.
    """
    size = encoders.size
    total = -(-round(file.seconds * size.sample_rate) // size.latent_samples)
    blocks = []
    for first in range(0, total, _BLOCK_LATENTS):
        count = min(_BLOCK_LATENTS, total - first)
        # The last frames of a block reach into the next one.
        samples = count * size.latent_samples + size.fft - size.hop
        sound = read_stretch(file, first * size.latent_samples, samples, size.sample_rate)
        blocks.append(encoders.latents(torch.from_numpy(sound))[:, :count].T)
    return torch.cat(blocks).contiguous().numpy()


def encode_folder(
    music: MusicFolder,
    out: Path,
    root: Path,
    encoders: Encoders,
    progress: Callable[[float], None] = lambda share: None,
    world: World = ALONE,
) -> None:
    """Write the latents of every file of a folder of music, in the places its files have.

    Args:
        root: the folder of music. `album/song.wav` in it becomes `album/song.npy` in `out`.
        world: the processes that share the files.
    """
    mine = world.share(music.files)
    for done, file in enumerate(mine, 1):
        place = out / file.path.relative_to(root).with_suffix(".npy")
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            partial = place.with_suffix(".partial")
            with partial.open("wb") as opened:
                np.save(opened, encode_file(file, encoders))
            partial.replace(place)
        progress(done / len(mine))
    world.wait()
