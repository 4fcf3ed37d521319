"""A MIDI output: a port of ours that others connect to, or one of theirs."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import rtmidi

from musika_daw.control.midi.ports import VIRTUAL_NAME, default_api, has_virtual_ports, output_names
from musika_daw.errors import UserError


class OutputPort:
    """Writes messages; from one thread at a time."""

    def __init__(self, wanted: str | None = None, api: int | None = None, name: str = VIRTUAL_NAME) -> None:
        """
        Args:
            wanted: part of the name of a port that is there; None: a virtual one, called `name`.

        Raises:
            UserError: there is no such port, or the system has no virtual ones.
        """
        api = default_api() if api is None else api
        if wanted is None and not has_virtual_ports(api):
            raise UserError("this system has no virtual MIDI ports: name an output, 'musika-daw devices' lists them")
        names = output_names(api)
        place = next((i for i, there in enumerate(names) if wanted and wanted.lower() in there.lower()), None)
        if wanted is not None and place is None:
            raise UserError(f"there is no MIDI output {wanted!r}: there are {', '.join(names) or 'none'}")
        try:
            self._port = rtmidi.MidiOut(api, name=name)
            if place is None:
                self._port.open_virtual_port(name)
            else:
                self._port.open_port(place)
        except (rtmidi.SystemError, rtmidi.InvalidUseError, rtmidi.InvalidPortError) as error:
            raise UserError(f"MIDI output cannot be opened: {error}; is another program using it?") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def send(self, message: bytes) -> None:
        self._port.send_message(message)

    def close(self) -> None:
        self._port.delete()
