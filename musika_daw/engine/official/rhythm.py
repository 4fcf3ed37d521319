"""Where the beats of an endless sound lie, section by section, each found from what sounds around it alone.

A section is `SECTION_BEATS` long. It begins near a place that the sound's own tempo gives, at the beat next to it. So
no section needs the ones before it, whatever the tempo does; where one ends and the next begins, a little of the sound
may be left out or come twice.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from musika_daw.analysis.beat_tracking import Beats, Values, find_beats, onset_envelope, track_beats
from musika_daw.analysis.onsets import band_rises
from musika_daw.analysis.spectra import SAMPLE_RATE as RATE
from musika_daw.analysis.spectra import Audio

SECTION_BEATS = 32

_PULSE_SECONDS = 24.0  # of the sound's start that its tempo is found in
_RANGE = 0.1  # how far a section's tempo may lie from the sound's
_AROUND_SECONDS = 2.0
_KEPT = 64


class Source(Protocol):
    """An endless sound at 44.1 kHz."""

    def audio(self, start: int, end: int) -> Audio:
        """Samples `[start, end)`, left and right of every stem `[2 stems, end - start]`; silence before 0."""
        ...


@dataclass(frozen=True)
class Section:
    """Where the beats of a section lie.

    Attributes:
        seconds: of the source, at every beat and at the end, `[SECTION_BEATS + 1]`.
        confidence: see `Beats`; where they are not clear they are but evenly spaced.
    """

    seconds: Values
    confidence: float

    @property
    def bpm(self) -> float:
        return 60 * SECTION_BEATS / float(self.seconds[-1] - self.seconds[0])


class Rhythm:
    """Beats of a source. Not for several threads at once; sections that were found are kept."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._sections: OrderedDict[tuple[int, int], Section] = OrderedDict()

    @cached_property
    def pulse(self) -> Beats:
        """Of the first 24 seconds; its tempo decides where sections begin."""
        return find_beats(self._envelope(0, round(_PULSE_SECONDS * RATE)))

    @property
    def clear(self) -> bool:
        """Whether there is a beat to follow at all."""
        return self.pulse.clear

    def section(self, number: int, bpm: float) -> Section:
        """A section for a project of this tempo: half or twice the sound's own is taken where that is nearer."""
        octave = round(math.log2(bpm / self.pulse.bpm))
        key = number, octave
        if key not in self._sections:
            self._sections[key] = self._find(number, 60 / (self.pulse.bpm * 2.0**octave))
            while len(self._sections) > _KEPT:
                self._sections.popitem(last=False)
        return self._sections[key]

    def _envelope(self, start: int, end: int) -> Values:
        stems = self.source.audio(start, end)
        return onset_envelope(band_rises(stems.reshape(-1, 2, stems.shape[1]).sum(0)))

    def _find(self, number: int, period: float) -> Section:
        length = SECTION_BEATS * period
        begin = number * length
        first = max(0, round((begin - _AROUND_SECONDS) * RATE))
        end = round((begin + length * (1 + _RANGE) + _AROUND_SECONDS) * RATE)
        found = track_beats(self._envelope(first, end), period, _RANGE)
        if not found.clear:
            even: Values = begin + period * np.arange(SECTION_BEATS + 1, dtype=np.float64)
            return Section(even, found.confidence)
        seconds = found.seconds + first / RATE
        nearest = int(np.abs(seconds - begin).argmin())
        return Section(_continued(seconds[nearest:]), found.confidence)


def _continued(seconds: Values) -> Values:
    """So many beats as a section has; what is missing at its end follows at the pace of the last ones."""
    beats = seconds[: SECTION_BEATS + 1]
    missing = SECTION_BEATS + 1 - len(beats)
    if missing <= 0:
        return beats
    pace = float(np.diff(beats[-9:]).mean())
    return np.concatenate([beats, beats[-1] + pace * np.arange(1, missing + 1)])
