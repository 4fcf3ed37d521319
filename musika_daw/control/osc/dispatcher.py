"""From packets to the instrument: everything of a bundle or nothing, answers to the sender, errors that say why.

Faders that move faster than the instrument can follow are thinned: a move is posted at once, but of those that arrive
within the next milliseconds only the last of each address is. Buttons, choices and questions never wait.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from musika_daw.control.instrument import Instrument
from musika_daw.control.osc.interpret import SUBSCRIBE, UNSUBSCRIBE, Request, interpret
from musika_daw.control.osc.later import Later
from musika_daw.control.osc.near_address import near_address
from musika_daw.control.osc.packet import Group, PacketError, build, parse, seconds_until
from musika_daw.control.osc.pattern import is_pattern
from musika_daw.control.osc.peer import Peer
from musika_daw.control.osc.rate import RateLimit
from musika_daw.control.osc.schedule import MAX_SECONDS, Schedule
from musika_daw.control.osc.sender_clocks import SenderClocks
from musika_daw.control.osc.subscribers import MOST, Subscribers
from musika_daw.controls.move import Move, RefusedError
from musika_daw.controls.target import Target, address_of, target_of
from osc_protocol.table import ROWS, Access
from osc_protocol.types import ProtocolError, Value, clamped, find

_ERROR = ROWS["/musika/error"].pattern
_TOLD = ROWS["/musika/told"].pattern
_SYNCED = ROWS["/musika/synced"].pattern
_APART_SECONDS = 0.005  # a post of faders from the next: the ear hears no finer steps, the instrument has room
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Order:
    """Requests that are done together, and who gets the answers."""

    peer: Peer
    requests: tuple[Request, ...]

    @property
    def moves(self) -> list[Move]:
        return [move for request in self.requests for move in request.moves]

    @property
    def continuous(self) -> bool:
        return all(request.continuous for request in self.requests)

    def asked(self, target: Target) -> str:
        """The address as it was sent, for a target that a pattern stood for."""
        for request in self.requests:
            if any(move.target == target for move in request.moves):
                return request.asked
        return address_of(target)


class Dispatcher:
    """Call `receive` per packet and `turn_ends` when there is no more to read for now; all in the loop's thread."""

    def __init__(
        self, instrument: Instrument, subscribers: Subscribers, later: Later, loop: asyncio.AbstractEventLoop
    ) -> None:
        """`later`: is told who asked for what, to send them what becomes of it."""
        self._instrument = instrument
        self._subscribers, self._later = subscribers, later
        self._clocks = SenderClocks()
        self._loop = loop
        self._schedule = Schedule(loop)
        self._errors = RateLimit(20, 40, loop.time)
        self._snapshots = RateLimit(4, 8, loop.time)
        self._pending: list[_Order] = []
        self._flushed = -_APART_SECONDS
        self._flush_later: asyncio.TimerHandle | None = None

    def close(self) -> None:
        self._schedule.close()
        if self._flush_later is not None:
            self._flush_later.cancel()

    def receive(self, datagram: bytes, peer: Peer) -> None:
        """Does what a packet asks for, at once or when its time tag says."""
        asked = ""
        try:
            groups = parse(datagram)
            early = self._early(groups, peer)
            later: list[tuple[float, _Order]] = []
            for group in groups:
                requests = []
                for message in group.messages:
                    asked = message.address
                    if asked == _ERROR:
                        return  # answering errors with errors would never end
                    requests.append(self._limited(interpret(message, self._addresses)))
                later.append((self._wait(group.due, early), _Order(peer, tuple(requests))))
            if not self._schedule.has_room(sum(len(order.requests) for seconds, order in later if seconds > 0)):
                raise ProtocolError("refused", "too much is scheduled already: send it later")
        except PacketError as error:
            self._refuse(peer, error.address, "type", str(error))
            return
        except ProtocolError as error:
            self._refuse(peer, asked, error.code, str(error))
            return
        for seconds, order in later:
            self._take(seconds, order)

    def turn_ends(self) -> None:
        """Posts the faders, unless that was done just now: then in a moment."""
        if not self._pending or self._flush_later is not None:
            return
        wait = self._flushed + _APART_SECONDS - self._loop.time()
        if wait <= 0:
            self._flush()
        else:
            self._flush_later = self._loop.call_later(wait, self._flush)

    def _flush(self) -> None:
        if self._flush_later is not None:
            self._flush_later.cancel()
            self._flush_later = None
        orders, self._pending = self._pending, []
        if not orders:
            return
        self._flushed = self._loop.time()
        last = {move.target: move for order in orders for move in order.moves}
        try:
            self._instrument.post(tuple(last.values()))
        except Exception:
            # One of them spoils it for all: each on its own, so that each gets its own answer.
            for order in orders:
                self._do(order)

    def _controls(self) -> Sequence[tuple[str, tuple[Value, ...]]]:
        """Every control that can be set and asked for, and its value."""
        values = []
        for target in self._instrument.targets():
            address = address_of(target)
            try:
                if find(address).row.access is Access.READ_WRITE:
                    values.append((address, self._instrument.get(target)))
            except (RefusedError, ProtocolError):
                _log.debug("%s has no value now", address)
        return values

    def _addresses(self) -> Sequence[str]:
        return tuple(map(address_of, self._instrument.targets()))

    def _limited(self, request: Request) -> Request:
        """With the limits of effects' parameters, which the table cannot know, in place of values beside them."""
        return dataclasses.replace(request, moves=tuple(map(self._limited_move, request.moves)))

    def _limited_move(self, move: Move) -> Move:
        try:
            limits = self._instrument.limits(move.target)
        except RefusedError:
            return move  # posting it tells what is not there
        if limits is None or not isinstance(move.values[0], float):
            return move
        value = clamped(move.values[0], *limits)
        return move if value is None else Move.of(move.target, value)

    def _early(self, groups: Sequence[Group], peer: Peer) -> float:
        """By how many seconds the sender's time tags are too late, as its clock is ahead; negative if it is behind."""
        first = next((group for group in groups if group.due), None)
        if first is None:
            return 0.0
        seconds = seconds_until(first.due)
        corrected = self._clocks.correct(peer.host, seconds, self._loop.time())
        if corrected.found is not None:
            self._schedule.hasten(peer.host, corrected.found)
        if corrected.told is not None:
            asked = first.messages[0].address if first.messages else ""
            peer.send(build(_TOLD, (asked[:256], corrected.told)))
        return seconds - corrected.seconds

    @staticmethod
    def _wait(due: float, early: float) -> float:
        seconds = seconds_until(due) - early if due else 0.0
        if seconds > MAX_SECONDS:
            raise ProtocolError(
                "refused",
                f"the time tag is {seconds:.0f} s ahead: expected at most {MAX_SECONDS:.0f} s; is your device's "
                "clock right?",
            )
        return max(0.0, seconds)

    def _take(self, seconds: float, order: _Order) -> None:
        if seconds > 0:
            self._schedule.add(seconds, len(order.requests), lambda: self._do_next(order), order.peer.host)
        elif order.continuous:
            self._pending.append(order)
        else:
            self._do_next(order)

    def _do_next(self, order: _Order) -> None:
        """After the faders that were moved before."""
        self._flush()
        self._do(order)

    def _do(self, order: _Order) -> None:
        peer = order.peer
        try:
            if moves := order.moves:
                for move in moves:
                    self._later.ask(move.target, peer)
                self._instrument.post(moves)
            for request in order.requests:
                for address in request.queries:
                    self._later.ask_list(target_of(address), peer)
                    self._answer(peer, address)
                if request.call is not None:
                    self._own(peer, *request.call)
        except RefusedError as error:
            self._refuse(peer, order.asked(error.target), error.code, str(error))
        except ProtocolError as error:
            self._refuse(peer, order.requests[0].asked, error.code, str(error))
        except Exception as error:
            _log.exception("%s failed", order.requests[0].asked)
            self._refuse(peer, order.requests[0].asked, "failed", f"{type(error).__name__}: {error}")

    def _answer(self, peer: Peer, address: str) -> None:
        replies = find(address).row.replies
        peer.send(build(replies[0] if replies else address, self._instrument.get(target_of(address))))

    def _own(self, peer: Peer, address: str, values: tuple[Value, ...]) -> None:
        if address not in (SUBSCRIBE, UNSUBSCRIBE):
            peer.send(build(_SYNCED, values))
            return
        target = peer.at_port(int(values[0])) if values else peer
        if target is None:
            raise ProtocolError("refused", f"{address} is for UDP: over a WebSocket, LISTEN")
        if address == UNSUBSCRIBE:
            self._subscribers.remove(target)
            return
        if not self._subscribers.add(target):
            raise ProtocolError("refused", f"there are {MOST} subscribers already: unsubscribe one")
        # All values at once are much to send: repeated subscriptions get them a few times a second.
        if self._snapshots.take(target.key) is not None:
            for control, value in self._controls():
                target.send(build(control, value))

    def _refuse(self, peer: Peer, address: str, code: str, message: str) -> None:
        held_back = self._errors.take(peer.key)
        if held_back is None:
            return
        if code == "address" and not is_pattern(address):  # looked for here: errors come at a bounded rate
            message = near_address(address, self._addresses()) + message
        more = f" (and {held_back} more errors before)" if held_back else ""
        peer.send(build(_ERROR, (address[:256], code, (message + more)[:1024])))
