"""MIDI ports of this machine: what there is, and inputs that come and go.

Threads: one thread of `InputPorts` looks for ports and reads them; the handler is called in it. Messages are fetched
from the driver's own queue, which stamps them, so that no Python runs in a driver's callback.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import rtmidi

from musika_daw.control.midi.jack_graph import JackGraph, keep
from musika_daw.control.midi.port_names import choose_port, plain_name
from musika_daw.control.midi.time_stamps import TimeStamps
from musika_daw.errors import UserError

VIRTUAL_NAME = "Musika DAW"

_READ_SECONDS = 0.002
_SCAN_SECONDS = 0.5
_QUEUE_MESSAGES = 8192  # some seconds of a storm
_SEQUENCER = Path("/dev/snd/seq")
_log = logging.getLogger(__name__)

Handler = Callable[[str, Sequence[int], float], None]
"""Called with the port's name, the bytes, and the moment they came in seconds of the monotonic clock."""


def default_api() -> int:
    """ALSA where its sequencer is, else JACK; elsewhere the system's own."""
    built = rtmidi.get_compiled_api()
    if rtmidi.API_LINUX_ALSA in built and not _SEQUENCER.exists() and rtmidi.API_UNIX_JACK in built:
        return int(rtmidi.API_UNIX_JACK)
    return int(rtmidi.API_UNSPECIFIED)


def has_virtual_ports(api: int) -> bool:
    """Whether other programs can connect to a port of ours; Windows has none of the kind."""
    return api in (rtmidi.API_LINUX_ALSA, rtmidi.API_UNIX_JACK, rtmidi.API_MACOSX_CORE) or (
        api == rtmidi.API_UNSPECIFIED and rtmidi.API_WINDOWS_MM not in rtmidi.get_compiled_api()
    )


def has_numbered_names(api: int) -> bool:
    """Whether each port's place in the list is put after its name, as on Windows."""
    return api == rtmidi.API_WINDOWS_MM or (
        api == rtmidi.API_UNSPECIFIED and rtmidi.API_WINDOWS_MM in rtmidi.get_compiled_api()
    )


def input_names(api: int | None = None) -> list[str]:
    """Names of the ports that can be read."""
    return _names(rtmidi.MidiIn, default_api() if api is None else api)


def output_names(api: int | None = None) -> list[str]:
    """Names of the ports that can be written to."""
    return _names(rtmidi.MidiOut, default_api() if api is None else api)


def _names(kind: type, api: int) -> list[str]:
    try:
        port = kind(api, name=f"{VIRTUAL_NAME} list")
    except (rtmidi.SystemError, rtmidi.UnsupportedOperationError) as error:
        raise UserError(f"MIDI ports cannot be listed: {error}; start JACK, or plug a MIDI device in") from None
    try:
        return list(port.get_ports())
    finally:
        port.delete()


class InputPorts:
    """The inputs that are wanted by name, whenever they are there; and a virtual one, if it has a name.

    A JACK server that goes takes all of them along, and brings them back when it comes again.
    """

    def __init__(
        self,
        handler: Handler,
        wanted: Sequence[str] = (),
        virtual_name: str | None = VIRTUAL_NAME,
        api: int | None = None,
        idle: Callable[[float], None] | None = None,
        tell: Callable[[str], None] = _log.info,
    ) -> None:
        """Opens what is there.

        Args:
            wanted: names of ports, or parts of them (`choose_port`).
            idle: called with the monotonic seconds after each look at the ports, about 500 times a second.
            tell: gets a line when a wanted port is not there, comes or goes.

        Raises:
            UserError: the system has no MIDI now, or a name means several ports.
        """
        self._handler, self._idle, self._tell = handler, idle, tell
        self._wanted = tuple(wanted)
        self._unclear: set[str] = set()  # of wanted ones, told already
        self._api = default_api() if api is None else api
        self._virtual = virtual_name if virtual_name and has_virtual_ports(self._api) else None
        self._open: dict[str, tuple[rtmidi.MidiIn, TimeStamps]] = {}
        self._graph: JackGraph | None = None
        self._scanner: rtmidi.MidiIn | None = None
        self._ended = threading.Event()
        self._begin()
        try:
            self._look(first=True)
        except UserError:
            self._end()
            raise
        self._thread = threading.Thread(target=self._run, name="midi-in", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def connected(self) -> tuple[str, ...]:
        """Names of the ports that are read now."""
        return tuple(self._open)

    @property
    def wanted(self) -> tuple[str, ...]:
        """Names that are listened to, or waited for."""
        return self._wanted

    def want(self, names: Sequence[str]) -> None:
        """Listens to these from now on, beside the virtual port; what is not there is waited for."""
        self._wanted = tuple(names)

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._end()

    def _begin(self) -> None:
        """Opens what does not depend on the ports that are there."""
        try:
            self._graph = JackGraph() if self._api == rtmidi.API_UNIX_JACK else None
            self._scanner = self._new_port(f"{VIRTUAL_NAME} scan")
            if self._virtual:
                # On JACK the audio's client has that name, and cables that are saved have to find both again.
                client = f"{self._virtual} MIDI" if self._graph is not None else self._virtual
                port = self._new_port(client)
                port.open_virtual_port(self._virtual)
                self._open[self._virtual] = (port, TimeStamps())
        except (rtmidi.SystemError, rtmidi.UnsupportedOperationError, rtmidi.InvalidUseError) as error:
            self._end()
            raise UserError(f"MIDI cannot be opened: {error}; start JACK, or play without MIDI") from None

    def _end(self) -> None:
        ports = [port for port, _ in self._open.values()] + ([self._scanner] if self._scanner else [])
        for port in ports:
            if self._graph is not None and self._graph.lost:
                keep(port)
            else:
                port.delete()
        self._open, self._scanner = {}, None
        if self._graph is not None:
            self._graph.close()
            self._graph = None

    def _new_port(self, name: str) -> rtmidi.MidiIn:
        port = rtmidi.MidiIn(self._api, name=name, queue_size_limit=_QUEUE_MESSAGES)
        port.ignore_types(sysex=True, timing=False, active_sense=True)
        return port

    def _run(self) -> None:
        next_scan = 0.0
        while not self._ended.wait(_READ_SECONDS):
            now = time.monotonic()
            if now >= next_scan:
                self._look()
                next_scan = now + _SCAN_SECONDS
            lag = self._graph.lag_seconds if self._graph is not None else 0.0
            for name, (port, stamps) in self._open.items():
                while (received := port.get_message()) is not None:
                    data, interval = received
                    self._call(self._handler, name, data, stamps.stamp(interval, time.monotonic()) + lag)
            if self._idle is not None:
                self._call(self._idle, time.monotonic())

    @staticmethod
    def _call(function: Callable[..., None], *arguments: object) -> None:
        try:
            function(*arguments)
        except Exception:
            _log.exception("a MIDI message could not be handled")  # the next one may be: play on

    def _look(self, first: bool = False) -> None:
        """Sees what has come and gone.

        Raises:
            UserError: at the first look, a name means several ports.
        """
        if self._graph is not None and self._graph.lost:
            self._tell("MIDI: the JACK server has gone away")
            self._end()
        if self._scanner is None:
            try:
                self._begin()
            except UserError:
                return  # not yet
            self._tell("MIDI: the JACK server is back")
        others = self._open.keys() - {self._virtual}
        if (self._wanted or others) and self._scanner is not None:
            self._scan(self._scanner.get_ports(), first)

    def _scan(self, names: list[str], first: bool) -> None:
        opened = dict(self._open)
        for name in opened.keys() - {plain_name(name) for name in names} - {self._virtual}:
            self._tell(f"MIDI input {name} has gone: it is waited for")
            opened.pop(name)[0].delete()
        meant: set[str] = set()
        for wanted in self._wanted:
            place = self._choose(names, wanted, first)
            if place is not None:
                meant.add(plain_name(names[place]))
            if place is None:
                if first:
                    there = ", ".join(map(plain_name, names)) or "none"
                    self._tell(f"MIDI input {wanted!r} is not there, it is waited for: there are {there}")
            elif (name := plain_name(names[place])) not in opened and (port := self._opened(place, name)) is not None:
                opened[name] = (port, TimeStamps())
        for name in opened.keys() - meant - {self._virtual}:
            opened.pop(name)[0].delete()
        self._open = opened

    def _choose(self, names: list[str], wanted: str, first: bool) -> int | None:
        try:
            return choose_port(names, wanted, has_numbered_names(self._api))
        except UserError as error:
            if first:
                raise
            if wanted not in self._unclear:
                self._unclear.add(wanted)
                self._tell(str(error))
            return None

    def _opened(self, place: int, name: str) -> rtmidi.MidiIn | None:
        try:
            port = self._new_port(f"{VIRTUAL_NAME} in")
            port.open_port(place)
        except (rtmidi.SystemError, rtmidi.InvalidUseError, rtmidi.InvalidPortError) as error:
            _log.warning("MIDI input %s cannot be opened: %s", name, error)
            return None
        self._tell(f"MIDI input: {name}")
        return port
