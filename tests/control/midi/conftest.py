"""An instrument that remembers what it was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from musika_daw.control.midi.control import MidiControl
from musika_daw.control.midi.mapping import Mapping
from musika_daw.controls.control import Value
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.target import Target, address_of, target_of
from tests.support.jack import jack_server


class FakeInstrument:
    stems = ("drums", "bass", "chords", "lead")

    def __init__(self) -> None:
        self.values: dict[str, tuple[Value, ...]] = {
            "/musika/density": (0.7,),
            "/musika/brightness": (0.5,),
            "/musika/morph": (0.25, 0.75),
            "/musika/seed": (0,),
            "/musika/tempo": (128.0,),
            "/musika/quantize": ("now",),
            "/musika/key": ("off",),
            "/musika/record": (False,),
            "/musika/stem/drums/mute": (False,),
            "/musika/stem/bass/fx/0/cutoff_hz": (1000.0,),
        }
        self.posts: list[list[Move]] = []

    def post(self, moves: Sequence[Move]) -> None:
        for move in moves:
            if "nowhere" in move.control:
                raise RefusedError(move.target, "address", f"{move.target} is not there")
        self.posts.append(list(moves))
        self.values.update({address_of(move.target): move.values for move in moves})

    def get(self, target: Target) -> tuple[Value, ...]:
        address = address_of(target)
        if address not in self.values:
            raise RefusedError(target, "address", f"{target} is not there")
        return self.values[address]

    def targets(self) -> tuple[Target, ...]:
        return tuple(map(target_of, (*self.values, "/musika/status")))

    def limits(self, target: Target) -> tuple[float, float] | None:
        return (20.0, 20_000.0) if target.control.endswith("cutoff_hz") else None

    def notices(self) -> list[Notice]:
        return []

    @property
    def moves(self) -> list[Move]:
        return [move for post in self.posts for move in post]


@pytest.fixture
def instrument() -> FakeInstrument:
    return FakeInstrument()


@pytest.fixture
def control(instrument: FakeInstrument, tmp_path: Path) -> MidiControl:
    """Without a row yet; song position = seconds * 2."""
    return MidiControl(instrument, Mapping("test"), tmp_path / "midi" / "learnt.toml", lambda seconds: seconds * 2.0)


@pytest.fixture(scope="module")
def jack() -> Iterator[str]:
    with jack_server() as name:
        yield name
