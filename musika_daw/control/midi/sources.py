"""What moved on a controller: messages become values of sources, 14-bit pairs and NRPN put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from musika_daw.control.midi.messages import BEND, CONTROL, NOTE_OFF, NOTE_ON, PROGRAM, Message
from musika_daw.errors import UsageError

_NUMBERS = {"cc": 127, "cc14": 31, "nrpn": 16383, "note": 127, "program": 127}
_DATA_MSB, _DATA_LSB, _INCREMENT, _DECREMENT = 6, 38, 96, 97
_NRPN_LSB, _NRPN_MSB, _RPN_LSB, _RPN_MSB = 98, 99, 100, 101
_NULL = 127


@dataclass(frozen=True, slots=True)
class Source:
    """A control of a controller.

    Attributes:
        kind: `cc` (7 bits), `cc14` (a pair n and n + 32, 14 bits), `nrpn`, `bend`, `note`, `program`.
        number: controller 0-127 (cc14: 0-31), parameter 0-16383, note, program; 0 of bend.
        channel: 1-16; None stands for any.
    """

    kind: str
    number: int = 0
    channel: int | None = None

    def matches(self, moved: Source) -> bool:
        """Whether this, of one channel or of any, is what moved."""
        return (self.kind, self.number) == (moved.kind, moved.number) and self.channel in (None, moved.channel)

    def __str__(self) -> str:
        return self.kind if self.kind == "bend" else f"{self.kind} {self.number}"


def parse_source(text: str, channel: int | None = None) -> Source:
    """`cc 20`, `cc14 1`, `nrpn 1234`, `bend`, `note 36`, `program 3` -> Source.

    Raises:
        UsageError: it is none of these, or out of range.
    """
    match = re.fullmatch(r"(bend)|(cc|cc14|nrpn|note|program)\s+(\d+)", text.strip())
    if not match or (match[2] and int(match[3]) > _NUMBERS[match[2]]):
        raise UsageError(
            f"MIDI source {text!r} is not possible: expected e.g. 'cc 20' (0-127), 'cc14 1' (0-31), 'nrpn 1234', "
            "'bend', 'note 36', 'program 3'"
        )
    if channel is not None and not 1 <= channel <= 16:
        raise UsageError(f"MIDI channel {channel} is not possible: expected 1 to 16, or none for any")
    return Source(match[1] or match[2], int(match[3] or 0), channel)


@dataclass(frozen=True, slots=True)
class Moved:
    """A source has a new value.

    Attributes:
        source: with its channel.
        value: 0-1; of notes the velocity, 0 when let go; of programs 1.
    """

    source: Source
    value: float


class SourceDecoder:
    """Messages in, moves of sources out. One decoder per port: it holds halves of pairs."""

    def __init__(self) -> None:
        self._high: dict[tuple[int, int], int] = {}  # (channel, controller 0-31) -> its upper seven bits
        self._fine: set[tuple[int, int]] = set()  # pairs whose lower half was ever seen
        self._selected: dict[int, list[int]] = {}  # channel -> NRPN number, upper and lower seven bits
        self._data: dict[tuple[int, int], int] = {}  # (channel, NRPN) -> its 14-bit value

    def decode(self, message: Message) -> Iterator[Moved]:
        channel, data = message.channel, message.data
        if message.kind == CONTROL:
            yield from self._control(channel, *data)
        elif message.kind == BEND:
            yield Moved(Source("bend", 0, channel), _bend_share(data[0] + (data[1] << 7)))
        elif message.kind in (NOTE_ON, NOTE_OFF):
            yield Moved(Source("note", data[0], channel), data[1] / 127 if message.kind == NOTE_ON else 0.0)
        elif message.kind == PROGRAM:
            yield Moved(Source("program", data[0], channel), 1.0)

    def _control(self, channel: int, number: int, value: int) -> Iterator[Moved]:
        if number in (_NRPN_MSB, _NRPN_LSB):
            self._selected.setdefault(channel, [_NULL, _NULL])[number == _NRPN_LSB] = value
            return
        if number in (_RPN_MSB, _RPN_LSB):
            self._selected.pop(channel, None)  # data entry means that RPN now: bend range and the like
            return
        if number in (_DATA_MSB, _DATA_LSB, _INCREMENT, _DECREMENT) and (nrpn := self._nrpn(channel)) is not None:
            yield self._data_entry(channel, nrpn, number, value)
            return
        yield Moved(Source("cc", number, channel), value / 127)
        if number < 32:
            self._high[channel, number] = value
            if (channel, number) not in self._fine:
                yield Moved(Source("cc14", number, channel), value / 127)
        elif number < 64 and (channel, number - 32) in self._high:
            # A pair is whole when its lower half is there; the upper one alone would jump back and forth.
            self._fine.add((channel, number - 32))
            whole = (self._high[channel, number - 32] << 7) + value
            yield Moved(Source("cc14", number - 32, channel), whole / 16383)

    def _nrpn(self, channel: int) -> int | None:
        high, low = self._selected.get(channel, (_NULL, _NULL))
        return None if (high, low) == (_NULL, _NULL) else (high << 7) + low

    def _data_entry(self, channel: int, nrpn: int, number: int, value: int) -> Moved:
        before = self._data.get((channel, nrpn), 0)
        if number == _DATA_MSB:
            # Without a lower half to follow, 127 has to mean all of it.
            whole = (value << 7) + (_NULL if value == _NULL else 0)
        elif number == _DATA_LSB:
            whole = (before & ~_NULL) + value
        else:
            whole = min(16383, max(0, before + (1 if number == _INCREMENT else -1)))
        self._data[channel, nrpn] = whole
        return Moved(Source("nrpn", nrpn, channel), whole / 16383)


def _bend_share(value: int) -> float:
    """0 - 8192 - 16383 -> 0 - 0.5 - 1, the middle exact."""
    return value / 16384 if value <= 8192 else 0.5 + (value - 8192) / 16382
