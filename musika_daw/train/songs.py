"""Songs as they are trained on: a file each, or files that sound together, stem by stem."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musika_daw.train.music_folder import MusicFile, MusicFolder, name_files, read_stretch


@dataclass(frozen=True)
class Song:
    """Files that begin together.

    Attributes:
        name: of what is made of it, e.g. `album/song`.
        stems: the files of each stem, which are added up; a stem without any is silent.
    """

    name: str
    stems: tuple[tuple[MusicFile, ...], ...]

    @property
    def seconds(self) -> float:
        """Of the longest file; the others are silent from their end on."""
        return max(file.seconds for files in self.stems for file in files)

    def read(self, stem: int, start: int, samples: int, rate: int) -> NDArray[np.float32]:
        """Samples `[start, start + samples)` of a stem at a rate, `[2, samples]`.

        Raises:
            UserError: a file cannot be decoded.
        """
        sound = np.zeros((2, samples), np.float32)
        for file in self.stems[stem]:
            sound += read_stretch(file, start, samples, rate)
        return sound

    def read_mix(self, start: int, samples: int, rate: int) -> NDArray[np.float32]:
        """The same of all stems together."""
        stems = [self.read(stem, start, samples, rate) for stem in range(len(self.stems))]
        return np.asarray(np.sum(stems, 0), np.float32)


@dataclass(frozen=True)
class Material:
    """Songs to train on, all of the same stems.

    Attributes:
        stems: their names, in the order of the mixer.
        remarks: what was left out, and what is silent where; a line each.
    """

    stems: tuple[str, ...]
    songs: tuple[Song, ...]
    remarks: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return sum(song.seconds for song in self.songs)


def plain_songs(music: MusicFolder, root: Path) -> tuple[Song, ...]:
    """Every file a song of one stem, in the place that it has in the folder."""
    return tuple(Song(name, ((file,),)) for file, name in name_files(music.files, root).items())
