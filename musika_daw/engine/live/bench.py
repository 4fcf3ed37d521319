"""How soon a control move is heard on this computer, and how much room there is."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.engine.bus.bus import Bus
from musika_daw.engine.live.engine import LiveEngine, LiveSettings
from musika_daw.engine.presets.style_file import style_names
from musika_daw.errors import UsageError
from musika_daw.music.notes import STEMS

_SETTLE_SECONDS = 2.0


@dataclass(frozen=True)
class LiveBenchSettings:
    """Options of `bench live`."""

    model: str = field(default="techno", metadata={"help": "a shipped model or the path of one"})
    bus: str = field(default="null", metadata={"help": "where to play: null, jack or a device"})
    moves: int = field(default=200, metadata={"help": "control moves, at random times"})
    rate: float = field(default=2.0, metadata={"help": "moves a second, on average"})
    busy: int = field(default=0, metadata={"help": "busy loops of other processes at normal priority"})
    seconds: float = field(default=0.0, metadata={"help": "play at least this long (a soak)"})
    seed: int = field(default=0, metadata={"help": "seed of the moves and their times"})


def default_controls(model: str) -> ControlState:
    """Controls that move between four styles far apart."""
    names = style_names()
    a, b, c, d = (names[i * len(names) // 4] for i in range(4))
    own = settings(model=model, seed=1, anchor_a=a, anchor_b=b, anchor_c=c, anchor_d=d, stems=STEMS)
    return defaults().over(own)


@contextmanager
def _load(count: int) -> Iterator[None]:
    """Busy loops in processes of their own."""
    programs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    if hasattr(os, "setpriority"):
        for program in programs:  # whatever this process's own is
            os.setpriority(os.PRIO_PROCESS, program.pid, 0)
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()


def _random_move(generator: np.random.Generator) -> Move:
    if generator.random() < 0.5:
        return Move.of("density", float(generator.random()))
    return Move.of("morph", float(generator.random()), float(generator.random()))


def run(settings: LiveBenchSettings, open_bus: Callable[[], Bus]) -> dict[str, Any]:
    """Plays, moves controls and reports.

    Returns:
        Latencies from a move being posted to the first sample that it changed being handed to the bus, in ms
        (`latency_ms`), and to that sample being heard, the bus and the limiter included (`move_to_sound_ms`);
        real-time factor and load of the worker; underruns, and how often a JACK server was late; memory.
    """
    if settings.moves < 1 or settings.rate <= 0 or settings.busy < 0:
        raise UsageError("moves, rate and busy must not be negative, and there must be a move")
    buses: list[Bus] = []

    def opened() -> Bus:
        buses.append(open_bus())
        return buses[-1]

    with ExitStack() as stack:
        engine = LiveEngine(LiveSettings(default_controls(settings.model), Path()), opened(), opened, opened)
        stack.callback(engine.close)
        time.sleep(_SETTLE_SECONDS)
        engine.post([Move("play")])
        time.sleep(_SETTLE_SECONDS)
        stack.enter_context(_load(settings.busy))
        engine.forget_latencies()
        memory, began = _memory_mb(), time.monotonic()
        moved = _play_with_it(engine, settings)
        time.sleep(_SETTLE_SECONDS)
        latencies = sorted(engine.latencies_ms())
        return {
            "moves": moved,
            "moves_a_second": settings.rate,
            "busy_loops": settings.busy,
            **_engine_figures(engine, latencies),
            # Of JACK, which counts every time that its server was late, whoever's fault it was.
            "xruns": sum(getattr(bus, "xruns", 0) for bus in buses),
            "seconds": round(time.monotonic() - began, 1),
            "memory_mb": {"start": memory, "end": _memory_mb()},
        }


def _play_with_it(engine: LiveEngine, settings: LiveBenchSettings) -> int:
    """Moves controls at random; returns how many moves that were."""
    generator, began = np.random.default_rng(settings.seed), time.monotonic()
    moved = 0
    while moved < settings.moves or time.monotonic() - began < settings.seconds:
        time.sleep(float(generator.exponential(1.0 / settings.rate)))
        engine.post([_random_move(generator)])
        engine.notices()
        moved += 1
    return moved


def _engine_figures(engine: LiveEngine, latencies: list[float]) -> dict[str, Any]:
    factor, load, underruns = engine.status()[:3]
    return {
        "bus": engine.bus_description,
        "bus_latency_ms": round(engine.bus_latency_ms, 1),
        "heard": len(latencies),
        "latency_ms": _summary(latencies),
        "move_to_sound_ms": _summary([ms + engine.bus_latency_ms for ms in latencies]),
        "block_real_time_factor": round(float(factor), 1),
        "worker_load": round(float(load), 3),
        "underruns": underruns,
    }


def _summary(values: list[float]) -> dict[str, float]:
    """Of values in rising order."""
    p95 = float(np.percentile(values, 95))
    return {"median": round(statistics.median(values), 1), "p95": round(p95, 1), "highest": round(values[-1], 1)}


def _memory_mb() -> int:
    """Resident memory now where the system tells, the peak elsewhere."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
    return round(pages * resource.getpagesize() / 1e6)
