"""Clocks beyond what the model can play: half and double time, on the clock's beats, without flapping."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable

import numpy as np
import pytest

from musika_daw.control.clock.follower import ClockFollower as MidiFollower
from musika_daw.control.clock.link_song import LinkSong
from musika_daw.control.clock.protocol import ClockState
from musika_daw.control.clock.ratio import playable, playable_ratio
from musika_daw.controls.move import Move
from musika_daw.engine.live.plan.external_clock import ClockFollower, Here

TICKS = 24
STEP = 0.02  # between two looks of the engine
SECONDS = 8.0
AHEAD = 0.1  # seconds from a look to what it decides about being heard


class Steady:
    """Where it is said to be; `bpm` may be moved."""

    def __init__(self, bpm: float) -> None:
        self.bpm, self.beat, self.seconds, self.jumps, self.playing, self.settled = bpm, 0.0, 0.0, 1, True, True

    def state_at(self, seconds: float) -> ClockState:
        self.beat += (seconds - self.seconds) * self.bpm / 60.0 * self.playing
        self.seconds = seconds
        return ClockState(self.beat, self.bpm, self.playing, self.settled, self.jumps)


class Heard:
    """A MIDI clock as it is heard over a cable of JACK: ticks fall on periods, and half of one is taken off."""

    def __init__(self, bpm: float, warm_beats: int) -> None:
        period = 128 / 48000
        rng = np.random.default_rng(1)
        moments = np.arange(-warm_beats * TICKS, int((SECONDS + 1) * bpm / 60 * TICKS)) * 60.0 / bpm / TICKS
        late = (np.ceil(moments / period) - 0.5) * period + rng.uniform(0.0, 0.0004, len(moments))
        self._ticks = list(zip(moments, late, strict=True))
        self._follower, self._next = MidiFollower(120.0), 0

    def state_at(self, seconds: float) -> ClockState:
        while self._next < len(self._ticks) and self._ticks[self._next][1] <= seconds - AHEAD:
            if self._ticks[self._next][0] == 0.0:
                self._follower.start()
            self._follower.tick(self._ticks[self._next][1])
            self._next += 1
        return self._follower.state_at(seconds)


class Followed:
    """The engine's plan as it follows, and what it did."""

    def __init__(self, state_at: Callable[[float], ClockState], seconds: float, begin: float = 0.0) -> None:
        follower, here = ClockFollower(), Here(0.0, 120.0, False)
        self.moves: list[tuple[float, Move]] = []
        self.plan: list[tuple[float, ClockState, Here]] = []
        for at in np.arange(begin, begin + seconds, STEP):
            state = state_at(at + AHEAD)
            for move in follower.moves(state, here, False):
                self.moves.append((at, move))
                if str(move.target) == "tempo":
                    here = dataclasses.replace(here, bpm=float(move.values[0]))
                elif str(move.target) == "stop":
                    here = dataclasses.replace(here, playing=False)
                else:
                    here = dataclasses.replace(
                        here, beat=float(move.values[0]), playing=here.playing or str(move.target) == "play"
                    )
            self.plan.append((at + AHEAD, state, here))
            if here.playing:
                here = dataclasses.replace(here, beat=here.beat + STEP * here.bpm / 60.0)

    def jumps(self, after: float = -1.0) -> list[float]:
        return [at for at, move in self.moves if str(move.target) == "locate" and at >= after]


@pytest.mark.parametrize(
    ("bpm", "warm_beats"),
    [(10.0, 0), (20.0, 1), (30.0, 0), (39.0, 1), (40.0, 0), (241.0, 0), (300.0, 0), (300.0, 4), (400.0, 2), (480.0, 0)],
)
def test_every_tempo_is_followed_on_its_beat(bpm: float, warm_beats: int) -> None:
    clock = playable(Heard(bpm, warm_beats))
    before = warm_beats * 60.0 / bpm
    found = Followed(clock.state_at, before + SECONDS, -before)
    settled = 4.0
    late = []
    for at, state, here in found.plan:
        assert 38.0 <= here.bpm <= 252.0
        if at > settled:
            beats = at * bpm / 60.0 * state.ratio  # ours, from the clock's true place
            late.append(((beats - here.beat + 0.5) % 1.0 - 0.5) * 60_000.0 / here.bpm)
    assert np.median(np.abs(late)) <= 4.0 and np.percentile(np.abs(late), 98) <= 8.0
    assert len(found.jumps()) <= 3 and found.jumps(settled) == []
    tempo_moves = [move for at, move in found.moves if str(move.target) == "tempo" and at > settled]
    assert len(tempo_moves) <= (60 if bpm < 450 else 250)  # where ticks come twice in a period, they waver
    state = found.plan[-1][1]
    assert state.bpm == pytest.approx(bpm * state.ratio, rel=0.02)
    assert state.ratio in (playable_ratio(bpm), playable_ratio(bpm) / 2 if bpm == 480.0 else None)


@pytest.mark.parametrize(("bpm", "ratio"), [(300.0, 0.5), (25.0, 2.0), (128.0, 1.0)])
def test_link_is_followed_the_same_way(bpm: float, ratio: float) -> None:
    song = LinkSong(4)

    class Link:
        def state_at(self, seconds: float) -> ClockState:
            beat = 17.3 + seconds * bpm / 60.0
            song.update(seconds, beat, bpm, seconds > 1.0)
            place, playing = song.position(beat)
            return ClockState(place, bpm, playing, True, song.jumps)

    found = Followed(playable(Link()).state_at, 20.0)
    assert found.plan[-1][1].ratio == ratio
    for at, state, here in found.plan[-200:]:
        beats = (17.3 + at * bpm / 60.0) * ratio
        assert state.playing and abs((beats - here.beat + 0.5) % 1.0 - 0.5) * 60_000 / here.bpm < 6.0
    assert len(found.jumps(4.0)) == 0


@pytest.mark.parametrize(("slow", "fast", "ratio"), [(39.95, 40.1, 1.0), (239.5, 240.4, 1.0), (39.0, 41.5, 2.0)])
def test_a_tempo_that_wavers_about_a_limit_keeps_its_ratio(slow: float, fast: float, ratio: float) -> None:
    source = Steady(slow)
    clock = playable(source)
    clock.state_at(0.0)
    clock.state_at(3.0)
    jumps = clock.state_at(3.0).jumps
    for second in range(4, 60):
        source.bpm = fast if second % 2 else slow
        state = clock.state_at(float(second))
        assert (state.ratio, state.jumps) == (ratio, jumps)


def test_it_comes_back_when_the_tempo_does() -> None:
    source = Steady(300.0)
    clock = playable(source)
    ratios = []
    for second, bpm in enumerate([300, 300, 235, 235, 220, 220, 100, 100, 50, 50, 39, 39, 41, 41, 45, 45]):
        source.bpm = float(bpm)
        ratios.append(clock.state_at(float(second)).ratio)
    assert ratios == [0.5, 0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 1.0]


def test_ticks_that_come_late_and_together_are_not_another_tempo() -> None:
    source = Steady(300.0)
    clock = playable(source)
    clock.state_at(0.0)
    for step in range(1, 100):
        source.bpm = 500.0 if step % 20 < 8 else 300.0  # 0.4 s of every second
        assert clock.state_at(step * 0.05).ratio == 0.5
    source.bpm = 130.0
    found = [clock.state_at(5.0 + step * 0.05).ratio for step in range(40)]
    assert found[0] == 0.5 and found[-1] == 1.0 and sorted(found) == found


@pytest.mark.parametrize("begin", [3.0, 17.2, 101.7])
def test_a_switch_while_it_plays_stays_on_beat_and_bar_and_near_the_place(begin: float) -> None:
    source = Steady(230.0)
    source.beat = begin
    clock = playable(source)
    before = clock.state_at(0.0)
    source.bpm = 300.0
    clock.state_at(0.0)
    source.seconds = 1.0  # the beat stays where it is
    after = clock.state_at(1.0)
    assert (before.ratio, after.ratio, after.jumps) == (1.0, 0.5, before.jumps + 1)
    assert abs(after.beat - before.beat) <= 2.0
    assert after.beat % 4.0 == pytest.approx(begin / 2 % 4.0)
    source.beat, source.jumps = 64.0, 2  # located: the clock's place counts again
    assert clock.state_at(1.0).beat == 32.0


@pytest.mark.parametrize(
    ("bpm", "wish", "ratio"),
    [(128, 1, 1), (128, 0.5, 0.5), (100, 2, 2), (140, 2, 1), (300, 1, 0.5), (300, 2, 0.5), (70, 0.5, 1), (10, 1, 4)],
)
def test_a_wish_is_kept_where_it_can_be_played(bpm: float, wish: float, ratio: float) -> None:
    assert playable_ratio(bpm, wish) == ratio
    clock = playable(Steady(float(bpm)))
    clock.state_at(0.0)
    clock.ask(f"{wish:g}")
    assert clock.state_at(0.1).ratio == ratio


def test_ratios_of_all_tempos_can_be_played() -> None:
    for bpm in np.linspace(10.0, 480.0, 471):
        assert 39.9 <= bpm * playable_ratio(float(bpm)) <= 240.5
    steps = [playable_ratio(float(bpm)) for bpm in np.linspace(10.0, 480.0, 471)]
    assert all(b <= a for a, b in itertools.pairwise(steps))
