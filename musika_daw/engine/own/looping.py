"""What of a song returns with its loop, and how much of it leaves the loop as variation rises.

A loop of the phrase's own 16 bars returns by its noise: it is the more alike the less the noise moves, and the same at
variation 0. A shorter one is the first bars of the first phrase, again and again; variation is then the share of bars
that are the song's own instead, each stem by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.own.phrases import Phrase
from musika_daw.engine.score import Score
from musika_daw.model.coordinates import ANCHOR_BEATS, STREAM_LOOP, coordinates_at, keyed_generator, moving_share
from musika_daw.model.pattern_net import PHRASE_BARS
from musika_daw.music.grid import BEATS_PER_BAR, STEPS_PER_BAR, Candidate
from musika_daw.music.harmony import HarmonyStep
from musika_daw.music.notes import STEMS

_LONGEST_BEATS = 64 * BEATS_PER_BAR  # of what returns to the sample: harmony and lines may have lengths of their own
_FINEST_BEATS = 10_000  # parts of a beat in which their lengths are compared
_OF_NOTES, _OF_MOTION = range(2)

Value = TypeVar("Value")


@dataclass(frozen=True)
class Loop:
    """The loop of a song.

    Attributes:
        seed: of the song.
        bars: length, 1 to 16.
        variation: 0: it returns exactly, 1: never.
    """

    seed: int
    bars: int
    variation: float

    @property
    def is_cut(self) -> bool:
        """Whether phrases are cut: noise alone brings back what is as long as they are."""
        return self.bars != PHRASE_BARS or not self.variation

    @property
    def leaving(self) -> float:
        """How much of motion and tone is the song's own and not the loop's, 0-1."""
        return moving_share(self.variation) if self.bars == PHRASE_BARS else self.variation

    def leaves(self, stem: str, bar: int, of: int = _OF_NOTES) -> bool:
        """Whether a bar of a stem is the song's own; once it is, it stays so as variation rises."""
        number = STEMS.index(stem) if stem in STEMS else len(STEMS)
        index = (bar * (len(STEMS) + 1) + number) * 2 + of
        return bool(keyed_generator(self.seed, STREAM_LOOP, index).random() < self.leaving)

    def rests(self, stem: str, bar: int) -> bool:
        """Whether the motion of a bar rests where the song's own motion does, and not where the loop's does."""
        return self.leaves(stem, bar, _OF_MOTION)

    def cut(self, values: Sequence[Value], first: int, per_bar: int = 1) -> tuple[Value, ...]:
        """The loop's values, repeated from a place of the song on, as many as there are of a phrase.

        Args:
            values: of the first phrase.
            first, per_bar: place where the result begins, and how many values a bar has.
        """
        length = self.bars * per_bar
        return tuple(values[(first + i) % length] for i in range(len(values)))

    def phrase(self, number: int, loop: Phrase, own: Callable[[], Phrase]) -> Phrase:
        """A phrase of the song: bars of the loop, and those that have left it.

        Args:
            loop: the first phrase of the song at variation 0.
            own: the phrase as it would be without a loop; asked for only where there is variation.
        """
        mine = own() if self.variation else loop
        first = number * PHRASE_BARS
        bars = {}
        for stem, looped in loop.bars.items():
            made = []
            for bar in range(first, first + PHRASE_BARS):
                place = bar % self.bars
                left = self.variation and self.leaves(stem, bar)
                made.append(mine.bars[stem][bar - first] if left else _moved(looped[place], bar - place))
            bars[stem] = tuple(made)
        reach = {stem: max(beats, mine.reach_beats[stem]) for stem, beats in loop.reach_beats.items()}
        harmony = mine.harmony if self.variation else self.harmony(loop.harmony, number)
        return Phrase(bars, reach, harmony)

    def harmony(self, steps: tuple[HarmonyStep, ...], phrase: int) -> tuple[HarmonyStep, ...]:
        """The first bars of a progression, repeated through a phrase."""
        return self.cut(steps, phrase * PHRASE_BARS * BEATS_PER_BAR, BEATS_PER_BAR)

    def coordinates(self, beats: NDArray[np.float64]) -> NDArray[np.float32]:
        """The drift of tone: of the loop, of the song, or between them."""
        if self.leaving >= 1.0:
            return coordinates_at(self.seed, beats)
        length = self.bars * BEATS_PER_BAR
        anchors = max(1, round(length / ANCHOR_BEATS))
        looped = coordinates_at(self.seed, beats, length / anchors, anchors)
        if not self.leaving:
            return looped
        mixed = (1.0 - self.leaving) * looped + self.leaving * coordinates_at(self.seed, beats)
        return np.asarray(mixed / math.hypot(1.0 - self.leaving, self.leaving), np.float32)


def loop_of(score: Score, seed: int | None = None) -> Loop:
    """The loop of a song; `seed`: which bars leave it first, if not that of the song."""
    return Loop(score.seed if seed is None else seed, score.loop_bars, score.variation)


def repeats_after(score: Score) -> float | None:
    """Beats after which everything before the effects is the same again, sound too; None: it never is."""
    curves = (*score.density.values(), *score.brightness.values())
    points = (score.style.points, score.tempo_map.points, *(curve.points for curve in curves))
    moves = any(len(places) > 1 for places in points)
    if score.variation or score.form is not None or moves:
        return None
    lengths: list[float | None] = [float(score.loop_bars * BEATS_PER_BAR)]
    if score.chords is not None:
        lengths.append(float(sum(score.chords.lengths_beats)))
    lengths += [line.length_beats if line.looped else None for line in score.notes.values()]
    lengths += [repeats_after(held) for held in score.held.values()]
    return _common_multiple(lengths)


def _common_multiple(lengths: Sequence[float | None]) -> float | None:
    common = Fraction(1)
    for length in lengths:
        if length is None:
            return None
        exact = Fraction(length).limit_denominator(_FINEST_BEATS)
        shared = math.gcd(common.numerator * exact.denominator, exact.numerator * common.denominator)
        common = common * exact * common.denominator * exact.denominator / shared
        if common > _LONGEST_BEATS:
            return None
    return float(common)


def _moved(bar: Sequence[Candidate], bars: int) -> tuple[Candidate, ...]:
    """The same bar elsewhere in the song."""
    if not bars:
        return tuple(bar)
    steps = bars * STEPS_PER_BAR
    return tuple(replace(one, note=replace(one.note, step=one.note.step + steps)) for one in bar)
