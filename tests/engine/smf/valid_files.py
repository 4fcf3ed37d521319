"""MIDI files that are right, as varied as the standard allows: what every reader reads alike."""

from __future__ import annotations

import numpy as np

from tests.engine.smf.midi_bytes import END, header, meta, ticks, track

_DIVISIONS = (24, 96, 120, 384, 480, 960, 15360)
Event = tuple[int, int, bytes]  # tick, order at that tick, message


def valid_file(seed: int) -> bytes:
    """Type 0 or 1, 1 to 6 tracks, running status, releases in disguise, controllers, sysex, metres and tempi.

    A pitch of one channel is not struck again before it is let go, as readers differ there.
    """
    random = np.random.default_rng(seed)
    division = int(random.choice(_DIVISIONS))
    count = int(random.integers(1, 7))
    kind = 0 if count == 1 and random.random() < 0.5 else 1
    tracks = []
    for number in range(count):
        events = [*_noise(random, division, conductor=number == 0), *_notes(random, division)]
        tracks.append(track(_encoded(random, events)))
    return header(count, kind, division) + b"".join(tracks)


def _notes(random: np.random.Generator, division: int) -> list[Event]:
    events: list[Event] = []
    for channel, pitch in {(int(random.integers(16)), int(random.integers(128))) for _ in range(random.integers(1, 9))}:
        at = 0
        for _ in range(random.integers(1, 12)):
            start = at + int(random.integers(0, 4 * division))
            at = start + int(random.integers(1, 3 * division))
            velocity = int(random.integers(1, 128))
            in_disguise = random.random() < 0.5
            events.append((start, 2, bytes((0x90 | channel, pitch, velocity))))
            off = (0x90 | channel, pitch, 0) if in_disguise else (0x80 | channel, pitch, int(random.integers(128)))
            events.append((at, 1, bytes(off)))
            at += 1
    return events


def _noise(random: np.random.Generator, division: int, conductor: bool) -> list[Event]:
    """What is not notes."""
    events: list[Event] = [(0, 0, meta(3, "Spur ü".encode())[1:])]
    for _ in range(random.integers(0, 20)):
        tick, channel = int(random.integers(0, 16 * division)), int(random.integers(16))
        message = (
            bytes((0xB0 | channel, int(random.integers(1, 119)), int(random.integers(128)))),
            bytes((0xC0 | channel, int(random.integers(128)))),
            bytes((0xD0 | channel, int(random.integers(128)))),
            bytes((0xE0 | channel, int(random.integers(128)), int(random.integers(128)))),
            b"\xf0\x05\x7e\x7f\x09\x01\xf7",
            meta(1, b"text" * int(random.integers(60)))[1:],
            meta(6, b"Strophe")[1:],
            meta(0x7F, bytes(5))[1:],
        )[int(random.integers(8))]
        events.append((tick, 0, message))
    if conductor:
        tempo = int(60e6 / random.uniform(40, 240)).to_bytes(3, "big")
        events += [(0, 0, meta(0x51, tempo)[1:]), (0, 0, meta(0x59, b"\xfd\x01")[1:])]
        events += [(0, 0, meta(0x58, bytes((int(random.integers(2, 13)), int(random.integers(1, 4)), 24, 8)))[1:])]
    return events


def _encoded(random: np.random.Generator, events: list[Event]) -> bytes:
    """In order of time, with running status here and there."""
    out, now, running = b"", 0, -1
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        out += ticks(tick - now)
        now = tick
        if message[0] == running and random.random() < 0.7:
            out += message[1:]
        else:
            out += message
        running = message[0] if message[0] < 0xF0 else -1
    return out + ticks(int(random.integers(0, 1000))) + END[1:]
