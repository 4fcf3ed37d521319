"""Moves of a controller become moves of the instrument, by the rows of a mapping. Pure: no port, no thread."""

from __future__ import annotations

from musika_daw.control.instrument import Instrument
from musika_daw.control.midi.curves import Scale
from musika_daw.control.midi.mapping import Mapping, Route
from musika_daw.control.midi.sources import Moved, Source
from musika_daw.control.midi.take_over import TakeOver
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, RefusedError
from musika_daw.controls.target import Target, target_of
from musika_daw.errors import UsageError
from osc_protocol import Argument, ProtocolError, find
from osc_protocol.table import PRESSED

Meant = int | str
"""Which value of several is learnt, or a text that is sent."""

_PRESSED = 0.5  # of the way, and more: a switch is down


class MappingPlayer:
    """Plays an instrument by a mapping. Holds what the knobs and switches did last."""

    def __init__(self, mapping: Mapping, instrument: Instrument) -> None:
        self.mapping = mapping
        self._learning: tuple[str, Meant] | None = None
        self._instrument = instrument
        self._take_overs: dict[Route, TakeOver] = {}
        self._down: dict[Route, bool] = {}

    def moves(self, moved: Moved) -> list[Move]:
        """What to post; an address that is not there now moves nothing."""
        if self._learning is not None and moved.value:
            self._bind(*self._learning, moved.source)
            return []
        moves = []
        for route in self.mapping.routes:
            if route.source.matches(moved.source):
                try:
                    move = self._move(route, moved.value)
                except RefusedError:
                    continue  # the model has no such stem or effect: the map may serve another one
                if move is not None:
                    moves.append(move)
        return moves

    def learn(self, address: str, meant: Meant = 0) -> None:
        """The next source that moves is bound to this address; `off`: none is.

        Args:
            meant: which value of several it moves, or the text that it sends when it is pressed.

        Raises:
            RefusedError: the address cannot be moved by a control.
        """
        if address == "off":
            self._learning = None
            return
        try:
            _learnt_route(Source("cc"), address, meant)
        except UsageError as error:
            reason = str(error).split(": ", 1)[1]
            raise RefusedError(Target("midi/learn"), "refused", f"{reason}; it cannot be learnt") from None
        self._learning = address, meant

    def _bind(self, address: str, meant: Meant, source: Source) -> None:
        if source.kind == "cc14":
            return  # its halves come as cc, too, and a pair is rarely meant
        self.mapping = self.mapping.learnt(_learnt_route(source, address, meant))
        self._learning = None

    def _move(self, route: Route, way: float) -> Move | None:
        if route.mode == "continuous":
            return self._turned(route, way)
        was_down, down = self._down.get(route, False), way >= _PRESSED or (route.source.kind == "note" and way > 0)
        self._down[route] = down and route.source.kind != "program"  # programs are never let go
        if route.mode == "momentary":
            return self._switched(route, down) if down != was_down else None
        if not down or was_down:
            return None
        if route.mode == "trigger":
            return Move.of(target_of(route.to), *route.values)
        return self._switched(route, not self._is_on(route))

    def _turned(self, route: Route, way: float) -> Move | None:
        argument = find(route.to).row.arguments[route.argument]
        if argument.choices:
            return self._set(route, argument.choices[min(len(argument.choices) - 1, int(way * len(argument.choices)))])
        if "T" in argument.types:
            return self._set(route, way >= _PRESSED)
        scale = self._scale(route, argument)
        if "f" not in argument.types:
            return self._set(route, round(scale.value(way)))
        if route.take_over and route.source.kind != "note":
            current = self._instrument.get(target_of(route.to))[route.argument]
            assert not isinstance(current, str)
            if not self._take_overs.setdefault(route, TakeOver()).holds(way, scale.way(float(current))):
                return None
        return self._set(route, scale.value(way))

    def _switched(self, route: Route, on: bool) -> Move:
        argument = find(route.to).row.arguments[route.argument]
        if "T" in argument.types:
            return self._set(route, on)
        scale = self._scale(route, argument)
        value = scale.high if on else scale.low
        return self._set(route, value if "f" in argument.types else round(value))

    def _is_on(self, route: Route) -> bool:
        if not find(route.to).row.access.readable:
            return False
        value = self._instrument.get(target_of(route.to))[route.argument]
        if isinstance(value, bool | str):
            return bool(value)
        scale = self._scale(route, find(route.to).row.arguments[route.argument])
        return scale.way(float(value)) >= _PRESSED

    def _set(self, route: Route, value: Value) -> Move:
        """The other arguments stay as they are."""
        row = find(route.to).row
        if len(row.arguments) == 1 or not row.access.readable:
            return Move.of(target_of(route.to), value)
        values = list(self._instrument.get(target_of(route.to)))
        values[route.argument] = value
        return Move.of(target_of(route.to), *values)

    def _scale(self, route: Route, argument: Argument) -> Scale:
        limits = self._instrument.limits(target_of(route.to)) or (argument.low, argument.high)
        low = route.low if route.low is not None else limits[0]
        high = route.high if route.high is not None else limits[1]
        if low is None or high is None:
            raise RefusedError(
                target_of(route.to), "range", f"{route.to} has no limits: give low and high in the MIDI map"
            )
        return Scale(low, high, route.curve)


def _learnt_route(source: Source, address: str, meant: Meant) -> Route:
    """What is meant when a control is bound to an address: switches toggle switches, buttons press buttons.

    Raises:
        UsageError: no control can move it.
    """
    try:
        row = find(address).row
    except ProtocolError as error:
        raise UsageError(f"MIDI map: {error}") from None
    if isinstance(meant, str):
        return Route(source, address, mode="trigger", values=(meant,))
    if row.arguments in ((), (PRESSED,)):
        return Route(source, address, mode="trigger")
    if meant:
        return Route(source, address, argument=meant)
    is_switch = "T" in row.arguments[0].types and source.kind in ("note", "program")
    return Route(source, address, mode="toggle" if is_switch else "continuous")
