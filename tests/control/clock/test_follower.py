"""Transport: where the song is after starts, stops, continues and song position pointers."""

from __future__ import annotations

import random

import pytest

from musika_daw.control.clock.follower import ClockFollower

TICK = 60.0 / 120.0 / 24.0


class Cable:
    """A clock of 120 bpm that ticks on, stopped or not."""

    def __init__(self) -> None:
        self.follower = ClockFollower(97.0)
        self.now = 100.0

    def ticks(self, count: int) -> None:
        for _ in range(count):
            self.now += TICK
            self.follower.tick(self.now)

    @property
    def beat(self) -> float:
        return self.follower.state_at(self.now).beat


def test_a_start_takes_effect_on_the_next_tick_and_that_tick_is_the_one() -> None:
    cable = Cable()
    cable.ticks(30)
    cable.follower.start()
    assert not cable.follower.state_at(cable.now).playing
    cable.ticks(1)
    state = cable.follower.state_at(cable.now)
    assert state.playing and state.beat == pytest.approx(0.0, abs=1e-3)
    cable.ticks(24)
    assert cable.beat == pytest.approx(1.0, abs=1e-3)


def test_a_clock_that_runs_while_stopped_gives_the_tempo_but_does_not_move_the_song() -> None:
    cable = Cable()
    cable.ticks(96)
    state = cable.follower.state_at(cable.now)
    assert (state.beat, state.playing, state.settled) == (0.0, False, True)
    assert state.bpm == pytest.approx(120.0, rel=1e-3)


def test_a_continue_goes_on_with_the_tick_after_the_last_one() -> None:
    cable = Cable()
    cable.follower.start()
    cable.ticks(25)
    cable.follower.stop()
    cable.ticks(50)
    assert cable.beat == pytest.approx(25 / 24)
    cable.follower.resume()
    cable.ticks(1)
    assert cable.follower.state_at(cable.now).playing
    assert cable.beat == pytest.approx(25 / 24, abs=1e-3)


def test_two_hundred_random_jumps_end_at_the_right_place() -> None:
    rng = random.Random(7)
    cable = Cable()
    cable.follower.start()
    cable.ticks(30)
    for _ in range(200):
        sixteenths = rng.randrange(16384)
        stopped = rng.random() < 0.7  # some senders point while they play
        if stopped:
            cable.follower.stop()
            cable.ticks(rng.randrange(3))
        cable.follower.locate(sixteenths)
        if stopped:
            cable.ticks(rng.randrange(3))
            cable.follower.resume()
        jumps = cable.follower.state_at(cable.now).jumps
        count = rng.randrange(1, 60)
        cable.ticks(count)
        state = cable.follower.state_at(cable.now)
        assert state.playing and state.jumps == jumps + 1
        assert state.beat == pytest.approx(sixteenths / 4 + (count - 1) / 24, abs=2e-3)


def test_a_position_that_is_repeated_while_playing_is_no_jump() -> None:
    cable = Cable()
    cable.follower.start()
    cable.ticks(25)
    jumps = cable.follower.state_at(cable.now).jumps
    cable.follower.locate(4)
    cable.ticks(24)
    assert cable.follower.state_at(cable.now).jumps == jumps
    assert cable.beat == pytest.approx(2.0, abs=2e-3)


def test_start_after_silence_is_right_from_its_first_tick_whatever_the_phase() -> None:
    cable = Cable()
    cable.follower.start()
    cable.ticks(100)
    cable.follower.stop()
    cable.now += 1.2345  # the clock does not run while stopped
    cable.follower.start()
    for i in range(1, 25):
        cable.ticks(1)
        assert cable.beat == pytest.approx((i - 1) / 24, abs=2e-3)


def test_a_clock_that_falls_silent_while_playing_is_lost_after_two_bars_and_found_again() -> None:
    cable = Cable()
    cable.follower.start()
    cable.ticks(200)
    assert not cable.follower.state_at(cable.now + 3.9).lost
    lost = cable.follower.state_at(cable.now + 4.2)
    assert lost.lost and lost.playing
    cable.now += 384 * TICK
    cable.ticks(1)
    state = cable.follower.state_at(cable.now)
    assert not state.lost and state.beat == pytest.approx((199 + 385) / 24, abs=2e-3)


def test_one_wild_tick_moves_nothing() -> None:
    cable = Cable()
    cable.follower.start()
    cable.ticks(100)
    cable.follower.tick(cable.now + TICK + 0.012)
    cable.now += TICK
    cable.ticks(1)
    assert cable.beat == pytest.approx(101 / 24, abs=2e-3)


def test_beats_go_on_smoothly_between_states_of_the_same_jump_count() -> None:
    cable = Cable()
    cable.follower.start()
    cable.ticks(1)
    rng = random.Random(2)
    before = cable.follower.state_at(cable.now)
    for _ in range(500):
        cable.now += TICK
        cable.follower.tick(cable.now + rng.gauss(0.0, 0.0025))
        state = cable.follower.state_at(cable.now + 0.005)
        if state.jumps == before.jumps:
            assert state.beat > before.beat
        before = state


def test_a_cable_gone_mad_is_survived_and_a_good_clock_found_again() -> None:
    rng = random.Random(5)
    cable = Cable()
    cable.follower.start()
    for _ in range(1500):
        cable.now += rng.choice([0.0, 0.0, TICK, 0.3 * TICK, rng.uniform(0.0, 0.2), rng.uniform(0.0, 2.0)])
        cable.follower.tick(cable.now)
        assert 10.0 <= cable.follower.state_at(cable.now).bpm <= 500.0
    cable.ticks(192)
    beat = cable.beat
    cable.ticks(96)
    assert cable.follower.state_at(cable.now).bpm == pytest.approx(120.0, rel=1e-2)
    assert cable.beat - beat == pytest.approx(4.0, abs=0.05)
