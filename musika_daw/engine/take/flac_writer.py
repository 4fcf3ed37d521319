"""FLAC files of a take: half the size, the same samples."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from musika_daw.engine.take.samples import CHANNELS, packed
from musika_daw.engine.take.wav_chunks import WavFacts
from musika_daw.errors import UserError
from musika_daw.storage.disk_errors import disk_errors

_WIDE = {"pcm16": ("PCM_16", "<i2"), "pcm24": ("PCM_24", "<i4")}


class FlacWriter:
    """Writes one stereo file; what `WavWriter` does for WAV, but that FLAC has no chunks for tempo and place.

    Attributes:
        frames: samples per channel written so far.
        clipped: samples beyond full scale.
    """

    def __init__(self, path: Path, facts: WavFacts, sample_rate: int, sample_format: str) -> None:
        """Creates the file; it must not exist. `sample_format`: `pcm16` or `pcm24`."""
        self.path, self.frames, self.clipped = path, 0, 0
        self._sample_format = sample_format
        subtype, _ = _WIDE[sample_format]
        with disk_errors("create", path):
            self._stream = open(path, "xb")  # noqa: SIM115  closed with the file
        self._file = soundfile.SoundFile(self._stream, "w", sample_rate, CHANNELS, subtype, format="FLAC")
        self.tell(facts)

    def tell(self, facts: WavFacts) -> None:
        """What the file says of itself, before its first sample."""
        self._file.software = facts.originator
        if facts.description:
            self._file.title = facts.description
        if facts.bpm is not None:
            self._file.comment = f"{facts.bpm:g} bpm"

    def write(self, audio: NDArray[np.float32]) -> None:
        """Appends audio `[2, n]`, finite.

        Raises:
            UserError: the disk does not take it.
        """
        content, clipped = packed(audio, self._sample_format, self.frames)
        with disk_errors("write", self.path):
            try:
                if self._sample_format == "pcm16":
                    self._file.write(np.frombuffer(content, "<i2").reshape(-1, CHANNELS))
                else:
                    self._file.write(_wide(content))
                self._stream.flush()
            except soundfile.LibsndfileError as error:
                raise UserError(f"cannot write {self.path}: {error.error_string.rstrip('.')}") from error
        self.frames += audio.shape[1]
        self.clipped += clipped

    def close(self) -> None:
        """Completes the file."""
        with disk_errors("write", self.path):
            if not self._stream.closed:
                self._file.close()
                self._stream.close()

    def abandon(self) -> None:
        """Closes the file as it is, for one that is to be deleted."""
        with contextlib.suppress(Exception):
            self._file.close()
        with contextlib.suppress(OSError):
            self._stream.close()


def _wide(content: bytes) -> NDArray[np.int32]:
    """24-bit samples in the upper bytes of 32, as libsndfile takes them."""
    samples = np.zeros((len(content) // 3, 4), np.uint8)
    samples[:, 1:] = np.frombuffer(content, np.uint8).reshape(-1, 3)
    return samples.view("<i4").reshape(-1, CHANNELS)
