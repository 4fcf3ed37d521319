"""Sounds of the page: a lossless file and a picture each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio
from musika_daw.evaluate.report.picture import save_picture

_CEILING = 0.98
_FADE = round(0.03 * SAMPLE_RATE)


@dataclass(frozen=True)
class Clip:
    """A sound on the page; paths are relative to it."""

    title: str
    audio: str
    picture: str
    seconds: float
    note: str = ""


class ClipFolder:
    """Writes clips below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in ("audio", "pictures"):
            (folder / name).mkdir()

    def add(self, key: str, title: str, audio: Audio, note: str = "") -> Clip:
        """Save a sound `[2, samples]`; too loud ones are turned down, ends are faded."""
        sound = audio * np.float32(min(1.0, _CEILING / max(float(np.abs(audio).max()), 1e-9)))
        sound[:, -_FADE:] *= np.linspace(1, 0, _FADE, dtype=np.float32)[-sound.shape[1] :]
        clip = Clip(title, f"audio/{key}.flac", f"pictures/{key}.png", audio.shape[1] / SAMPLE_RATE, note)
        soundfile.write(self._folder / clip.audio, sound.T, SAMPLE_RATE, "PCM_16", format="FLAC")
        save_picture(self._folder / clip.picture, audio)
        return clip

    def add_stems(self, key: str, parts: Mapping[str, Audio]) -> list[Clip]:
        """One clip a part."""
        return [self.add(f"{key}_{name}", name, audio) for name, audio in parts.items()]
