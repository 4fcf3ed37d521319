"""One instance's shared memory, from the engine's side (see `layout`)."""

from __future__ import annotations

import ctypes
import mmap
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.music.notes import STEMS
from musika_daw.plugin import layout
from musika_daw.plugin.layout import Accepted, Header, SlotHead
from musika_daw.plugin.parameters import parameters
from musika_daw.plugin.serve.host_midi import HostEvent

_TRIES = 200
SLOT_NOTE = np.dtype(
    [("start", "<i4"), ("frames", "<u4"), ("channel", "u1"), ("pitch", "u1"), ("velocity", "u1"), ("unused", "u1")]
)
"""A row of a slot's notes (`layout.SlotNote`)."""


@dataclass(frozen=True)
class Request:
    """What the host wants, as of one of its blocks.

    Attributes:
        serial: counts what follows up to `rate`.
        values: of all parameters, by number.
        text: of the project.
        quarters: song position of the block.
        since: song position that the last jump went to.
        loop: song positions; None while the host does not loop.
        landed: serial of the settings that hold; later ones wait for their place.
        land_at: song position at which later ones land, or at which those that hold have landed.
        events: how many of the host's MIDI hold.
        held: stem -> values of all parameters, as they stood when its hold was set.
    """

    serial: int
    values: tuple[float, ...]
    text: str
    bpm: float
    rate: float
    playing: bool
    offline: bool
    quarters: float
    since: float
    loop: tuple[float, float] | None
    landed: int
    land_at: float
    events: int
    held: Mapping[str, tuple[float, ...]]

    @property
    def waits(self) -> bool:
        """Whether moves wait for their place."""
        return self.landed < self.serial and self.land_at > self.quarters


class Segment:
    """Reads requests and writes slots. One thread uses it, but for `beat`."""

    def __init__(self, path: Path) -> None:
        """Maps the file that the plug-in made.

        Raises:
            UserError: it is not there, or of another layout.
        """
        try:
            with path.open("r+b") as file:
                self._memory = mmap.mmap(file.fileno(), 0)
        except (OSError, ValueError) as error:
            raise UserError(f"segment {path} cannot be mapped: {error}") from error
        if len(self._memory) < ctypes.sizeof(Header):
            raise UserError(f"segment {path} is of another size: expected {layout.SEGMENT_BYTES} bytes")
        self._header = Header.from_buffer(self._memory)
        if (self._header.magic, self._header.layout_version) != (layout.MAGIC, layout.LAYOUT_VERSION):
            if self._header.magic == layout.MAGIC:
                self.say(layout.FAILED, "this plug-in is of another build than the program: musika-daw plugin install")
            raise UserError(f"segment {path} is of another layout: expected version {layout.LAYOUT_VERSION}")
        self._heads = (SlotHead * layout.SLOTS).from_buffer(self._memory, layout.HEADS_OFFSET)
        floats = np.frombuffer(self._memory, np.float32, layout.SLOTS * layout.SLOT_FLOATS, layout.AUDIO_OFFSET)
        self._audio = floats.reshape(layout.SLOTS, layout.CHANNELS, layout.BLOCK_FRAMES)
        notes = np.frombuffer(self._memory, SLOT_NOTE, layout.SLOTS * layout.NOTES, layout.NOTES_OFFSET)
        self._notes = notes.reshape(layout.SLOTS, layout.NOTES)
        self._read_events = max(0, self._header.transport.events - layout.EVENTS)
        self._fence = threading.Lock()
        for head in self._heads:
            head.sequence += head.sequence & 1
            head.quality = 0

    def request(self) -> Request | None:
        """What the host wants now; None before its first block, or if it cannot be read for the moment."""
        header, transport = self._header, self._header.transport
        for _ in range(_TRIES):
            before = (header.serial, header.text_sequence, transport.sequence)
            self._order()
            request = self._read()
            self._order()
            if before == (header.serial, header.text_sequence, transport.sequence) and not (before[1] | before[2]) & 1:
                between = request.offline and header.serial != transport.serial
                return None if between or request.rate <= 0 else request
        return None

    def events(self, until: int) -> list[HostEvent]:
        """What the host's MIDI did since the last time; a number that `Request` brought. If there was more than there
        is room for, it begins with forgetting."""
        found = []
        if until - self._read_events > layout.EVENTS:
            self._read_events = until - layout.EVENTS
            found.append(HostEvent(0.0, layout.FORGET))
        for number in range(self._read_events, until):
            event = self._header.events[number % layout.EVENTS]
            found.append(HostEvent(event.beat, event.kind, bytes(event.message[:3])))
        self._read_events = max(self._read_events, until)
        return found

    def accept(self, serial: int, recent: Sequence[tuple[int, float, float, int]]) -> None:
        """Says that the settings of a serial are known, and the versions of these and of earlier ones: number, bpm,
        rate, and the serial of the first settings that it is the version of."""
        accepted: Accepted = self._header.accepted
        accepted.sequence += 1
        self._order()
        for place, version in zip(accepted.recent, recent, strict=False):
            place.number, place.bpm, place.rate, place.serial = version
        accepted.count = min(len(recent), layout.RECENT)
        accepted.serial = serial
        self._order()
        accepted.sequence += 1

    def write(
        self,
        slot: int,
        version: int,
        block: int,
        quality: int,
        valid_from: int,
        audio: NDArray[np.float32],
        notes: NDArray[np.void],
    ) -> None:
        """Fills a slot with a block, `[CHANNELS, BLOCK_FRAMES]`, and its notes, in order of their starts."""
        head = self._heads[slot]
        head.sequence |= 1
        self._order()
        self._audio[slot] = audio
        head.note_count = min(len(notes), layout.NOTES)
        self._notes[slot, : head.note_count] = notes[: layout.NOTES]
        head.version, head.block, head.quality, head.valid_from = version, block, quality, valid_from
        self._order()
        head.sequence += 1

    def say(self, state: int, status: str) -> None:
        """Tells the instance how it goes."""
        self._header.status = status.encode()[:255]
        self._header.engine_state = state

    def beat(self) -> None:
        """Shows that the engine lives; any thread."""
        self._header.heartbeat += 1

    def _read(self) -> Request:
        header, transport = self._header, self._header.transport
        looping = transport.flags & layout.LOOPING and transport.loop_end > transport.loop_start
        text = bytes(memoryview(self._memory)[Header.text.offset :][: header.text_bytes])
        return Request(
            header.serial,
            tuple(header.parameters[: len(parameters())]),
            text.decode(errors="replace"),
            transport.bpm,
            transport.rate,
            bool(transport.flags & layout.PLAYING),
            bool(transport.flags & layout.OFFLINE),
            transport.quarters,
            transport.since,
            (transport.loop_start, transport.loop_end) if looping else None,
            transport.landed,
            transport.land_at,
            transport.events,
            self._held(),
        )

    def _held(self) -> dict[str, tuple[float, ...]]:
        values = self._header.held
        starts = {stem: number * layout.MAX_PARAMETERS for number, stem in enumerate(STEMS)}
        return {stem: tuple(values[start : start + len(parameters())]) for stem, start in starts.items()}

    def _order(self) -> None:
        """What was written or read before is so before what comes after, on every processor."""
        with self._fence:
            pass


assert ctypes.sizeof(Header) <= layout.HEADS_OFFSET
