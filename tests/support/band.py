"""The live process on a real JACK server, beside a player that sends it MIDI and hears all it sends, frame by frame."""

from __future__ import annotations

import bisect
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soxr

from musika_daw.train.metrics.kick_timing import kick_errors
from osc_protocol import Client
from tests.support.jack import RATE, connect, jack_server, ports, wait_for

SAMPLE_RATE = 44100
ROLLING = 1  # JackTransportRolling
AHEAD = RATE // 4  # frames from asking for a message to the first one that surely goes out in time
MIDI_IN = ":Musika DAW"  # of its virtual port

Event = tuple[int, bytes]
"""JACK frame, and the bytes of a message."""


class Player:
    """A JACK client: `send` goes out at its frames, `audio` and `heard` is what came in."""

    def __init__(self, server: str, sources: Sequence[str]) -> None:
        jack = pytest.importorskip("jack")
        self._client = jack.Client("player", servername=server, no_start_server=True)
        self._out = self._client.midi_outports.register("out")
        self._in = self._client.midi_inports.register("in")
        self._ears = [self._client.inports.register(source) for source in sources]
        self._lock = threading.Lock()
        self._waiting: list[Event] = []
        self._blocks: list[list[np.ndarray]] = [[] for _ in sources]
        self.heard: list[Event] = []
        self.sent: list[Event] = []
        self.frame = 0
        self.missed = 0  # frames in which the server went on without us
        self.transport: list[tuple[int, int]] = []  # frames of ours and of JACK's transport, while it rolls
        self._base: int | None = None
        self._began: float | None = None  # moment of the monotonic clock of frame 0, by the callback that came soonest
        self._client.set_process_callback(self._process)
        self._client.activate()

    def send(self, events: Iterable[Event]) -> None:
        with self._lock:
            for event in events:
                bisect.insort(self._waiting, event, key=lambda e: e[0])

    def frame_at(self, seconds: float) -> float:
        """The frame at a moment of the monotonic clock."""
        assert self._began is not None
        return (seconds - self._began) * RATE

    def audio(self, source: int = 0) -> np.ndarray:
        """Everything so far at 44.1 kHz `[2, n]`, twice the same side; frame 0 is its start."""
        sound = soxr.resample(np.concatenate(self._blocks[source]), RATE, SAMPLE_RATE).astype(np.float32)
        return np.stack([sound, sound])

    def close(self) -> None:
        self._client.deactivate()
        self._client.close()

    def _process(self, frames: int) -> None:
        now = self._client.last_frame_time
        if self._base is None or self.frame < RATE // 2:
            self._base = now - self.frame  # a server that has just started may set its clock
        if (gap := now - self._base - self.frame) > 0:
            self.missed += gap
            self.frame += gap
            for blocks in self._blocks:
                blocks.append(np.zeros(gap, np.float32))
        began = time.monotonic() - self.frame / RATE
        self._began = began if self._began is None else min(self._began, began)
        state, position = self._client.transport_query_struct()
        if state == ROLLING:
            self.transport.append((self.frame, position.frame))
        self.heard += [(self.frame + offset, bytes(data)) for offset, data in self._in.incoming_midi_events()]
        for blocks, ear in zip(self._blocks, self._ears, strict=True):
            blocks.append(ear.get_array().copy())
        self._out.clear_buffer()
        with self._lock:
            while self._waiting and self._waiting[0][0] < self.frame + frames:
                frame, data = self._waiting.pop(0)
                self._out.write_midi_event(max(0, frame - self.frame), data)
                self.sent.append((max(frame, self.frame), data))
        self.frame += frames


class Band:
    """Everything together."""

    def __init__(self, process: subprocess.Popen[bytes], player: Player, port: int) -> None:
        self.process, self.player = process, player
        self.osc = Client(port=port)

    def kick_errors_ms(self, beat_frames: np.ndarray) -> np.ndarray:
        """Of each beat, by how much its kick is late; NaN where there is none."""
        return kick_errors(self.player.audio(), np.asarray(beat_frames) / RATE) * 1000


def figures(errors_ms: np.ndarray) -> str:
    heard = errors_ms[~np.isnan(errors_ms)]
    half = len(heard) // 2
    return (
        f"{len(heard)} kicks at {len(errors_ms)} beats: median {np.median(np.abs(heard)):.1f}, 95 % "
        f"{np.percentile(np.abs(heard), 95):.1f}, signed {np.median(heard):+.1f}, halves "
        f"{np.median(heard[:half]):+.1f} {np.median(heard[half:]):+.1f} ms"
    )


@contextmanager
def band(folder: Path, *options: str, sources: Sequence[str] = ("drums",), period: int = 256) -> Iterator[Band]:
    """The player is connected to the live process both ways, and hears the left side of `sources`."""
    with jack_server(period) as server:
        words = ["live", "--bus", "jack", "--osc-port", "0", "--out", str(folder), *options]
        said = folder / "said.txt"
        with open(said, "w") as file:
            process = subprocess.Popen([sys.executable, "-m", "musika_daw.app", *words], stderr=file)
        try:

            def port() -> int | None:
                assert process.poll() is None, said.read_text()
                found = re.search(r"OSC on \S+, port (\d+)", said.read_text())
                return int(found[1]) if found else None

            wait_for(port, "it does not listen", 60.0)
            player = Player(server, sources)
            try:
                for source in sources:
                    connect(f"{source}_left", f"player:{source}")
                connect("player:out", MIDI_IN)
                made = Band(process, player, port() or 0)
                with made.osc:
                    yield made
                assert "Traceback" not in said.read_text(), said.read_text()
            finally:
                player.close()
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


__all__ = ["AHEAD", "MIDI_IN", "RATE", "Band", "Event", "Player", "band", "connect", "figures", "ports", "wait_for"]
