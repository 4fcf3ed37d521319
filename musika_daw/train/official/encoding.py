"""Music to level-2 latents, file by file, by any number of processes; what is encoded already stays."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.model.official.codec import Encoders
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.music.notes import MIX
from musika_daw.storage.files import replace_file, write_text
from musika_daw.train.distributed import ALONE, World
from musika_daw.train.music_folder import SILENT, MusicFolder
from musika_daw.train.songs import Song, plain_songs

_BLOCK_LATENTS = 512
_LEAST_SECONDS = 1.0
_FACTS = "encoding.json"


@dataclass(frozen=True)
class Encoding:
    """What a folder of latents says of itself, in `encoding.json`.

    Attributes:
        samples: name of a file of latents, without its ending -> how many samples long the music was.
        stems: whose latents lie one above the other.
    """

    family: str
    sample_rate: int
    latent_samples: int
    depth: int
    samples: Mapping[str, int]
    stems: tuple[str, ...] = (MIX,)

    @classmethod
    def of(cls, songs: Sequence[Song], size: OfficialSize, stems: tuple[str, ...] = (MIX,)) -> Encoding:
        samples = {song.name: round(song.seconds * size.sample_rate) for song in songs}
        return cls(size.family, size.sample_rate, size.latent_samples, size.depth, samples, stems)

    @classmethod
    def read(cls, folder: Path, size: OfficialSize) -> Encoding:
        """What the folder says; nothing where it says nothing.

        Raises:
            UserError: the latents are not those of a model of this size, or the file is damaged.
        """
        path, own = folder / _FACTS, cls.of((), size)
        if not path.is_file():
            return own
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            samples = {str(name): int(n) for name, n in told["samples"].items()}
            read = cls(**{**told, "samples": samples, "stems": tuple(told.get("stems", (MIX,)))})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError(f"{path} is damaged ({' '.join(str(error).split())}): delete it or encode again") from error
        if replace(read, samples={}, stems=own.stems) != own:
            raise UserError(
                f"the latents in {folder} are of {read.family} ({read.depth} every {read.latent_samples} samples)"
                f": expected {own.family} ({own.depth} every {own.latent_samples})"
            )
        return read

    def write(self, folder: Path) -> None:
        write_text(folder / _FACTS, json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")


def encode_song(song: Song, encoders: Encoders) -> NDArray[np.float32]:
    """Latents `[T, 2 depth stems]` of a whole song, its end filled up with silence; memory grows by the latents alone.

    Raises:
        UserError: a file cannot be decoded, or the song is silent, or too short.
    """
    size = encoders.size
    if song.seconds < _LEAST_SECONDS:
        raise UserError(f"{song.name} is too short ({song.seconds:.2f} s): expected {_LEAST_SECONDS:g} s at least")
    total = -(-round(song.seconds * size.sample_rate) // size.latent_samples)
    latents, peak = np.empty((total, len(song.stems), size.stereo_depth), np.float32), 0.0
    for first in range(0, total, _BLOCK_LATENTS):
        count = min(_BLOCK_LATENTS, total - first)
        # The last frames of a block reach into the next one.
        samples = count * size.latent_samples + size.fft - size.hop
        for stem in range(len(song.stems)):
            sound = song.read(stem, first * size.latent_samples, samples, size.sample_rate)
            peak = max(peak, float(np.abs(sound).max()))
            latents[first : first + count, stem] = encoders.latents(torch.from_numpy(sound))[:, :count].T.numpy()
    if peak < SILENT:
        raise UserError(f"{song.name} is silent")
    return latents.reshape(total, -1)


def encode_folder(
    music: MusicFolder,
    out: Path,
    root: Path,
    encoders: Encoders,
    progress: Callable[[float], None] = lambda share: None,
    world: World = ALONE,
) -> tuple[str, ...]:
    """`encode_songs` of every file of a folder: `album/song.wav` in `root` becomes `album/song.npy` in `out`."""
    return encode_songs(plain_songs(music, root), (MIX,), out, encoders, progress, world)


def encode_songs(
    songs: Sequence[Song],
    stems: tuple[str, ...],
    out: Path,
    encoders: Encoders,
    progress: Callable[[float], None] = lambda share: None,
    world: World = ALONE,
) -> tuple[str, ...]:
    """Write the latents of every song, `NAME.npy` in `out`; those that are there stay.

    Args:
        stems: names of the songs' stems.
        world: the processes that share the songs.

    Returns:
        Why songs were left out, of those that this process had.

    Raises:
        UserError: what is there is of another model, or of other stems.
    """
    if world.leads:
        if (there := Encoding.read(out, encoders.size)).samples and there.stems != stems:
            told, new = ", ".join(there.stems), ", ".join(stems)
            raise UserError(f"the latents in {out} are of the stems {told}, not of {new}: delete the folder")
        Encoding.of(songs, encoders.size, stems).write(out)
    mine, left_out = world.share(songs), []
    for done, song in enumerate(mine, 1):
        place = out / f"{song.name}.npy"
        if not place.exists():
            try:
                latents = encode_song(song, encoders)
            except UserError as error:
                left_out.append(str(error))
                continue
            with replace_file(place) as partial, partial.open("wb") as opened:
                np.save(opened, latents)
        progress(done / len(mine))
    world.wait()
    return tuple(left_out)
