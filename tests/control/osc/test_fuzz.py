"""Packets that mean harm: the server neither ends nor grows nor obeys them, and answers everyone else meanwhile."""

from __future__ import annotations

import random
import resource
import struct
import sys
import time
from collections.abc import Iterator

import pytest

from musika_daw.control.osc.thread import ControlThread
from musika_daw.controls.target import parse_target
from osc_protocol.table import TABLE
from tests.support.controller import Controller, bundle, message
from tests.support.memory_instrument import MemoryInstrument

_TYPES = "ihfdsbrmtTFN[]xS"


def packets(seed: int, count: int) -> Iterator[bytes]:
    """None of them is possible: `/musika/tempo` out of range is in every bundle."""
    chance = random.Random(seed)
    addresses = [row.example for row in TABLE if row.pattern not in ("/musika/subscribe", "/musika/unsubscribe")]
    spoiler = message("/musika/tempo", 1000.0)
    makers = (
        lambda: chance.randbytes(chance.randrange(300)),
        lambda: b"/" + chance.randbytes(chance.randrange(200)),
        lambda: chance.choice(addresses).encode() + b"\0" * chance.randrange(5) + chance.randbytes(40),
        lambda: _broken(chance, chance.choice(addresses)),
        lambda: message("/musika/tempo", chance.choice([1e9, float("inf"), float("nan"), "fast", b"blob", -1])),
        lambda: message("/musika/" + "".join(chance.choices("*?[]{},abc-!", k=40)), 0.5, "x", 1.5),
        lambda: message("/musika/density", b"x" * chance.choice([1, 5000, 60_000])),
        lambda: _bundle(chance, spoiler, 1),
        lambda: b"#bundle\0" + chance.randbytes(chance.randrange(80)),
        lambda: bundle(spoiler, due=time.time() + chance.uniform(-100, 1e6)),
    )
    for _ in range(count):
        yield chance.choice(makers)()


def _broken(chance: random.Random, address: str) -> bytes:
    """Type tags that promise other arguments than follow, and more of them than anything takes."""
    tags = "," + "".join(chance.choices(_TYPES, k=chance.randrange(20))) + "xx"
    return message(address)[:-4] + tags.encode() + b"\0" * (4 - len(tags) % 4) + chance.randbytes(30)


def _bundle(chance: random.Random, spoiler: bytes, depth: int) -> bytes:
    inner = [spoiler] * chance.randrange(4)
    if depth < 12:
        inner = [_bundle(chance, spoiler, depth + 1) if chance.random() < 0.6 else part for part in inner]
    whole = bundle(spoiler, *inner)
    if chance.random() < 0.3:
        place = chance.randrange(16, len(whole) - 4)
        whole = whole[:place] + struct.pack(">i", chance.choice([-4, -1, 0, 2**31 - 1])) + whole[place + 4 :]
    return whole


def resident_bytes() -> int:
    if sys.platform != "linux":
        pytest.skip("resident memory is read from /proc")
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


@pytest.mark.parametrize("count", [5_000, pytest.param(200_000, marks=pytest.mark.slow)])
def test_fuzzed_packets_change_nothing(
    control: ControlThread, controller: Controller, instrument: MemoryInstrument, count: int
) -> None:
    before = dict(instrument.values)
    grown = 0
    with Controller(control.osc_port) as attacker:
        for number, packet in enumerate(packets(11, count)):
            attacker.send_raw(packet)
            if number % 100 == 99:
                # Another sender gets its answers, and the socket holds only so many packets.
                assert controller.ask("/musika/tempo") == [("/musika/tempo", [128.0])]
            if number == min(count // 2, 4_000):
                grown = resident_bytes()
    assert resident_bytes() - grown < 8e6
    assert instrument.values == before
    assert instrument.posts == [], "not even a command came through"


def test_a_flood_is_bounded_in_work_and_memory(
    control: ControlThread, controller: Controller, instrument: MemoryInstrument
) -> None:
    """As fast as this machine sends; what does not fit is lost, and nobody waits for it."""
    good, bad = message("/musika/density", 0.5), message("/musika/nothing", 0.5)
    before = resident_bytes()
    until = time.monotonic() + 2
    with Controller(control.osc_port) as attacker:
        while time.monotonic() < until:
            for _ in range(50):
                attacker.send_raw(good)
                attacker.send_raw(bad)
            time.sleep(0.005)
        attacker.outlast()
    assert controller.ask("/musika/tempo") == [("/musika/tempo", [128.0])]
    assert resident_bytes() - before < 20e6
    assert instrument.get(parse_target("density")) == (0.5,)


def test_questions_of_others_are_answered_during_a_flood(control: ControlThread, controller: Controller) -> None:
    """At five thousand a second, good and bad, none of another sender's questions is lost."""
    packets_ = [message("/musika/density", 0.5), b"rubbish", message("/musika/stem/*/gain", 0.0), message("/x", "y")]
    with Controller(control.osc_port) as attacker:
        for step in range(100):
            for packet in packets_ * 12:
                attacker.send_raw(packet)
            assert controller.ask("/musika/tempo") == [("/musika/tempo", [128.0])], step
