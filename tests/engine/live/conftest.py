"""A live engine that plays into memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musika_daw.control.osc.feed import message_of
from musika_daw.controls.move import Move, Notice
from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.controls.target import target_of
from musika_daw.engine.bus.bus import BusLostError
from musika_daw.engine.live.engine import LiveEngine, LiveSettings
from musika_daw.music.notes import STEMS

WAIT_SECONDS = 60.0


def song(model: str, **values: Any) -> ControlState:
    """Controls to start with, four styles in the corners."""
    corners = {"anchor_a": "warehouse", "anchor_b": "fathom", "anchor_c": "tunnel", "anchor_d": "pebble"}
    own = {"model": model, "seed": 7, "density": 0.8, "stems": STEMS, **corners}
    return defaults().over(settings(**{**own, **values}))


class Tape:
    """A bus that keeps what it is given, at the pace of music; on a busy machine it waits for the engine, too."""

    latency_seconds = 0.02
    underruns = changes = 0
    description = "tape"

    def __init__(self) -> None:
        self.engine: LiveEngine | None = None
        self.mix: list[np.ndarray] = []
        self.stems: list[Mapping[str, np.ndarray]] = []
        self.lost = False
        self.moved = threading.Condition()

    def write(self, stems: Mapping[str, np.ndarray], mix: np.ndarray) -> None:
        if self.lost:
            raise BusLostError("the tape has come off")
        patience = time.monotonic() + 2.0  # an engine that gets nowhere fails its test, and does not stop all others
        while self.engine is not None and self.engine.ahead_seconds() < 0.15 and time.monotonic() < patience:
            time.sleep(0.001)
        time.sleep(mix.shape[1] / 44100)
        with self.moved:
            self.mix.append(mix)
            self.stems.append(stems)
            self.moved.notify_all()

    def close(self) -> None:
        pass

    @property
    def samples(self) -> int:
        return sum(m.shape[1] for m in self.mix)

    def heard(self, stem: str | None = None) -> np.ndarray:
        """Everything so far, `[2, n]`."""
        with self.moved:
            return np.concatenate(self.mix if stem is None else [s[stem] for s in self.stems], 1)


class Studio:
    """An engine on a tape, and what it told."""

    def __init__(self, state: ControlState, project: Path) -> None:
        self.tape = Tape()
        self.stand_in = Tape()
        self.told: list[Notice] = []
        self.engine = LiveEngine(
            LiveSettings(state, project), self.tape, lambda: self._reopened(), lambda: self.stand_in
        )
        self.tape.engine = self.stand_in.engine = self.engine

    def _reopened(self) -> Tape:
        if self.tape.lost:
            raise BusLostError("still off")
        return self.tape

    def post(self, *moves: tuple[Any, ...]) -> None:
        self.engine.post([Move.of(name, *values) for name, *values in moves])

    def get(self, address: str) -> tuple[Any, ...]:
        """The value of an address."""
        return self.engine.get(target_of(address))

    def until(self, what: Callable[[], object]) -> None:
        """Waits until it is so."""
        end = time.monotonic() + WAIT_SECONDS
        while not what():
            self.told += self.engine.notices()
            assert time.monotonic() < end, "it never came"
            time.sleep(0.002)

    def play_until(self, beat: float) -> None:
        self.until(lambda: self.engine.position() >= beat)

    def notices(self, address: str) -> list[tuple[Any, ...]]:
        self.told += self.engine.notices()
        return [message_of(notice)[1] for notice in self.told if message_of(notice)[0] == address]


@pytest.fixture
def controls(tiny_model: Path) -> ControlState:
    return song(str(tiny_model))


@pytest.fixture
def studio(controls: ControlState, tmp_path: Path) -> Iterator[Studio]:
    made = Studio(controls, tmp_path)
    yield made
    made.tape.lost = False
    made.engine.close()
