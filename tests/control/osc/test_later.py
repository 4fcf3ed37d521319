"""Whoever asked is told what became of it, subscribed or not."""

import pytest

from musika_daw.control.osc.thread import ControlThread
from tests.support.controller import Controller
from tests.support.memory_instrument import MemoryInstrument


@pytest.mark.parametrize(
    ("asked", "event", "values"),
    [
        (("/musika/preset/save", "mine"), "/musika/error", ["/musika/preset/save", "failed", "the disk is full"]),
        (("/musika/preset/save", "mine"), "/musika/told", ["/musika/preset/save", "saved as mine.toml"]),
        (("/musika/record", True), "/musika/done", ["/songs/take 001"]),
        (("/musika/record", True), "/musika/error", ["/musika/record", "failed", "the disk is full"]),
        (("/musika/render", 8.0, "/songs"), "/musika/progress", [0.5]),
        (("/musika/bus/list",), "/musika/bus/list", ["default", "null", "a new one"]),
        (("/musika/render", 8.0, "/songs"), "/musika/done", ["/songs/take 001"]),
    ],
)
def test_an_outcome_goes_to_whoever_asked_last(
    control: ControlThread,
    controller: Controller,
    instrument: MemoryInstrument,
    asked: tuple[object, ...],
    event: str,
    values: list[object],
) -> None:
    address, *arguments = asked
    with Controller(control.osc_port) as other:
        other.ask(str(address), *arguments)
        controller.ask(str(address), *arguments)
        instrument.tell(event, *values)  # type: ignore[arg-type]
        assert controller.receive() == (event, values)
        assert other.sync() == []


def test_a_subscriber_that_asked_is_told_once(controller: Controller, instrument: MemoryInstrument) -> None:
    controller.ask("/musika/subscribe")
    controller.ask("/musika/preset/save", "mine")
    instrument.tell("/musika/told", "/musika/preset/save", "saved")
    instrument.tell("/musika/beat", 1.0)
    assert controller.receive() == ("/musika/told", ["/musika/preset/save", "saved"])
    assert controller.receive() == ("/musika/beat", [1.0])
