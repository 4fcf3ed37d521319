"""Music to level-2 latents, file by file, by any number of processes; what is encoded already stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.model.official.codec import Encoders
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.train.distributed import ALONE, World
from musika_daw.train.music_folder import MusicFile, MusicFolder, name_files, read_stretch

_BLOCK_LATENTS = 512
_LEAST_SECONDS = 1.0
_SILENT = 1e-4  # -80 dBFS
_FACTS = "encoding.json"


@dataclass(frozen=True)
class Encoding:
    """What a folder of latents says of itself, in `encoding.json`.

    Attributes:
        samples: name of a file of latents, without its ending -> how many samples long the music was.
    """

    family: str
    sample_rate: int
    latent_samples: int
    depth: int
    samples: Mapping[str, int]

    @classmethod
    def of(cls, files: Mapping[MusicFile, str], size: OfficialSize) -> Encoding:
        samples = {name: round(file.seconds * size.sample_rate) for file, name in files.items()}
        return cls(size.family, size.sample_rate, size.latent_samples, size.depth, samples)

    @classmethod
    def read(cls, folder: Path, size: OfficialSize) -> Encoding:
        """What the folder says; nothing where it says nothing.

        Raises:
            UserError: the latents are not those of a model of this size, or the file is damaged.
        """
        path, own = folder / _FACTS, cls.of({}, size)
        if not path.is_file():
            return own
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            read = cls(**{**told, "samples": {str(name): int(n) for name, n in told["samples"].items()}})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(f"{path} is damaged ({' '.join(str(error).split())}): delete it or encode again") from error
        if replace(read, samples={}) != own:
            raise UserError(
                f"the latents in {folder} are of {read.family} ({read.depth} every {read.latent_samples} samples)"
                f": expected {own.family} ({own.depth} every {own.latent_samples})"
            )
        return read

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FACTS).write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def encode_file(file: MusicFile, encoders: Encoders) -> NDArray[np.float32]:
    """Latents `[T, 2 depth]` of a whole file, its end filled up with silence; memory grows by the latents alone.

    Raises:
        UserError: the file cannot be decoded, is silent, or too short.
    """
    size = encoders.size
    if file.seconds < _LEAST_SECONDS:
        raise UserError(f"{file.path} is too short ({file.seconds:.2f} s): expected {_LEAST_SECONDS:g} s at least")
    total = -(-round(file.seconds * size.sample_rate) // size.latent_samples)
    latents, peak = np.empty((total, size.stereo_depth), np.float32), 0.0
    for first in range(0, total, _BLOCK_LATENTS):
        count = min(_BLOCK_LATENTS, total - first)
        # The last frames of a block reach into the next one.
        samples = count * size.latent_samples + size.fft - size.hop
        sound = read_stretch(file, first * size.latent_samples, samples, size.sample_rate)
        peak = max(peak, float(np.abs(sound).max()))
        latents[first : first + count] = encoders.latents(torch.from_numpy(sound))[:, :count].T.numpy()
    if peak < _SILENT:
        raise UserError(f"{file.path} is silent")
    return latents


def encode_folder(
    music: MusicFolder,
    out: Path,
    root: Path,
    encoders: Encoders,
    progress: Callable[[float], None] = lambda share: None,
    world: World = ALONE,
) -> tuple[str, ...]:
    """Write the latents of every file of a folder of music, in the places its files have.

    Args:
        root: the folder of music. `album/song.wav` in it becomes `album/song.npy` in `out`.
        world: the processes that share the files.

    Returns:
        Why files were left out, of those that this process had.
    """
    names = name_files(music.files, root)
    if world.leads:
        Encoding.of(names, encoders.size).write(out)
    mine, left_out = world.share(music.files), []
    for done, file in enumerate(mine, 1):
        place = out / f"{names[file]}.npy"
        if not place.exists():
            try:
                latents = encode_file(file, encoders)
            except UserError as error:
                left_out.append(str(error))
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            partial = place.with_suffix(".partial")
            with partial.open("wb") as opened:
                np.save(opened, latents)
            partial.replace(place)
        progress(done / len(mine))
    world.wait()
    return tuple(left_out)
