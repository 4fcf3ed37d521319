"""Peers of a real Ableton Link session, each a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from musika_daw.control.clock.link_clock import LinkClock
from tests.support.jack import wait_for

# One line in, one line of JSON out: what the peer thinks at a moment of the clock that processes share. Tempos are
# near what was set: Link counts microseconds per beat.
OURS = """
import json, sys, time
from musika_daw.control.clock.link_clock import LinkClock
with LinkClock(float(sys.argv[1])) as clock:
    for line in sys.stdin:
        word, *values = line.split()
        if word == "at":
            state = clock.state_at(float(values[0]))
            look = clock._look
            beat = look[1] + (float(values[0]) - look[0]) * look[2] / 60
            print(json.dumps([state.bpm, beat, state.beat, state.playing, clock.peers]), flush=True)
        elif word == "tempo":
            clock.set_tempo(float(values[0]))
        else:
            getattr(clock, word)()
"""
THEIRS = """
import asyncio, json, sys, time, threading, aalink
async def main():
    link = aalink.Link(float(sys.argv[1]))
    link.quantum = 4
    link.start_stop_sync_enabled = True
    await asyncio.sleep(0.6)
    link.enabled = True
    while line := await asyncio.to_thread(sys.stdin.readline):
        word, *values = line.split()
        if word == "at":
            now, beat = time.monotonic(), link.beat
            beat += (float(values[0]) - now) * link.tempo / 60
            print(json.dumps([link.tempo, beat, beat, link.playing, link.num_peers]), flush=True)
        elif word == "tempo":
            link.tempo = float(values[0])
        else:
            link.playing = word == "play"
asyncio.run(main())
"""


class Peer:
    def __init__(self, program: str, bpm: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, str(bpm)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def at(self, seconds: float) -> dict[str, Any]:
        self.tell(f"at {seconds}")
        assert self._process.stdout is not None
        names = ("bpm", "link_beat", "beat", "playing", "peers")
        return dict(zip(names, json.loads(self._process.stdout.readline()), strict=True))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def has_multicast() -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.sendto(b"", ("224.76.78.75", 9))
        except OSError:
            return False
    return True


@pytest.fixture
def session() -> Iterator[list[Peer]]:
    """Three peers that found each other: another program's at 133 bpm, then two of ours that were made with 120."""
    if not has_multicast():
        pytest.skip("no multicast on this machine: Link peers cannot find each other")
    peers = [Peer(THEIRS, 133.0)]
    try:
        wait_for(lambda: peers[0].at(time.monotonic())["bpm"] == pytest.approx(133.0), "the peer does not start", 30.0)
        time.sleep(1.0)
        peers += [Peer(OURS, 120.0), Peer(OURS, 120.0)]
        deadline = time.monotonic() + 40.0
        while [peer.at(time.monotonic())["peers"] for peer in peers] != [2, 2, 2]:
            if time.monotonic() > deadline:
                pytest.skip("Link peers do not find each other: multicast is filtered here")
            time.sleep(0.2)
        yield peers
    finally:
        for peer in peers:
            peer.close()


def phase_difference_ms(peers: list[Peer]) -> float:
    """The largest between any two, at one moment, in the best of some asks: a process may be stopped amid one."""
    found = []
    for _ in range(15):
        now = time.monotonic()
        states = [peer.at(now) for peer in peers]
        phases = [state["link_beat"] % 4.0 for state in states]
        spread = max(abs((a - b + 2.0) % 4.0 - 2.0) for a in phases for b in phases)
        found.append(spread * 60_000 / states[0]["bpm"])
        time.sleep(0.05)
    return sorted(found)[len(found) // 2]


def test_peers_agree_and_joining_changes_nobodys_tempo(session: list[Peer]) -> None:
    theirs, ours, other = session
    assert [peer.at(time.monotonic())["bpm"] for peer in session] == pytest.approx([133.0] * 3, rel=1e-5)
    wait_for(lambda: phase_difference_ms(session) < 5.0, "phases differ", 20.0)
    print(f"\nphase within {phase_difference_ms(session):.2f} ms")

    ours.tell("tempo 140")
    wait_for(lambda: theirs.at(time.monotonic())["bpm"] == pytest.approx(140.0, rel=1e-5), "they keep their tempo")
    theirs.tell("tempo 125")
    wait_for(lambda: other.at(time.monotonic())["bpm"] == pytest.approx(125.0, rel=1e-5), "we keep our tempo")
    assert phase_difference_ms(session) < 5.0

    theirs.tell("play")
    wait_for(lambda: ours.at(time.monotonic())["playing"], "we do not start with them")
    wait_for(lambda: other.at(time.monotonic())["playing"], "we do not start with them")
    state = ours.at(time.monotonic())
    assert state["beat"] >= 0.0
    assert (state["beat"] - state["link_beat"]) % 4.0 == pytest.approx(0.0, abs=1e-6)  # our one is the session's
    ours.tell("stop")
    wait_for(lambda: not theirs.at(time.monotonic())["playing"], "they do not stop with us")
    wait_for(lambda: not other.at(time.monotonic())["playing"], "they do not stop with us")


def test_alone_it_is_a_clock_of_its_own() -> None:
    with LinkClock(128.0) as clock:
        clock.locate(16.0)
        before = clock.state_at(time.monotonic())
        assert not before.playing and before.beat == 16.0
        clock.play()
        wait_for(lambda: clock.state_at(time.monotonic()).playing, "it does not play", 10.0)
        now = time.monotonic()
        first, second = clock.state_at(now), clock.state_at(now + 1.0)
        assert second.beat - first.beat == pytest.approx(first.bpm / 60.0)
        assert first.beat >= 16.0
