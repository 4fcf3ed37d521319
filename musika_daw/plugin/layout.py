"""The shared memory between a plug-in instance and its engine: described here once, for Python and for C++.

One file, mapped by both: a header, a directory of slots, then the slots' notes and audio. A slot holds `BLOCK_FRAMES`
frames of every bus for one place of the song in one version of it, and the notes that sound in them; where it is looked
for follows from the place alone. What the host's MIDI does goes the other way in a ring of events.
Each field has one writer. What is wider than a machine word is guarded by a sequence number that is odd while it is
written.
"""

from __future__ import annotations

import ctypes
from ctypes import Structure, c_char, c_double, c_float, c_int32, c_int64, c_uint8, c_uint32, c_uint64
from typing import Any
from zlib import crc32

from musika_daw.music.notes import STEMS

MAGIC = 0x4D55534B
BUSES = 5  # the mix, then the stems
CHANNELS = 2 * BUSES
BLOCK_FRAMES = 2048
WAYS = 4  # slots in which a block can lie
SETS = 352
SLOTS = WAYS * SETS
MAX_PARAMETERS = 128
TEXT_BYTES = 65536
RECENT = 6  # versions that may stand in for the wanted one
EVENTS = 4096  # of the host's MIDI that the engine may be behind
NOTES = 48  # that sound within a block, or what there is room for

PLAYING, LOOPING, OFFLINE, LOCATED = 1, 2, 4, 8
"""Flags of the transport; LOCATED: the host says where it is."""

MESSAGE, BAR, LEFT, FORGET = range(4)
"""Kinds of events: a MIDI message; the song has come into a bar; it leaves a place by a jump; what was played in holds
no more."""

NOT_STARTED, STARTING, READY, FAILED, GONE = range(5)
"""States of the engine."""

QUICK, EXACT = 1, 2
"""Qualities of a slot. EXACT: what `render` gives, or what a bounce through the same moves gives; QUICK: made at once,
after a jump or a move that nobody could know of, with the effects' past left out or cut short."""


class Event(Structure):
    """Something that matters for what is played in, at its song position in quarters."""

    _fields_ = (("beat", c_double), ("kind", c_uint32), ("message", c_uint8 * 4))


class Transport(Structure):
    """What the audio thread says at the start of each of its blocks."""

    _fields_ = (
        ("sequence", c_uint32),
        ("flags", c_uint32),
        ("quarters", c_double),
        ("bpm", c_double),
        ("rate", c_double),
        ("loop_start", c_double),
        ("loop_end", c_double),
        ("since", c_double),  # quarters at which the last jump landed
        ("frames", c_uint64),  # processed so far
        ("serial", c_uint64),  # of the settings as they were last moved
        ("landed", c_uint64),  # of the settings that hold here: moves may wait for the grid
        ("land_at", c_double),  # quarters at which those that wait land, or at which those that hold have landed
        ("events", c_uint64),  # of MIDI that hold here, counted from the start
    )


class Version(Structure):
    """A version of the song: everything that decides its samples; it is that of the settings from `serial` on."""

    _fields_ = (("number", c_uint64), ("bpm", c_double), ("rate", c_double), ("serial", c_uint64))


class Accepted(Structure):
    """Which version the engine made of which settings; `recent[0]` is that version, older ones follow."""

    _fields_ = (
        ("sequence", c_uint32),
        ("count", c_uint32),
        ("serial", c_uint64),
        ("recent", Version * RECENT),
    )


class Header(Structure):
    """The first bytes of the segment."""

    _fields_ = (
        # These stay where they are for ever: an engine of another layout can say so.
        ("magic", c_uint32),
        ("layout_version", c_uint32),
        ("engine_state", c_uint32),
        ("status", c_char * 256),  # what the engine does or why it does not, one line
        ("bytes", c_uint64),
        ("host_process", c_uint32),
        ("text_sequence", c_uint32),
        ("serial", c_uint64),  # counts moves of parameters, of the text, of tempo and rate
        ("parameters", c_float * MAX_PARAMETERS),
        ("held", c_float * (len(STEMS) * MAX_PARAMETERS)),  # of each stem, as they stood when its hold was set
        ("text_bytes", c_uint32),
        ("transport", Transport),
        ("misses", c_uint64),  # blocks that were not there when they were due
        ("heartbeat", c_uint64),
        ("accepted", Accepted),
        ("text", c_char * TEXT_BYTES),
        ("events", Event * EVENTS),
    )


class SlotHead(Structure):
    """Says what a slot holds."""

    _fields_ = (
        ("sequence", c_uint32),
        ("quality", c_uint32),
        ("version", c_uint64),
        ("block", c_int64),
        ("valid_from", c_uint32),  # first frame of the block that is there
        ("note_count", c_uint32),
    )


class SlotNote(Structure):
    """A note that sounds in a block: it may have begun before it."""

    _fields_ = (
        ("start", c_int32),  # frames after the start of the block
        ("frames", c_uint32),
        ("channel", c_uint8),  # 0-15
        ("pitch", c_uint8),
        ("velocity", c_uint8),
        ("unused", c_uint8),
    )


HEADS_OFFSET = 4096 * -(-ctypes.sizeof(Header) // 4096)
NOTES_OFFSET = 4096 * -(-(HEADS_OFFSET + SLOTS * ctypes.sizeof(SlotHead)) // 4096)
AUDIO_OFFSET = 4096 * -(-(NOTES_OFFSET + SLOTS * NOTES * ctypes.sizeof(SlotNote)) // 4096)
SLOT_FLOATS = CHANNELS * BLOCK_FRAMES
SEGMENT_BYTES = AUDIO_OFFSET + 4 * SLOTS * SLOT_FLOATS

_STRUCTURES = (Event, Transport, Version, Accepted, Header, SlotHead, SlotNote)
_TYPES = {
    c_uint8: "uint8_t",
    c_int32: "int32_t",
    c_uint32: "uint32_t",
    c_uint64: "uint64_t",
    c_int64: "int64_t",
    c_float: "float",
    c_double: "double",
    c_char: "char",
}


def cpp_header() -> str:
    """The same in C++, with assertions that both agree to the byte."""
    lines = ["// Written by layout.py.", "#pragma once", "#include <cstddef>", "#include <cstdint>", ""]
    lines += ["namespace musika {", ""]
    lines += [f"constexpr int64_t {name} = {globals()[name]};" for name in _CONSTANTS]
    for structure in _STRUCTURES:
        lines += ["", *_cpp_structure(structure)]
    return "\n".join([*lines, "", "}  // namespace musika", ""])


def _cpp_structure(structure: Any) -> list[str]:
    name = structure.__name__
    lines = [f"struct {name} {{", *(f"    {_cpp_field(*each)}" for each in structure._fields_), "};"]
    lines.append(f"static_assert(sizeof({name}) == {ctypes.sizeof(structure)});")
    lines += [
        f"static_assert(offsetof({name}, {field}) == {getattr(structure, field).offset});"
        for field, _ in structure._fields_
    ]
    return lines


def _cpp_field(name: str, kind: Any) -> str:
    if issubclass(kind, ctypes.Array):
        return f"{_TYPES.get(kind._type_, kind._type_.__name__)} {name}[{kind._length_}];"
    return f"{_TYPES.get(kind, kind.__name__)} {name};"


LAYOUT_VERSION = crc32(
    "\n".join(
        [
            *(line for structure in _STRUCTURES for line in _cpp_structure(structure)),
            *map(str, (BUSES, BLOCK_FRAMES, WAYS, SETS, EVENTS, NOTES, HEADS_OFFSET, NOTES_OFFSET, AUDIO_OFFSET)),
        ]
    ).encode()
)
"""Another number as soon as anything lies elsewhere."""

_CONSTANTS = tuple(name for name, value in list(globals().items()) if name.isupper() and isinstance(value, int))
