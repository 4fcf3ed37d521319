"""An instrument and parts beside it, played as one."""

from collections.abc import Sequence

import pytest

from musika_daw.control.instrument import Instrument, Router
from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target
from tests.support.controller import Controller, built, bundle
from tests.support.memory_instrument import MemoryInstrument


class Sundial:
    """A clock: it owns its own address, and refuses a tempo while it leads."""

    def __init__(self) -> None:
        self.source: Value = "internal"
        self.news: list[Notice] = []

    def targets(self) -> tuple[Target, ...]:
        return (Target("clock"),)

    def check(self, moves: Sequence[Move]) -> None:
        leads = self.source
        for move in moves:
            if str(move.target) == "clock":
                leads = move.values[0]
            if str(move.target) == "tempo" and leads != "internal":
                raise RefusedError(move.target, "refused", f"the {leads} clock leads")

    def apply(self, move: Move) -> None:
        self.source = move.values[0]
        self.news.append(Notice.of(move.target, *move.values))

    def get(self, target: Target) -> tuple[Value, ...]:
        return (self.source,)

    def notices(self) -> list[Notice]:
        news, self.news = self.news, []
        return news


@pytest.fixture
def ensemble(instrument: MemoryInstrument) -> Instrument:
    return Router(instrument, [Sundial()])


def test_a_part_answers_its_own_addresses_and_the_instrument_the_others(
    instrument: MemoryInstrument, ensemble: Instrument
) -> None:
    ensemble.post([Move.of("clock", "midi"), Move.of("density", 0.5)])
    assert ensemble.get(Target("clock")) == ("midi",) and instrument.get(Target("clock")) == ("internal",)
    assert ensemble.get(Target("density")) == (0.5,)
    assert instrument.moves == [Move.of("density", 0.5)]
    assert {str(notice.target) for notice in ensemble.notices()} == {"clock", "density"}
    assert set(ensemble.targets()) == set(instrument.targets())


@pytest.mark.parametrize("culprit", [Move.of("tempo", 90.0), Move.of("stem/flute/mute", True)])
def test_what_one_refuses_none_does(instrument: MemoryInstrument, ensemble: Instrument, culprit: Move) -> None:
    with pytest.raises(RefusedError):
        ensemble.post([Move.of("clock", "link"), Move.of("density", 0.5), culprit])
    assert ensemble.get(Target("clock")) == ("internal",)
    assert instrument.posts == []


def test_it_is_served_as_any_instrument(ensemble: Instrument) -> None:
    serving = ControlThread(ensemble, ControlSettings(port=0, announce=False))
    with serving as control, Controller(control.osc_port) as controller:
        told = dict(controller.ask("/musika/subscribe"))
        assert told["/musika/clock"] == ["internal"]
        controller.send_raw(bundle(built("/musika/clock", "midi"), built("/musika/density", 0.5)))
        assert sorted(controller.receive() for _ in range(2)) == [
            ("/musika/clock", ["midi"]),
            ("/musika/density", [0.5]),
        ]
        ((_, (named, code, _)),) = controller.ask("/musika/tempo", 90.0)
        assert (named, code) == ("/musika/tempo", "refused")
