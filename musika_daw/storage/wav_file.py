"""WAV files that grow: valid at every moment up to their last second, of any length, in flat memory.

Of our own because no library writes chunks before the audio and keeps their sizes true while the file grows.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from musika_daw.storage.growing_file import GrowingFile
from musika_daw.storage.wav_header import RIFF_LIMIT_BYTES, WavForm, wav_header


def _no_chunks(frames: int) -> bytes:
    return b""


class WavFile:
    """Writes interleaved samples, and the header again once a second.

    Attributes:
        frames: samples per channel written so far.
    """

    def __init__(
        self,
        path: Path,
        form: WavForm,
        chunks: Callable[[int], bytes] = _no_chunks,
        riff_limit_bytes: int = RIFF_LIMIT_BYTES,
    ) -> None:
        """Creates the file; it must not exist.

        Args:
            chunks: what else is to stand before the audio, given the samples per channel so far; its length must not
                change.
            riff_limit_bytes: larger files become RF64.

        Raises:
            UserError: it cannot be created.
        """
        self.frames = 0
        self._form, self._chunks, self._riff_limit_bytes = form, chunks, riff_limit_bytes
        self._frames_in_header = 0
        self._file = GrowingFile(path)
        self._file.append(self._header())

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._file.path

    def append(self, samples: bytes) -> None:
        """Adds whole frames: interleaved samples of the file's form.

        Raises:
            UserError: the disk does not take them.
        """
        frames, rest = divmod(len(samples), self._form.frame_bytes)
        if rest:
            raise ValueError(f"expected whole frames of {self._form.frame_bytes} bytes, {rest} are left over")
        self._file.append(samples)
        self.frames += frames
        if self.frames - self._frames_in_header >= self._form.sample_rate:
            self._refresh_header()

    def close(self) -> None:
        """Completes the header and closes the file, which is then whole; closing twice does nothing."""
        if self._file.closed:
            return
        try:
            self._refresh_header()
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Closes the file as it is, for one that is to be deleted."""
        self._file.close()

    def _header(self) -> bytes:
        return wav_header(self._form, self.frames, self._chunks(self.frames), self._riff_limit_bytes)

    def _refresh_header(self) -> None:
        self._file.rewrite_start(self._header())
        self._frames_in_header = self.frames
