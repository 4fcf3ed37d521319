"""What a take's WAV files say of the grid they sit on: where they start, tempo, beats, metre, root, loop."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from musika_daw.storage.wav_header import chunk

_ACID_ONE_SHOT, _ACID_ROOT_SET, _ACID_STRETCH = 1, 2, 4
_BEATS_PER_BAR, _BEAT_UNIT = 4, 4
MIDDLE_C = 60


@dataclass(frozen=True, slots=True)
class WavFacts:
    """What a file's chunks say about its audio.

    Attributes:
        bpm: tempo at the start of the file; None where there is no beat: then nothing is to be stretched.
        start_sample: where the file starts in the song, in samples.
        beats: length in beats; None derives it from `bpm` and the samples written.
        root_note: MIDI note of the tonic (60-71), or the key that a one-shot is for; None where there is none (drums,
            key off).
        description: at most 256 ASCII characters, e.g. the stem's name.
        originator: at most 32 ASCII characters.
        looped: whether samplers go round the whole file as long as a key is held.
    """

    bpm: float | None
    start_sample: int = 0
    beats: int | None = None
    root_note: int | None = None
    description: str = ""
    originator: str = "Musika DAW"
    looped: bool = True


def take_chunks(facts: WavFacts, sample_rate: int, frames: int) -> bytes:
    """Makes the chunks `bext`, `acid` and `smpl` of a file that holds `frames` samples per channel so far."""
    return b"".join(
        [
            chunk(b"bext", _bext(facts)),
            chunk(b"acid", _acid(facts, frames / sample_rate)),
            chunk(b"smpl", _smpl(facts, sample_rate, frames)),
        ]
    )


def _bext(facts: WavFacts) -> bytes:
    """Broadcast wave extension, version 1. Date and time stay empty: the same render makes the same bytes."""
    description = facts.description.encode("ascii", "replace")[:256]
    originator = facts.originator.encode("ascii", "replace")[:32]
    return struct.pack("<256s32s32s10s8sQH64s190x", description, originator, b"", b"", b"", facts.start_sample, 1, b"")


def _acid(facts: WavFacts, seconds: float) -> bytes:
    if facts.bpm is None:
        return struct.pack("<IHHfIHHf", _ACID_ONE_SHOT, MIDDLE_C, 0x8000, 0.0, 0, _BEAT_UNIT, _BEATS_PER_BAR, 0.0)
    beats = round(seconds * facts.bpm / 60.0) if facts.beats is None else facts.beats
    flags = _ACID_STRETCH | (_ACID_ROOT_SET if facts.root_note is not None else 0)
    root = MIDDLE_C if facts.root_note is None else facts.root_note
    return struct.pack("<IHHfIHHf", flags, root, 0x8000, 0.0, beats, _BEAT_UNIT, _BEATS_PER_BAR, facts.bpm)


def _smpl(facts: WavFacts, sample_rate: int, frames: int) -> bytes:
    """One forward loop over the whole file, for samplers, or none."""
    root = MIDDLE_C if facts.root_note is None else facts.root_note
    sampler = struct.pack("<9I", 0, 0, round(1e9 / sample_rate), root, 0, 0, 0, int(facts.looped), 0)
    if not facts.looped:
        return sampler
    return sampler + struct.pack("<6I", 0, 0, 0, min(max(frames - 1, 0), 0xFFFFFFFF), 0, 0)
