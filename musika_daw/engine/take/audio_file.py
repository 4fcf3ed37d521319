"""One audio file of a take, in the form that was asked for: rate, samples, container, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from musika_daw.engine.take.flac_writer import FlacWriter
from musika_daw.engine.take.samples import CHANNELS
from musika_daw.engine.take.wav_chunks import WavFacts
from musika_daw.engine.take.wav_writer import WavWriter
from musika_daw.errors import UserError
from musika_daw.storage.wav_header import RIFF_LIMIT_BYTES

FORMATS = ("pcm16", "pcm24", "float32", "flac16", "flac24")
RATES = (44100, 48000, 88200, 96000)
FADE_SECONDS = 0.01  # so that a file that is put somewhere does not end with a click
_SPARE = 1024  # frames that are held back, so that the end falls where the song says, not where the resampler does
_FLAC = "flac"


@dataclass(frozen=True)
class FileForm:
    """How the files of a take are written.

    Attributes:
        sample_format: one of `FORMATS`.
        rate: of the file, Hz.
        fade_seconds: over which it ends; 0: cut, for loops.
    """

    sample_format: str = "pcm24"
    rate: int = 44100
    fade_seconds: float = 0.0


class AudioFile:
    """Takes the engine's audio and writes it as the form says.

    Attributes:
        frames: engine samples per channel taken so far.
    """

    def __init__(
        self,
        path: Path,
        facts: WavFacts,
        engine_rate: int,
        form: FileForm,
        riff_limit_bytes: int = RIFF_LIMIT_BYTES,
    ) -> None:
        """Creates the file; it must not exist.

        Args:
            path: without its ending.
            facts: in samples of the file.
        """
        self.frames = 0
        self._form = form
        self._file: WavWriter | FlacWriter
        if form.sample_format.startswith(_FLAC):
            pcm = form.sample_format.replace(_FLAC, "pcm")
            self._file = FlacWriter(path.with_name(path.name + ".flac"), facts, form.rate, pcm)
        else:
            name = path.with_name(path.name + ".wav")
            self._file = WavWriter(name, facts, form.rate, form.sample_format, riff_limit_bytes)
        self._path = self._file.path
        self._resampler = None
        if form.rate != engine_rate:
            self._resampler = soxr.ResampleStream(engine_rate, form.rate, CHANNELS, dtype="float32", quality="VHQ")
        self._fade = round(form.fade_seconds * form.rate)
        self._held_back = self._fade + _SPARE if self._fade or self._resampler else 0
        self._held = np.zeros((CHANNELS, 0), np.float32)

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    @property
    def clipped(self) -> int:
        """Samples beyond full scale, clipped."""
        return self._file.clipped

    def write(self, audio: NDArray[np.float32]) -> None:
        """Appends audio `[2, n]` of the engine.

        Raises:
            UserError: the disk does not take it, or a sample is not a finite number.
        """
        broken = ~np.isfinite(audio).all(axis=0)
        if broken.any():
            raise UserError(
                f"cannot write {self.path.name}: the audio at sample {self.frames + int(np.argmax(broken))} is not a "
                "finite number; a plug-in or the model file is broken, try another preset or model"
            )
        self.frames += audio.shape[1]
        if self._resampler is not None:
            audio = self._resampled(audio, last=False)
        if not self._held_back:
            self._file.write(audio)
            return
        self._held = np.concatenate([self._held, audio], axis=1)
        ready = self._held.shape[1] - self._held_back
        if ready > 0:
            self._file.write(np.ascontiguousarray(self._held[:, :ready]))
            self._held = self._held[:, ready:]

    def finish(self, length: int, facts: WavFacts | None = None, name: str | None = None) -> None:
        """Completes the file; it is then whole.

        Args:
            length: of the file, in its own samples.
            facts: in place of those that it was begun with.
            name: another one, without its ending.
        """
        if self._held_back:
            if self._resampler is not None:
                rest = self._resampled(np.zeros((CHANNELS, 0), np.float32), last=True)
                self._held = np.concatenate([self._held, rest], axis=1)
            end = self._held[:, : max(length - self._file.frames, 0)]
            end = np.pad(end, ((0, 0), (0, max(length - self._file.frames - end.shape[1], 0))))
            fade = min(self._fade, end.shape[1])
            if fade:
                end[:, -fade:] *= np.cos(np.linspace(0.0, np.pi / 2, fade, endpoint=True, dtype=np.float32)) ** 2
            self._file.write(np.ascontiguousarray(end))
            self._held_back = 0
        if facts is not None:
            self._file.tell(facts)
        self._file.close()
        if name is not None:
            self._path = self._path.rename(self._path.with_name(name + self._path.suffix))

    def abandon(self) -> None:
        """Closes the file as it is, for one that is to be deleted."""
        self._file.abandon()

    def _resampled(self, audio: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        assert self._resampler is not None
        chunk = np.ascontiguousarray(audio.T)
        return np.asarray(self._resampler.resample_chunk(chunk, last=last), np.float32).reshape(-1, CHANNELS).T
