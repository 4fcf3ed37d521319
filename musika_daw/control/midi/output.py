"""A MIDI output: a port of ours that others connect to, or one of theirs; it may go and come back."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import rtmidi

from musika_daw.control.midi.echoes import Echoes
from musika_daw.control.midi.jack_graph import JackGraph, keep
from musika_daw.control.midi.port_names import choose_port, plain_name
from musika_daw.control.midi.ports import (
    VIRTUAL_NAME,
    default_api,
    has_numbered_names,
    has_virtual_ports,
    output_names,
)
from musika_daw.errors import UserError


class OutputPort:
    """Writes messages; from one thread at a time."""

    def __init__(
        self,
        wanted: str | None = None,
        api: int | None = None,
        name: str = VIRTUAL_NAME,
        echoes: Echoes | None = None,
    ) -> None:
        """
        Args:
            wanted: name of a port that is there, or a part of it; None: a virtual one, called `name`.
            echoes: is told what is sent.

        Raises:
            UserError: there is no such port, or several, or the system has no virtual ones.
        """
        self._api = default_api() if api is None else api
        self._wanted, self._name, self._echoes = wanted, name, echoes
        self._port_name = f"{name}:{name}"
        self._port: rtmidi.MidiOut | None = None
        self._graph: JackGraph | None = None
        if wanted is None and not has_virtual_ports(self._api):
            raise UserError("this system has no virtual MIDI ports: name an output, 'musika-daw devices' lists them")
        self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def lag_seconds(self) -> float:
        """From a message being sent to the sound that belongs to it being heard (`JackGraph`)."""
        return self._graph.lag_seconds if self._graph is not None else 0.0

    def send(self, message: bytes) -> None:
        """Sent into the void while the port is gone."""
        if self._port is not None:
            if self._echoes is not None:
                self._echoes.sent(self._port_name, message, time.monotonic())
            self._port.send_message(message)

    def look(self) -> None:
        """Opens the port again if it had gone and is back; to be called now and then."""
        gone = self._graph is not None and self._graph.lost
        if self._port is not None and not gone and self._wanted is not None:
            gone = self._port_name not in self._port.get_ports()
        if gone:
            self.close()
        if self._port is None:
            with contextlib.suppress(UserError):  # not yet
                self._open()

    def close(self) -> None:
        if self._port is not None:
            if self._graph is not None and self._graph.lost:
                keep(self._port)
            else:
                self._port.delete()
            self._port = None
        if self._graph is not None:
            self._graph.close()
            self._graph = None

    def _place(self, names: Sequence[str]) -> int | None:
        """The wanted port's number."""
        return None if self._wanted is None else choose_port(names, self._wanted, has_numbered_names(self._api))

    def _open(self) -> None:
        try:
            self._graph = JackGraph() if self._api == rtmidi.API_UNIX_JACK else None
            names = [] if self._wanted is None else output_names(self._api)
            place = self._place(names)
            if self._wanted is not None and place is None:
                there = ", ".join(map(plain_name, names)) or "none"
                raise UserError(f"there is no MIDI output {self._wanted!r}: there are {there}")
            self._port = rtmidi.MidiOut(self._api, name=self._name)
            if place is None:
                self._port.open_virtual_port(self._name)
            else:
                self._port.open_port(place)
                self._port_name = names[place]
        except (rtmidi.SystemError, rtmidi.InvalidUseError, rtmidi.InvalidPortError) as error:
            self.close()
            raise UserError(f"MIDI output cannot be opened: {error}; is another program using it?") from None
        except UserError:
            self.close()
            raise
