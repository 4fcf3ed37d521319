"""What is sent as MIDI: a clock that shows where the song is, and the notes of the patterns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from musika_daw.control.midi.echoes import Echoes
from musika_daw.control.midi.output import OutputPort
from musika_daw.control.midi.timed_sender import Source, TimedSender
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target
from musika_daw.errors import UserError

CLOCK_OUT, NOTES_OUT = "clock/out", "midi/out"
OFF, VIRTUAL = "off", "virtual"


class OutputsHandler:
    """Each output has a port of its own."""

    def __init__(self, sources: Mapping[str, tuple[str, Callable[[], Source]]], echoes: Echoes | None = None) -> None:
        """
        Args:
            sources: control -> name of its virtual port, and what it sends, made anew whenever it is opened.
            echoes: is told what is sent.
        """
        self._sources, self._echoes = sources, echoes
        self._chosen = dict.fromkeys(sources, OFF)
        self._senders: dict[str, TimedSender] = {}
        self._told: list[Notice] = []

    def targets(self) -> tuple[Target, ...]:
        return tuple(map(Target, self._sources))

    def check(self, moves: Sequence[Move]) -> None:
        pass  # only opening a port tells whether it opens

    def apply(self, move: Move) -> None:
        wanted = str(move.values[0])
        name, source = self._sources[move.control]
        if wanted != self._chosen[move.control]:
            self._close(move.control)
            if wanted != OFF:
                try:
                    port = OutputPort(None if wanted == VIRTUAL else wanted, name=name, echoes=self._echoes)
                except UserError as error:
                    raise RefusedError(move.target, "failed", str(error)) from error
                self._senders[move.control] = TimedSender(source(), port)
            self._chosen[move.control] = wanted
        self._told.append(Notice.of(move.target, *move.values))

    def get(self, target: Target) -> tuple[Value, ...]:
        return (self._chosen[target.control],)

    def notices(self) -> list[Notice]:
        told, self._told = self._told, []
        return told

    def close(self) -> None:
        for control in tuple(self._senders):
            self._close(control)

    def _close(self, control: str) -> None:
        self._chosen[control] = OFF
        if (sender := self._senders.pop(control, None)) is not None:
            sender.close()
