"""Sound whose beats are moved to where a project has them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pedalboard import time_stretch

from musika_daw.analysis.spectra import SAMPLE_RATE as RATE
from musika_daw.analysis.spectra import Audio
from musika_daw.engine.official.rhythm import Section, Source

FADE = 1024
"""Samples of the crossfade from one section to the next, which is whole where it begins."""

_LEAD = 8192  # samples before a section that the stretcher finds its feet in
_TAIL = 8192  # samples after it, so that none are missing at its end


def warped(source: Source, section: Section, places: Sequence[int]) -> Audio:
    """A section with its beats at these samples, all stems alike: what sounds from `places[0] - FADE` to `places[-1]`.

    Args:
        places: samples of the project, one for each of the section's beats and its end.
    """
    beats = section.seconds * RATE
    speeds = np.diff(beats) / np.diff(places)
    lead = round(_LEAD * speeds[0])
    start, end = round(beats[0]) - lead, round(beats[-1]) + round(_TAIL * speeds[-1])
    # One speed a sample: each beat's own between it and the next, the outermost around them.
    at = np.searchsorted(beats[1:-1], np.arange(start, end), side="right")
    # The older of the stretcher's two ways: the other smears attacks and loses 0.7 ms a second against its own curve.
    sound = time_stretch(source.audio(start, end), RATE, speeds[at], high_quality=False)
    first = round((beats[0] - start) / speeds[0]) - FADE
    length = places[-1] - places[0] + FADE
    cut = sound[:, first : first + length]
    return np.ascontiguousarray(np.pad(cut, ((0, 0), (0, length - cut.shape[1]))))
