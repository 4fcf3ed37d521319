"""Devices whose clock is wrong: found by tags that are always ahead by the same, told, and taken into account."""

import random
import time

import pytest

from musika_daw.control.osc.sender_clocks import SenderClocks
from musika_daw.controls.move import Move
from tests.support.controller import Controller, built, bundle
from tests.support.memory_instrument import MemoryInstrument


@pytest.mark.parametrize("ahead", [30.0, 61.0, 86_400.0, -45.0])
def test_a_tablet_whose_clock_is_wrong_is_heard_and_told_so(
    controller: Controller, instrument: MemoryInstrument, ahead: float
) -> None:
    values = [0.125, 0.25, 0.375, 0.5, 0.625]
    told = []
    for value in values:
        answers = controller.ask_raw(bundle(built("/musika/density", value), due=time.time() + ahead))
        told += [str(answer[1]) for address, answer in answers if address == "/musika/told"]
        time.sleep(0.12)
    controller.sync()
    assert instrument.moves[-1] == Move.of("density", 0.625)
    moved = [move.values[0] for move in instrument.moves]
    # What waited comes at once, in its order; what was refused before the clock was known does not come.
    assert moved == values[-len(moved) :] and len(moved) >= 2
    way = "ahead of" if ahead > 0 else "behind"
    assert sum(f"your clock is {abs(ahead):.1f} s {way}" in line for line in told) == 1
    assert len(told) <= 2


def test_the_first_bundle_that_waits_long_says_why(controller: Controller) -> None:
    answers = controller.ask_raw(bundle(built("/musika/density", 0.5), due=time.time() + 30))
    assert [address for address, _ in answers] == ["/musika/told"]
    assert "waits 30.0 s for its time tag" in str(answers[0][1][1])
    assert controller.ask_raw(bundle(built("/musika/density", 0.5), due=time.time() + 20)) == []


def test_times_between_tags_stay_as_the_sender_means_them() -> None:
    clocks, rng = SenderClocks(), random.Random(1)
    waits = []
    for i in range(40):
        now = 100.0 + 0.1 * i
        delay = rng.uniform(0.001, 0.02)  # of the network
        waits.append(clocks.correct("tablet", 30.0 - delay, now + delay).seconds)
    assert max(waits[5:]) < 0.02 and min(waits[5:]) >= 0.0


@pytest.mark.parametrize("plan", [0.2, 1.0, 4.5])
def test_a_program_that_plans_ahead_is_left_alone(plan: float) -> None:
    clocks = SenderClocks()
    for i in range(50):
        assert clocks.correct("sequencer", plan, 0.1 * i).seconds == plan


def test_a_song_that_is_sent_ahead_keeps_its_times() -> None:
    clocks = SenderClocks()
    for i in range(100):  # a minute of events, all sent at once
        assert clocks.correct("player", 0.6 * i, 0.001 * i).seconds == 0.6 * i
    for i in range(20):  # one moment, and everything that is to happen there
        assert clocks.correct("other", 20.0, 0.001 * i).seconds == 20.0


def test_a_clock_that_is_set_right_is_believed_again() -> None:
    clocks = SenderClocks()
    for i in range(10):
        clocks.correct("tablet", 30.0, 0.2 * i)
    assert clocks.correct("tablet", 30.0, 2.0).seconds == 0.0
    assert clocks.correct("tablet", 0.2, 2.2).seconds == 0.2
    assert clocks.correct("another", 20.0, 2.3).seconds == 20.0
