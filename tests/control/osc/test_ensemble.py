"""An instrument and parts beside it, played as one."""

from collections.abc import Sequence

import pytest

from musika_daw.control.instrument import Ensemble, Instrument
from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.engine.live.moves import Move, Notice, RefusedError, Value

from .controller import Controller, built, bundle
from .memory_instrument import MemoryInstrument


class Sundial:
    """A clock: it owns its own address, and refuses a tempo while it leads."""

    def __init__(self) -> None:
        self.source: Value = "internal"
        self.news: list[Notice] = []

    def addresses(self) -> tuple[str, ...]:
        return ("/musika/clock",)

    def check(self, moves: Sequence[Move]) -> None:
        leads = self.source
        for move in moves:
            if move.address == "/musika/clock":
                leads = move.values[0]
            if move.address == "/musika/tempo" and leads != "internal":
                raise RefusedError(move.address, "refused", f"the {leads} clock leads")

    def apply(self, move: Move) -> None:
        self.source = move.values[0]
        self.news.append(Notice(move.address, move.values))

    def get(self, address: str) -> tuple[Value, ...]:
        return (self.source,)

    def notices(self) -> list[Notice]:
        news, self.news = self.news, []
        return news


@pytest.fixture
def ensemble(instrument: MemoryInstrument) -> Instrument:
    return Ensemble(instrument, [Sundial()])


def test_a_part_answers_its_own_addresses_and_the_instrument_the_others(
    instrument: MemoryInstrument, ensemble: Instrument
) -> None:
    ensemble.post([Move("/musika/clock", ("midi",)), Move("/musika/density", (0.5,))])
    assert ensemble.get("/musika/clock") == ("midi",) and instrument.get("/musika/clock") == ("internal",)
    assert ensemble.get("/musika/density") == (0.5,)
    assert instrument.moves == [Move("/musika/density", (0.5,))]
    assert {notice.address for notice in ensemble.notices()} == {"/musika/clock", "/musika/density"}
    assert sorted(ensemble.addresses()) == sorted(instrument.addresses())


@pytest.mark.parametrize("culprit", [Move("/musika/tempo", (90.0,)), Move("/musika/stem/flute/mute", (True,))])
def test_what_one_refuses_none_does(instrument: MemoryInstrument, ensemble: Instrument, culprit: Move) -> None:
    with pytest.raises(RefusedError):
        ensemble.post([Move("/musika/clock", ("link",)), Move("/musika/density", (0.5,)), culprit])
    assert ensemble.get("/musika/clock") == ("internal",)
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
