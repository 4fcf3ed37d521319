"""Streaming WAV files: valid at every moment up to their last second, of any length, in flat memory.

Of our own because no library writes `bext`, `acid` and `smpl` before the audio and keeps their sizes true while the
file grows.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.take.disk import disk_errors
from musika_daw.engine.take.wav_chunks import CHANNELS, RIFF_LIMIT_BYTES, SAMPLE_FORMATS, WavFacts, wav_header
from musika_daw.errors import UsageError, UserError

_FULL_SCALE = 2**23


def pcm24(audio: NDArray[np.float32]) -> tuple[bytes, int]:
    """Packs audio as interleaved little-endian 24-bit samples.

    Args:
        audio: `[2, n]`, full scale at 1.0, finite.

    Returns:
        6 * n bytes and how many samples lay beyond full scale and were clipped. Every other sample is off by at most
        half a step of 2**-23, so sums of stems are off by at most half a step per file.
    """
    scaled = np.empty((audio.shape[1], CHANNELS), np.float32)
    np.multiply(audio.T, np.float32(_FULL_SCALE), out=scaled)
    np.rint(scaled, out=scaled)
    clipped = 0
    if scaled.size and (scaled.max() > _FULL_SCALE - 1 or scaled.min() < -_FULL_SCALE):
        clipped = int(np.count_nonzero((scaled > _FULL_SCALE - 1) | (scaled < -_FULL_SCALE)))
        np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1, out=scaled)
    wide = scaled.astype("<i4").reshape(-1).view(np.uint8).reshape(-1, 4)
    packed = np.empty((len(wide), 3), np.uint8)
    for i in range(3):  # column by column: four times as fast as copying wide[:, :3]
        packed[:, i] = wide[:, i]
    return packed.tobytes(), clipped


class WavWriter:
    """Writes one stereo file.

    Attributes:
        frames: samples per channel written so far.
        clipped: samples beyond full scale, clipped (24-bit files only; float files keep them).
    """

    def __init__(
        self,
        path: Path,
        facts: WavFacts,
        sample_rate: int = 44100,
        sample_format: str = "pcm24",
        riff_limit_bytes: int = RIFF_LIMIT_BYTES,
    ) -> None:
        """Creates the file; it must not exist.

        Args:
            sample_format: `pcm24` or `float32`.
            riff_limit_bytes: files larger than this become RF64.
        """
        if sample_format not in SAMPLE_FORMATS:
            raise UsageError(f"sample format {sample_format!r} is not known: expected {' or '.join(SAMPLE_FORMATS)}")
        self.path = path
        self.frames = 0
        self.clipped = 0
        self._facts = facts
        self._sample_rate = sample_rate
        self._sample_format = sample_format
        self._riff_limit_bytes = riff_limit_bytes
        self._frames_in_header = 0
        with disk_errors("create", path):
            self._file = open(path, "xb", buffering=0)  # noqa: SIM115  closed by close()
        self._write(self._header())

    def write(self, audio: NDArray[np.float32]) -> None:
        """Appends audio `[2, n]`.

        Raises:
            UserError: the disk does not take it, or a sample is not a finite number; nothing of it is written then.
        """
        if audio.ndim != 2 or audio.shape[0] != CHANNELS:
            raise ValueError(f"expected audio [2, n], got {list(audio.shape)}")
        if not np.isfinite(audio).all():
            raise UserError(
                f"cannot write {self.path.name}: the audio at sample {self.frames + _first_broken(audio)} is not a "
                "finite number; a plug-in or the model file is broken, try another preset or model"
            )
        # Second by second, so that the header is never further behind than that and memory stays flat.
        for start in range(0, audio.shape[1], self._sample_rate):
            second = audio[:, start : start + self._sample_rate]
            if self._sample_format == "pcm24":
                content, clipped = pcm24(second)
                self.clipped += clipped
            else:
                content = np.ascontiguousarray(second.T, dtype="<f4").tobytes()
            self._write(content)
            self.frames += second.shape[1]
            if self.frames - self._frames_in_header >= self._sample_rate:
                self._refresh_header()

    def close(self) -> None:
        """Completes the header and closes the file; the file is then whole."""
        if self._file.closed:
            return
        try:
            self._refresh_header()
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Closes the file as it is, for one that is to be deleted."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def _header(self) -> bytes:
        facts, limit = self._facts, self._riff_limit_bytes
        return wav_header(facts, self._sample_format, self._sample_rate, self.frames, limit)

    def _write(self, content: bytes) -> None:
        """Writes all of it: a raw file may take less than it is given, up to the moment the disk is full."""
        rest = memoryview(content)
        with disk_errors("write", self.path):
            while rest:
                rest = rest[self._file.write(rest) :]

    def _refresh_header(self) -> None:
        with disk_errors("write", self.path):
            self._file.seek(0)
        self._write(self._header())
        with disk_errors("write", self.path):
            self._file.seek(0, 2)
        self._frames_in_header = self.frames


def _first_broken(audio: NDArray[np.float32]) -> int:
    return int(np.flatnonzero(~np.isfinite(audio).all(axis=0))[0])
