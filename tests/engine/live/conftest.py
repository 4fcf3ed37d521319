"""A live engine that plays into memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from musika_daw.engine.bus.bus import BusLostError
from musika_daw.engine.live.controls import Controls
from musika_daw.engine.live.engine import LiveEngine, LiveSettings
from musika_daw.engine.live.moves import Move, Notice

WAIT_SECONDS = 60.0


class Tape:
    """A bus that keeps what it is given, at the pace of music; on a busy machine it waits for the engine, too."""

    latency_seconds = 0.02
    underruns = 0
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

    def __init__(self, controls: Controls, project: Path) -> None:
        self.tape = Tape()
        self.spare = Tape()
        self.told: list[Notice] = []
        self.engine = LiveEngine(
            LiveSettings(controls, project), self.tape, lambda: self._reopened(), lambda: self.spare
        )
        self.tape.engine = self.spare.engine = self.engine

    def _reopened(self) -> Tape:
        if self.tape.lost:
            raise BusLostError("still off")
        return self.tape

    def post(self, *moves: tuple[Any, ...]) -> None:
        self.engine.post([Move(f"/musika/{name}", values) for name, *values in moves for values in [tuple(values)]])

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
        return [n.values for n in self.told if n.address == address]


@pytest.fixture
def controls(tiny_model: Path) -> Controls:
    return Controls(str(tiny_model), 7, 128.0, 0.8, 0.5, 0.15, ("warehouse", "fathom", "tunnel", "pebble"))


@pytest.fixture
def studio(controls: Controls, tmp_path: Path) -> Iterator[Studio]:
    made = Studio(replace(controls), tmp_path)
    yield made
    made.tape.lost = False
    made.engine.close()
