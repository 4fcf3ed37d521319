"""The header of every WAV file of ours: all chunks before the audio, of one length however much audio there is.

So a file that grows can have its header written again in place, and is valid whenever that was done last; beyond 4 GB
it becomes RF64 (EBU Tech 3306) without moving its audio.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SAMPLE_BYTES = {"pcm16": 2, "pcm24": 3, "float32": 4}
RIFF_LIMIT_BYTES = 0xFFFFFFFF
_UNKNOWN_SIZE = 0xFFFFFFFF  # what RF64 writes where RIFF has no room for the true size
_PCM, _IEEE_FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SUBTYPE_TAIL = bytes.fromhex("000000001000800000aa00389b71")  # of every KSDATAFORMAT_SUBTYPE, after the format's tag
_NO_LOUDSPEAKERS = 0


@dataclass(frozen=True, slots=True)
class WavForm:
    """How samples lie in a file.

    Attributes:
        channels: at least 1; more than two are outputs of a device, not loudspeakers.
        sample_rate: in Hz.
        sample_format: `pcm16`, `pcm24` or `float32`, little-endian.
    """

    channels: int
    sample_rate: int
    sample_format: str

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of every channel."""
        return self.channels * SAMPLE_BYTES[self.sample_format]


def wav_header(form: WavForm, frames: int, chunks: bytes = b"", riff_limit_bytes: int = RIFF_LIMIT_BYTES) -> bytes:
    """Makes all bytes before the first sample.

    Args:
        frames: samples per channel that the file holds so far.
        chunks: whole chunks of the caller's (`chunk`) to stand before the audio, of a length that never changes.
        riff_limit_bytes: the file is RF64 as soon as it is larger than this.
    """
    data_bytes = frames * form.frame_bytes
    body = _format_chunk(form)
    if form.sample_format == "float32":
        body += chunk(b"fact", struct.pack("<I", min(frames, _UNKNOWN_SIZE)))
    body += chunks
    riff_bytes = len(b"WAVE") + 8 + 28 + len(body) + 8 + data_bytes
    # JUNK keeps the place of ds64.
    if riff_bytes + 8 <= riff_limit_bytes:
        head = struct.pack("<4sI4s", b"RIFF", riff_bytes, b"WAVE") + chunk(b"JUNK", bytes(28))
        return head + body + struct.pack("<4sI", b"data", data_bytes)
    sizes = struct.pack("<QQQI", riff_bytes, data_bytes, frames, 0)
    head = struct.pack("<4sI4s", b"RF64", _UNKNOWN_SIZE, b"WAVE") + chunk(b"ds64", sizes)
    return head + body + struct.pack("<4sI", b"data", _UNKNOWN_SIZE)


def chunk(name: bytes, content: bytes) -> bytes:
    """Makes a RIFF chunk: name, length, content, and a byte to make it even."""
    return struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)


def _format_chunk(form: WavForm) -> bytes:
    bits = 8 * SAMPLE_BYTES[form.sample_format]
    tag = _IEEE_FLOAT if form.sample_format == "float32" else _PCM
    plain = form.channels <= 2
    content = struct.pack(
        "<HHIIHH",
        tag if plain else _EXTENSIBLE,
        form.channels,
        form.sample_rate,
        form.sample_rate * form.frame_bytes,
        form.frame_bytes,
        bits,
    )
    if not plain:
        content += struct.pack("<HHIH", 22, bits, _NO_LOUDSPEAKERS, tag) + _SUBTYPE_TAIL
    elif tag != _PCM:
        content += struct.pack("<H", 0)
    return chunk(b"fmt ", content)
