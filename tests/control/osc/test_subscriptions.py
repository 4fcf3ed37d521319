"""Subscribers over real UDP: what they are told, and that one that has gone disturbs nobody."""

import socket
import time

import pytest

from musika_daw.control.osc.feed import condense
from musika_daw.control.osc.thread import ControlThread
from musika_daw.controls.move import Notice
from musika_daw.controls.target import address_of
from osc_protocol.table import ROWS, Access
from osc_protocol.types import find
from tests.support.controller import Controller
from tests.support.memory_instrument import MemoryInstrument


def test_a_subscription_answers_with_every_control(controller: Controller, instrument: MemoryInstrument) -> None:
    for _ in range(2):
        told = dict(controller.ask("/musika/subscribe"))
        controls = [a for a in map(address_of, instrument.targets()) if find(a).row.access is Access.READ_WRITE]
        assert sorted(told) == sorted(controls)
        assert told["/musika/tempo"] == [128.0]


def test_changes_and_events_are_pushed_whoever_made_them(
    control: ControlThread, controller: Controller, instrument: MemoryInstrument
) -> None:
    controller.ask("/musika/subscribe")
    with Controller(control.osc_port) as other:
        assert other.ask("/musika/density", 0.5) == [], "who did not subscribe is told nothing"
    assert controller.receive() == ("/musika/density", [0.5])
    controller.send("/musika/density", 0.25)
    assert controller.receive() == ("/musika/density", [0.25]), "also to whoever moved it"
    instrument.tell("/musika/beat", 4.0)
    instrument.tell("/musika/meter", "bass", -6.0, -12.0)
    instrument.tell("/musika/landed", "/musika/density", 4.5)
    instrument.tell("/musika/error", "/musika/record", "failed", "the disk is full")
    assert [controller.receive()[0] for _ in range(4)] == [
        "/musika/beat",
        "/musika/meter",
        "/musika/landed",
        "/musika/error",
    ]


def test_subscribing_again_does_not_double_what_is_told(controller: Controller, instrument: MemoryInstrument) -> None:
    for _ in range(20):
        controller.ask("/musika/subscribe")
    instrument.tell("/musika/beat", 1.0)
    instrument.tell("/musika/beat", 2.0)
    assert controller.receive() == ("/musika/beat", [1.0])
    assert controller.receive() == ("/musika/beat", [2.0])


def test_values_at_once_are_sent_a_few_times_a_second_only(controller: Controller) -> None:
    for _ in range(200):
        controller.send("/musika/subscribe")
    told = [address for address, _ in controller.sync()]
    assert told.count("/musika/tempo") < 100


def test_another_port_can_be_subscribed_and_unsubscribed(
    control: ControlThread, controller: Controller, instrument: MemoryInstrument
) -> None:
    with Controller(control.osc_port) as screen:
        assert controller.ask("/musika/subscribe", float(screen.port)) == []
        screen.expect("/musika/quantize")
        instrument.tell("/musika/beat", 1.0)
        assert screen.expect("/musika/beat") == [1.0]
        controller.ask("/musika/unsubscribe", screen.port)
        controller.ask("/musika/unsubscribe")
        controller.ask("/musika/subscribe")
        instrument.tell("/musika/beat", 2.0)
        assert controller.expect("/musika/beat") == [2.0]
        assert screen.sync() == []


def test_a_subscriber_that_has_gone_disturbs_nobody(
    control: ControlThread, controller: Controller, instrument: MemoryInstrument
) -> None:
    with Controller(control.osc_port) as gone:
        gone.ask("/musika/subscribe")
    controller.ask("/musika/subscribe")
    for beat in range(50):
        instrument.tell("/musika/beat", float(beat))
        assert controller.expect("/musika/beat") == [float(beat)]
    assert controller.ask("/musika/tempo") == [("/musika/tempo", [128.0])]


@pytest.mark.slow
def test_a_subscriber_that_has_gone_is_let_go(
    control: ControlThread, controller: Controller, instrument: MemoryInstrument
) -> None:
    """Where the system says to whom a packet could not be delivered; seen by a new program at the same port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    controller.ask("/musika/subscribe", port)
    deadline = time.monotonic() + 7
    while time.monotonic() < deadline:
        instrument.tell("/musika/beat", 0.0)
        controller.sync()
        time.sleep(0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as newcomer:
        newcomer.bind(("127.0.0.1", port))
        newcomer.settimeout(0.5)
        instrument.tell("/musika/beat", 1.0)
        with pytest.raises(TimeoutError):
            newcomer.recv(1000)


def test_the_list_is_bounded(controller: Controller) -> None:
    refused = []
    for port in range(40_000, 40_040):
        refused += [a for a in controller.ask("/musika/subscribe", port) if a[0] == "/musika/error"]
    assert len(refused) == 8
    assert "32 subscribers already" in str(refused[0][1][2])


def test_of_a_control_only_the_last_value_is_told_events_all_are() -> None:
    notices = [
        Notice.of("density", 0.1),
        Notice.of("beat", 1.0),
        Notice.of("key", "Am"),
        Notice.of("density", 0.2),
        Notice.of("beat", 2.0),
        Notice.of("scene/save", "drop"),
        Notice.of("unheard", 1),
    ]
    assert [(address_of(notice.target), notice.values[0]) for notice in condense(notices)] == [
        ("/musika/beat", 1.0),
        ("/musika/key", "Am"),
        ("/musika/density", 0.2),
        ("/musika/beat", 2.0),
    ]


def test_what_cannot_be_told_does_not_stop_the_feed(controller: Controller, instrument: MemoryInstrument) -> None:
    controller.ask("/musika/subscribe")
    instrument.tell("/musika/beat", None)  # type: ignore[arg-type]
    instrument.tell("/musika/beat", object())  # type: ignore[arg-type]
    instrument.tell("/musika/beat", 3.0)
    while controller.expect("/musika/beat") != [3.0]:
        pass


def test_every_event_of_a_subscription_is_in_the_table() -> None:
    assert ROWS["/musika/subscribe"].replies == ("/musika/beat", "/musika/bar", "/musika/meter", "/musika/landed")
