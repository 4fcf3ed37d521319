"""The stereo WAV files of a take, valid at every moment up to their last second."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.take.samples import CHANNELS, packed
from musika_daw.engine.take.wav_chunks import WavFacts, take_chunks
from musika_daw.errors import UsageError, UserError
from musika_daw.storage.wav_file import WavFile
from musika_daw.storage.wav_header import RIFF_LIMIT_BYTES, SAMPLE_BYTES, WavForm

_PIECE_SECONDS = 8


class WavWriter:
    """Writes one stereo file.

    Attributes:
        clipped: samples beyond full scale, clipped; float files keep them.
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
            sample_format: `pcm16`, `pcm24` or `float32`.
            riff_limit_bytes: files larger than this become RF64.
        """
        if sample_format not in SAMPLE_BYTES:
            raise UsageError(f"sample format {sample_format!r} is not known: expected {' or '.join(SAMPLE_BYTES)}")
        self.clipped = 0
        self._sample_rate, self._sample_format = sample_rate, sample_format
        form = WavForm(CHANNELS, sample_rate, sample_format)
        self._facts = facts
        self._file = WavFile(path, form, self._chunks, riff_limit_bytes)

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._file.path

    @property
    def frames(self) -> int:
        """Samples per channel written so far."""
        return self._file.frames

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
        # Piece by piece, so that memory stays flat; every piece renews the header.
        piece = _PIECE_SECONDS * self._sample_rate
        for start in range(0, audio.shape[1], piece):
            part = audio[:, start : start + piece]
            content, clipped = packed(part, self._sample_format, self.frames)
            self.clipped += clipped
            self._file.append(content)

    def tell(self, facts: WavFacts) -> None:
        """Other facts, in the header from its next writing on; the last is when the file is closed."""
        self._facts = facts

    def close(self) -> None:
        """Completes the header and closes the file; the file is then whole."""
        self._file.close()

    def abandon(self) -> None:
        """Closes the file as it is, for one that is to be deleted."""
        self._file.abandon()

    def _chunks(self, frames: int) -> bytes:
        return take_chunks(self._facts, self._sample_rate, frames)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


def _first_broken(audio: NDArray[np.float32]) -> int:
    return int(np.flatnonzero(~np.isfinite(audio).all(axis=0))[0])
