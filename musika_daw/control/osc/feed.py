"""What the instrument has to tell, passed on to everyone who listens.

Everyone is told of every change, also whoever made it: two controllers behind one port stay in step, and what was
asked for shows as it was taken. Of a control that changed several times since the last look only the last is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

from musika_daw.control.instrument import Instrument
from musika_daw.control.osc.packet import build
from musika_daw.controls.control import Value
from musika_daw.controls.move import Notice
from musika_daw.controls.target import address_of
from osc_protocol.table import Access
from osc_protocol.types import ProtocolError, find

_LOOK_SECONDS = 0.01
_log = logging.getLogger(__name__)

Listener = Callable[[Notice, bytes], None]
"""Gets what there is to tell, and its packet."""


class Feed:
    """Looks for notices while it runs."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._listeners: list[Listener] = []

    def add(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def run(self) -> None:
        while True:
            try:
                self._tell(condense(self._instrument.notices()))
            except Exception:
                _log.exception("could not pass on what is new")
            await asyncio.sleep(_LOOK_SECONDS)

    def _tell(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            address, values = message_of(notice)
            try:
                packet = build(address, values)
            except ValueError:
                _log.warning("%s has values that OSC cannot hold: %r", address, values)
                continue
            for listener in self._listeners:
                listener(notice, packet)


def message_of(notice: Notice) -> tuple[str, tuple[Value, ...]]:
    """Address and values of a notice; what it is about comes first, as an address."""
    about = () if notice.about is None else (address_of(notice.about),)
    return address_of(notice.target), (*about, *notice.values)


def condense(notices: Iterable[Notice]) -> list[Notice]:
    """Events, and of every control the last value; nothing that cannot be asked for."""
    kept: dict[object, Notice] = {}
    for place, notice in enumerate(notices):
        address = address_of(notice.target)
        try:
            access = find(address).row.access
        except ProtocolError:
            _log.warning("%s is not in the table", address)
            continue
        if access is Access.EVENT:
            kept[place] = notice
        elif access.readable:
            kept.pop(notice.target, None)
            kept[notice.target] = notice
    return list(kept.values())
