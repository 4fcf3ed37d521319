"""A control thread on a free port, an instrument behind it and a controller before it."""

from collections.abc import Iterator

import pytest

from musika_daw.control.osc.thread import ControlSettings, ControlThread
from tests.support.controller import Controller
from tests.support.memory_instrument import MemoryInstrument


@pytest.fixture
def instrument() -> MemoryInstrument:
    return MemoryInstrument()


@pytest.fixture
def control(instrument: MemoryInstrument) -> Iterator[ControlThread]:
    with ControlThread(instrument, ControlSettings(port=0, announce=False)) as control:
        yield control


@pytest.fixture
def controller(control: ControlThread) -> Iterator[Controller]:
    with Controller(control.osc_port) as controller:
        yield controller
