"""A WAV file of any number of channels that is valid at every moment up to its last second.

Beside `take.wav_writer`, which writes stereo files with what a sequencer wants to know of them: this one holds what
a device would have got.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from musika_daw.engine.bus.bus import AudioArray
from musika_daw.engine.take.disk import disk_errors

RIFF_LIMIT_BYTES = 0xFFFFFFFF
_UNKNOWN_SIZE = 0xFFFFFFFF  # what RF64 writes where RIFF has no room for the true size
_EXTENSIBLE, _SAMPLE_BYTES = 0xFFFE, 4
_FLOAT_FORMAT = struct.pack("<IHH8B", 3, 0, 0x10, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71)  # KSDATAFORMAT_SUBTYPE


class WavStream:
    """Writes interleaved float32 frames, and the header again once a second.

    Attributes:
        frames: written so far.
    """

    def __init__(self, path: Path, channels: int, sample_rate: int, riff_limit_bytes: int = RIFF_LIMIT_BYTES) -> None:
        """Creates the file; it must not exist.

        Raises:
            UserError: it cannot be created.
        """
        self.frames = 0
        self._path, self._channels, self._sample_rate = path, channels, sample_rate
        self._riff_limit_bytes = riff_limit_bytes
        self._frames_in_header = 0
        with disk_errors("create", path):
            self._file = open(path, "xb", buffering=0)  # noqa: SIM115  closed by close()
        self._put(self._header())

    def write(self, frames: AudioArray) -> None:
        """Appends frames `[n, channels]`.

        Raises:
            UserError: the disk does not take them.
        """
        self._put(np.ascontiguousarray(frames, dtype="<f4").tobytes())
        self.frames += len(frames)
        if self.frames - self._frames_in_header >= self._sample_rate:
            self._refresh_header()

    def close(self) -> None:
        """Completes the header; closing twice does nothing."""
        if self._file.closed:
            return
        try:
            self._refresh_header()
        finally:
            self._file.close()

    def _header(self) -> bytes:
        """Its length never changes, so that a growing file turns into RF64 without moving its audio."""
        frame_bytes = _SAMPLE_BYTES * self._channels
        data_bytes = self.frames * frame_bytes
        form = struct.pack(
            "<HHIIHHHHI",
            _EXTENSIBLE,
            self._channels,
            self._sample_rate,
            self._sample_rate * frame_bytes,
            frame_bytes,
            8 * _SAMPLE_BYTES,
            22,
            8 * _SAMPLE_BYTES,
            0,  # no loudspeakers: these are outputs
        )
        body = struct.pack("<4sI", b"fmt ", 40) + form + _FLOAT_FORMAT
        body += struct.pack("<4sII", b"fact", 4, min(self.frames, _UNKNOWN_SIZE))
        riff_bytes = 4 + 36 + len(body) + 8 + data_bytes
        if riff_bytes + 8 <= self._riff_limit_bytes:
            head = struct.pack("<4sI4s4sI", b"RIFF", riff_bytes, b"WAVE", b"JUNK", 28) + bytes(28)
            return head + body + struct.pack("<4sI", b"data", data_bytes)
        head = struct.pack("<4sI4s4sI", b"RF64", _UNKNOWN_SIZE, b"WAVE", b"ds64", 28)
        head += struct.pack("<QQQI", riff_bytes, data_bytes, self.frames, 0)
        return head + body + struct.pack("<4sI", b"data", _UNKNOWN_SIZE)

    def _put(self, content: bytes) -> None:
        rest = memoryview(content)
        with disk_errors("write", self._path):
            while rest:  # a raw file may take less than it is given, up to the moment the disk is full
                rest = rest[self._file.write(rest) :]

    def _refresh_header(self) -> None:
        with disk_errors("write", self._path):
            self._file.seek(0)
        self._put(self._header())
        with disk_errors("write", self._path):
            self._file.seek(0, 2)
        self._frames_in_header = self.frames
