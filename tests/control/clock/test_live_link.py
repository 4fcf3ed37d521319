"""The live process in a real Link session with another program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from osc_protocol import Client
from tests.control.clock.test_link_clock import THEIRS, Peer, has_multicast
from tests.support.jack import wait_for
from tests.support.live_process import live

pytestmark = pytest.mark.slow


@pytest.fixture
def theirs() -> Iterator[Peer]:
    if not has_multicast():
        pytest.skip("no multicast on this machine: Link peers cannot find each other")
    peer = Peer(THEIRS, 133.0)
    try:
        wait_for(lambda: peer.at(time.monotonic())["bpm"] == pytest.approx(133.0), "the peer does not start", 30.0)
        yield peer
    finally:
        peer.close()


def phase_ms(client: Client, peer: Peer) -> float:
    """By how much what is heard is ahead of the peer's bar; the middle of some asks."""
    found = []
    for _ in range(15):
        before = time.monotonic()
        (position,) = client.query("/musika/locate")
        state = peer.at((before + time.monotonic()) / 2)
        found.append(((float(position) - state["link_beat"] + 2.0) % 4.0 - 2.0) * 60_000 / state["bpm"])
        time.sleep(0.05)
    return float(np.median(found))


def test_tempo_phase_start_and_stop_from_either_side(theirs: Peer, tiny_model: Path, tmp_path: Path) -> None:
    with (
        live(tmp_path, tiny_model, "--bus", "null", "--clock", "link") as process,
        Client(port=process.port) as client,
    ):
        deadline = time.monotonic() + 20.0
        while theirs.at(time.monotonic())["peers"] != 1:
            if time.monotonic() > deadline:
                pytest.skip("Link peers do not find each other: multicast is filtered here")
            time.sleep(0.1)
        time.sleep(1.0)
        assert theirs.at(time.monotonic())["bpm"] == pytest.approx(133.0, rel=1e-5)  # joining changed nothing
        theirs.tell("play")
        wait_for(lambda: client.query("/musika/status")[4] == "link, running", "it does not start with them", 20.0)
        wait_for(lambda: client.query("/musika/locate")[0] > 4.0, "it does not play", 20.0)
        assert client.query("/musika/tempo")[0] == pytest.approx(133.0, rel=2e-2)
        first = phase_ms(client, theirs)
        theirs.tell("tempo 125")
        time.sleep(6.0)
        second = phase_ms(client, theirs)
        print(f"\nphase {first:+.1f} ms at 133, {second:+.1f} ms at 125")
        assert client.query("/musika/tempo")[0] == pytest.approx(125.0, rel=1e-2)
        assert abs(first) < 5.0 and abs(second) < 5.0
        client.set("/musika/tempo", 130.0)
        wait_for(lambda: theirs.at(time.monotonic())["bpm"] == pytest.approx(130.0, rel=1e-5), "they keep their tempo")
        client.set("/musika/stop")
        wait_for(lambda: not theirs.at(time.monotonic())["playing"], "they do not stop with us")
        client.set("/musika/play")
        wait_for(lambda: theirs.at(time.monotonic())["playing"], "they do not start with us")
        wait_for(lambda: client.query("/musika/status")[4] == "link, running", "it does not start itself", 20.0)
        theirs.tell("stop")
        wait_for(lambda: client.query("/musika/status")[4] == "link, stopped", "it does not stop with them", 10.0)
