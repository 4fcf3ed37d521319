"""What is sent as MIDI: a clock that shows where the song is, and the notes of the patterns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from musika_daw.control.midi.output import OutputPort
from musika_daw.control.midi.timed_sender import Source, TimedSender
from musika_daw.engine.live.moves import Move, Notice, RefusedError, Value
from musika_daw.errors import UserError

CLOCK_OUT, NOTES_OUT = "/musika/clock/out", "/musika/midi/out"
OFF, VIRTUAL = "off", "virtual"


class OutputsPart:
    """Each output has a port of its own."""

    def __init__(self, sources: Mapping[str, tuple[str, Callable[[], Source]]]) -> None:
        """`sources`: address -> name of its virtual port, and what it sends, made anew whenever it is opened."""
        self._sources = sources
        self._chosen = dict.fromkeys(sources, OFF)
        self._senders: dict[str, TimedSender] = {}
        self._told: list[Notice] = []

    def addresses(self) -> tuple[str, ...]:
        return tuple(self._sources)

    def check(self, moves: Sequence[Move]) -> None:
        pass  # only opening a port tells whether it opens

    def apply(self, move: Move) -> None:
        wanted = str(move.values[0])
        name, source = self._sources[move.address]
        if wanted != self._chosen[move.address]:
            self._close(move.address)
            if wanted != OFF:
                try:
                    port = OutputPort(None if wanted == VIRTUAL else wanted, name=name)
                except UserError as error:
                    raise RefusedError(move.address, "failed", str(error)) from error
                self._senders[move.address] = TimedSender(source(), port)
            self._chosen[move.address] = wanted
        self._told.append(Notice(move.address, move.values))

    def get(self, address: str) -> tuple[Value, ...]:
        return (self._chosen[address],)

    def notices(self) -> list[Notice]:
        told, self._told = self._told, []
        return told

    def close(self) -> None:
        for address in tuple(self._senders):
            self._close(address)

    def _close(self, address: str) -> None:
        self._chosen[address] = OFF
        if (sender := self._senders.pop(address, None)) is not None:
            sender.close()
