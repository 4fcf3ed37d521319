"""The header of a WAV file that sits on the grid: every chunk before the audio, so that a crash costs nothing of it."""

from __future__ import annotations

import struct
from dataclasses import dataclass

SAMPLE_FORMATS = {"pcm24": 3, "float32": 4}  # bytes of a sample
CHANNELS = 2
RIFF_LIMIT_BYTES = 0xFFFFFFFF
_UNKNOWN_SIZE = 0xFFFFFFFF  # what RF64 writes where RIFF has no room for the true size
_PCM, _IEEE_FLOAT = 1, 3
_ACID_ROOT_SET, _ACID_STRETCH = 2, 4
_BEATS_PER_BAR, _BEAT_UNIT = 4, 4
_MIDDLE_C = 60


@dataclass(frozen=True, slots=True)
class WavFacts:
    """What a file's chunks say about its audio.

    Attributes:
        bpm: tempo at the start of the file.
        start_sample: where the file starts in the song, in samples.
        beats: length in beats; None derives it from `bpm` and the samples written.
        root_note: MIDI note of the tonic (60-71), None where there is none (drums, key off).
        description: at most 256 ASCII characters, e.g. the stem's name.
        originator: at most 32 ASCII characters.
    """

    bpm: float
    start_sample: int = 0
    beats: int | None = None
    root_note: int | None = None
    description: str = ""
    originator: str = "Musika DAW"


def wav_header(facts: WavFacts, sample_format: str, sample_rate: int, frames: int, riff_limit_bytes: int) -> bytes:
    """All bytes before the first sample; their number depends on `sample_format` only.

    Args:
        frames: samples per channel that the file holds so far.
        riff_limit_bytes: the file is written as RF64 as soon as it is larger than this.
    """
    frame_bytes = CHANNELS * SAMPLE_FORMATS[sample_format]
    data_bytes = frames * frame_bytes
    body = b"".join(
        [
            _format_chunk(sample_format, sample_rate),
            *([_chunk(b"fact", struct.pack("<I", min(frames, _UNKNOWN_SIZE)))] if sample_format == "float32" else []),
            _chunk(b"bext", _bext(facts)),
            _chunk(b"acid", _acid(facts, frames / sample_rate)),
            _chunk(b"smpl", _smpl(facts, sample_rate, frames)),
        ]
    )
    riff_bytes = len(b"WAVE") + 8 + 28 + len(body) + 8 + data_bytes
    # JUNK keeps the place of ds64, so that a growing file turns into RF64 without moving its audio.
    if riff_bytes + 8 <= riff_limit_bytes:
        head = struct.pack("<4sI4s", b"RIFF", riff_bytes, b"WAVE") + _chunk(b"JUNK", bytes(28))
        return head + body + struct.pack("<4sI", b"data", data_bytes)
    sizes = struct.pack("<QQQI", riff_bytes, data_bytes, frames, 0)
    head = struct.pack("<4sI4s", b"RF64", _UNKNOWN_SIZE, b"WAVE") + _chunk(b"ds64", sizes)
    return head + body + struct.pack("<4sI", b"data", _UNKNOWN_SIZE)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)


def _format_chunk(sample_format: str, sample_rate: int) -> bytes:
    width = SAMPLE_FORMATS[sample_format]
    tag = _IEEE_FLOAT if sample_format == "float32" else _PCM
    frame_bytes = CHANNELS * width
    content = struct.pack("<HHIIHH", tag, CHANNELS, sample_rate, sample_rate * frame_bytes, frame_bytes, 8 * width)
    return _chunk(b"fmt ", content + (b"\0\0" if tag == _IEEE_FLOAT else b""))


def _bext(facts: WavFacts) -> bytes:
    """Broadcast wave extension, version 1. Date and time stay empty: the same render makes the same bytes."""
    description = facts.description.encode("ascii", "replace")[:256]
    originator = facts.originator.encode("ascii", "replace")[:32]
    return struct.pack("<256s32s32s10s8sQH64s190x", description, originator, b"", b"", b"", facts.start_sample, 1, b"")


def _acid(facts: WavFacts, seconds: float) -> bytes:
    beats = round(seconds * facts.bpm / 60.0) if facts.beats is None else facts.beats
    flags = _ACID_STRETCH | (_ACID_ROOT_SET if facts.root_note is not None else 0)
    root = _MIDDLE_C if facts.root_note is None else facts.root_note
    return struct.pack("<IHHfIHHf", flags, root, 0x8000, 0.0, beats, _BEAT_UNIT, _BEATS_PER_BAR, facts.bpm)


def _smpl(facts: WavFacts, sample_rate: int, frames: int) -> bytes:
    """One forward loop over the whole file, for samplers."""
    root = _MIDDLE_C if facts.root_note is None else facts.root_note
    sampler = struct.pack("<9I", 0, 0, round(1e9 / sample_rate), root, 0, 0, 0, 1, 0)
    return sampler + struct.pack("<6I", 0, 0, 0, min(max(frames - 1, 0), 0xFFFFFFFF), 0, 0)
