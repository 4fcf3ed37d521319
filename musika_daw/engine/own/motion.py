"""Motion: density and brightness that move by themselves inside a section, as they do in the corpus.

What a musician sets is where they move around; how is a function of seed and song position.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musika_daw.engine.own.looping import Loop
from musika_daw.model.coordinates import STREAM_MOTION, keyed_generator
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import STEMS
from musika_daw.remember import remember

PHRASE_BARS = 16
_LENGTHS = (1, 2, 4)  # bars of a stretch, as in the corpus
_SILENT_SHARE = 0.08  # of the stretches of a pitched stem, at full motion
_DRUMS_REACH = 0.6  # the beat is what the rest moves against


@dataclass(frozen=True)
class _Phrase:
    """Offsets -1..1 of one stem: `density` of every bar, `brightness` at every bar line but the last."""

    density: tuple[float, ...]
    brightness: tuple[float, ...]
    silent: tuple[bool, ...]


class Motion:
    """How far the controls of each stem have moved, at any place of a song."""

    def __init__(self, seed: int, amount: float, loop: Loop) -> None:
        """
        Args:
            amount: 0, nothing moves, to 1, through the whole range as in the corpus.
            loop: with which motion returns, as far as the song does.
        """
        self._seed, self._amount, self._loop = seed, amount, loop
        self._phrase = remember(self._make, 64)

    def density(self, stem: str, beat: float, asked: float) -> float:
        """The density of a bar; what is asked to be silent stays so."""
        if not self._amount or not asked:
            return asked
        bar = max(0, int(beat // BEATS_PER_BAR))
        phrase = self._phrase(stem, bar // PHRASE_BARS)
        if phrase.silent[bar % PHRASE_BARS]:
            return 0.0
        reach = self._amount * (_DRUMS_REACH if stem == STEMS[0] else 1.0)
        return _moved(asked, reach * phrase.density[bar % PHRASE_BARS])

    def brightness(self, stem: str, beat: float, asked: float) -> float:
        """The brightness, gliding from bar line to bar line."""
        if not self._amount:
            return asked
        place = max(0.0, beat / BEATS_PER_BAR)
        bar = int(place)
        left, right = (self._phrase(stem, b // PHRASE_BARS).brightness[b % PHRASE_BARS] for b in (bar, bar + 1))
        return _moved(asked, self._amount * (left + (right - left) * (place - bar)))

    def _make(self, stem: str, phrase: int) -> _Phrase:
        own, loop, first = self._draw(stem, phrase), self._loop, phrase * PHRASE_BARS
        if loop.leaving >= 1.0:
            return own
        looped = self._draw(stem, 0)

        def between(returning: tuple[float, ...], ours: tuple[float, ...]) -> tuple[float, ...]:
            pairs = zip(loop.cut(returning, first), ours, strict=True)
            return tuple(there + loop.leaving * (here - there) for there, here in pairs)

        # A loop that is cut would rest for ever where one of its few bars does.
        silent = looped.silent if loop.bars == PHRASE_BARS else (False,) * PHRASE_BARS
        rests = enumerate(zip(silent, own.silent, strict=True), first)
        return _Phrase(
            between(looped.density, own.density),
            between(looped.brightness, own.brightness),
            tuple(here if loop.rests(stem, bar) else there for bar, (there, here) in rests),
        )

    def _draw(self, stem: str, phrase: int) -> _Phrase:
        number = STEMS.index(stem) if stem in STEMS else len(STEMS)
        generator = keyed_generator(self._seed, STREAM_MOTION, phrase * (len(STEMS) + 1) + number)
        density: list[float] = []
        silent: list[bool] = []
        while len(density) < PHRASE_BARS:
            length = int(generator.choice(_LENGTHS))
            rests = generator.random() < _SILENT_SHARE * self._amount and stem != STEMS[0]
            density += [float(generator.uniform(-1, 1))] * length
            silent += [bool(rests)] * length
        knots = np.arange(0, PHRASE_BARS + 1, int(generator.choice(_LENGTHS)))
        drawn = generator.uniform(-1, 1, len(knots))
        brightness = np.interp(np.arange(PHRASE_BARS), knots, drawn)
        return _Phrase(tuple(density[:PHRASE_BARS]), tuple(map(float, brightness)), tuple(silent[:PHRASE_BARS]))


def _moved(asked: float, offset: float) -> float:
    """Moved by a share of the way to the end of the range: nothing is cut off there."""
    return asked + offset * (1.0 - asked if offset > 0 else asked)
