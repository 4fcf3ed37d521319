"""The tracks of a corpus as a folder of music: one stereo file each, as anybody's music comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from musika_daw.music.notes import STEMS
from musika_daw.storage.folders import whole_folder
from musika_daw.train.corpus.make import SAMPLE_RATE, TRACK_SAMPLES, Corpus

_CEILING = 0.98


def write_mixes(corpus: Corpus, folder: Path, progress: Callable[[float], None] = lambda share: None) -> None:
    """Write the mix of every track into a new folder, 16 bit; too loud ones are turned down.

    Raises:
        UserError: the folder is in use.
    """
    with whole_folder(folder) as partial:
        for track in corpus.tracks:
            stems = [corpus.audio(track.index, stem, 0, TRACK_SAMPLES) for stem in range(len(STEMS))]
            middle, side = np.sum(stems, 0)
            sound = np.stack([middle + side, middle - side], 1)
            sound *= min(1.0, _CEILING / float(np.abs(sound).max()))
            name = f"{track.index:04d} {track.genre} {track.tempo_map.bpm_at(0.0):.1f} bpm.wav"
            soundfile.write(partial / name, sound, SAMPLE_RATE, "PCM_16")
            progress((track.index + 1) / len(corpus.tracks))
