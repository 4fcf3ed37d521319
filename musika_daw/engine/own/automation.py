"""Automation: what the controls of a score are at every place, once motion and form have moved them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from musika_daw.engine.own.looping import loop_of
from musika_daw.engine.own.motion import Motion
from musika_daw.engine.own.sections import brightness_offset, density_factor, drums_of
from musika_daw.engine.score import Score
from musika_daw.model.coordinates import STREAM_FILLS, keyed_generator
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import Note

_DRUMS = "drums"
_CHOICES = 2**16


class Automation:
    """Density, brightness and fills as functions of song position."""

    def __init__(self, score: Score) -> None:
        self._score, self._form = score, score.form
        seed = score.seed if score.harmony_seed is None else score.harmony_seed
        self._motion = Motion(seed, score.motion, loop_of(score, seed))

    def density(self, stem: str, beat: float) -> float:
        """How many of the candidates sound, 0-1."""
        moved = self._motion.density(stem, beat, self._score.density[stem].at(beat))
        bar = _bar_at(beat)
        if self._form is None:
            return moved
        if self._form.is_over(bar):
            return 0.0
        section = self._form.at(bar)
        return moved if section is None else min(1.0, moved * density_factor(section, stem, bar))

    def brightness(self, stem: str, beat: float) -> float:
        """How bright it sounds, 0-1."""
        moved = self._motion.brightness(stem, beat, self._score.brightness[stem].at(beat))
        section = None if self._form is None else self._form.at(_bar_at(beat))
        if section is None:
            return moved
        return min(1.0, max(0.0, moved + brightness_offset(section, beat / BEATS_PER_BAR)))

    def played(self, stem: str, bar: int, notes: Sequence[Note]) -> Sequence[Note]:
        """The notes of a bar: as they are, or with what the form makes of them."""
        if self._form is None:
            return notes
        return self._drums(bar, notes) if stem == _DRUMS else [self._cut(stem, bar, note) for note in notes]

    def _cut(self, stem: str, bar: int, note: Note) -> Note:
        """A note ends where its stem falls silent."""
        for later in range(bar + 1, math.ceil(note.end_beat / BEATS_PER_BAR)):
            section = self._form.at(later) if self._form else None
            if section is not None and not density_factor(section, stem, later):
                return replace(note, length_beats=later * BEATS_PER_BAR - note.start_beat)
        return note

    def _drums(self, bar: int, notes: Sequence[Note]) -> Sequence[Note]:
        section = None if self._form is None else self._form.at(bar)
        if self._form is None or section is None or not self._score.density[_DRUMS].at(bar * BEATS_PER_BAR):
            return notes
        following = self._form.at(bar + 1)
        choice = int(keyed_generator(self._score.seed, STREAM_FILLS, bar).integers(_CHOICES))
        return drums_of(section, None if following is section else following, bar, notes, choice)


def _bar_at(beat: float) -> int:
    return max(0, int(beat // BEATS_PER_BAR))
