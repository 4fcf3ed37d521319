"""MIDI clock over real cables: one of another program followed, and ours measured."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest

from musika_daw.control.clock.clock_messages import ClockSource
from musika_daw.control.clock.midi_clock import MidiClock
from musika_daw.control.clock.protocol import ClockState
from musika_daw.control.midi.messages import START, TICK, Parser
from musika_daw.control.midi.output import OutputPort
from musika_daw.control.midi.ports import InputPorts
from musika_daw.control.midi.timed_sender import TimedSender
from tests.support.jack import connect, jack_server, may_be_realtime, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def jack() -> Iterator[str]:
    with jack_server() as name:
        yield name


class Listener:
    """A virtual port, the clock it feeds, and the moments of ticks and starts."""

    def __init__(self) -> None:
        self.clock = MidiClock(100.0)
        self.ticks: list[float] = []
        self.starts: list[int] = []  # ticks before each
        self._parser = Parser()

    def __call__(self, port: str, data: object, seconds: float) -> None:
        for message in self._parser.feed(data):  # type: ignore[arg-type]
            self.clock.feed(port, message, seconds)
            if message.kind == TICK:
                self.ticks.append(seconds)
            elif message.kind == START:
                self.starts.append(len(self.ticks))


@contextlib.contextmanager
def busy_core() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def errors_beside_ticks(listener: Listener, bpm: float) -> tuple[bool, list[float]]:
    """Waits for four beats, then compares the clock with the line through the latest two, for half a second.

    Returns:
        Whether the ticks were on that line all along (a machine that stood still has moved the sender's own time, and
        what is on the line then says nothing of the clock), and the clock's errors in ms.
    """
    begun = len(listener.ticks)
    wait_for(lambda: len(listener.ticks) > begun + 24 * 4, "the clock does not tick", 30.0)
    first = listener.starts[-1]
    numbers = np.arange(len(listener.ticks) - 48, len(listener.ticks))
    slope, offset = np.polyfit(numbers, np.array(listener.ticks)[numbers], 1)
    errors = []
    for _ in range(150):
        now = time.monotonic()
        beat = ((now - offset) / slope - first) / 24
        errors.append((listener.clock.state_at(now).beat - beat) * 60_000 / bpm)
        time.sleep(0.003)
    numbers = np.arange(numbers[0], len(listener.ticks))
    aside = np.abs(np.array(listener.ticks)[numbers] - offset - slope * numbers)
    return bool(aside.max() < 0.005), errors


@pytest.mark.parametrize("bpm", [93.7, 128.0, 151.3])
def test_a_clock_of_another_program_is_followed(jack: str, bpm: float) -> None:
    if not shutil.which("jack_midi_clock") or not shutil.which("jack_transport"):
        pytest.skip("jack_midi_clock is not installed (Debian: apt-get install jack-midi-clock)")
    listener = Listener()

    def transport(command: str) -> None:
        subprocess.run(["jack_transport"], input=f"{command}\nquit\n", text=True, capture_output=True, timeout=20)

    def begin() -> None:
        for _ in range(5):  # it tells a start only if it has seen before that nothing plays
            transport("stop\nlocate 0")
            time.sleep(0.5)
            transport("play")
            with contextlib.suppress(AssertionError):
                wait_for(lambda: listener.clock.state_at(time.monotonic()).playing, "no start", 2.0)
                break

    with InputPorts(listener, virtual_name="Musika Test"):
        source = subprocess.Popen(["jack_midi_clock", "-b", str(bpm), "-B"], stdout=subprocess.DEVNULL)
        try:
            connect("mclk_out", ":Musika Test")
            for _ in range(4):  # a machine that stands still moves the sender's time, and may swallow a tick
                begin()
                steady, errors = errors_beside_ticks(listener, bpm)
                if steady and np.percentile(np.abs(errors), 95) < 4.0:
                    break
            assert steady, "the sender's ticks never came evenly for two beats"
            state = listener.clock.state_at(time.monotonic())
            assert state.playing and state.settled
            assert state.bpm == pytest.approx(bpm, rel=1e-2)  # its ticks come in steps of a period
            print(f"\n{bpm} bpm: jitter {state.jitter_seconds * 1000:.2f} ms, error {np.abs(errors).max():.2f} ms")
            assert np.percentile(np.abs(errors), 95) < 4.0
            transport("stop")
            wait_for(lambda: not listener.clock.state_at(time.monotonic()).playing, "the stop is not heard")
        finally:
            source.terminate()
            source.wait(10)


class Song:
    """Plays from a moment on, from beat 0."""

    def __init__(self, begin: float, bpm: float) -> None:
        self._begin, self._bpm = begin, bpm

    def state_at(self, at: float) -> ClockState:
        beat = (at - self._begin) * self._bpm / 60.0
        return ClockState(max(0.0, beat), self._bpm, beat >= 0.0, True, int(beat >= 0.0))


def test_our_clock_is_steady_with_a_busy_core(jack: str) -> None:
    seconds = float(os.environ.get("MUSIKA_CLOCK_SECONDS", "8"))
    bpm = 128.0
    for _ in range(4):  # a machine that stands still itself says nothing of the clock
        listener = Listener()
        with InputPorts(listener, virtual_name="Musika Test"), OutputPort(name="Clock out") as port, busy_core():
            connect("Clock out:", ":Musika Test")
            begin = time.monotonic() + 1.0
            with TimedSender(ClockSource(Song(begin, bpm)), port):
                time.sleep(1.0 + seconds)
        assert len(listener.starts) == 1
        ticks = np.array(listener.ticks[listener.starts[0] :])
        numbers = np.arange(len(ticks))
        slope, offset = np.polyfit(numbers, ticks, 1)
        aside = np.abs(ticks - slope * numbers - offset)
        jitter_ms = float(np.percentile(aside, 68)) * 1000  # as a standard deviation, whatever single ticks do
        exact = slope / (60.0 / bpm / 24) - 1
        first_ms = (offset - begin) * 1000
        print(f"\njitter {jitter_ms:.2f} ms, tempo off by {exact * 100:.5f} %, first tick {first_ms:.2f} ms late")
        assert len(ticks) == pytest.approx(seconds * bpm / 60 * 24, abs=3)
        if not may_be_realtime():
            pytest.skip("no real-time priority on this machine: what else runs decides about jitter")
        if jitter_ms < 1.5:
            break
    assert jitter_ms < 1.5 and abs(exact) < 1e-4
