"""Beats of music of unknown tempo: tempo by autocorrelation of the onset envelope, beats by dynamic programming (Ellis,
"Beat Tracking by Dynamic Programming", 2007), places refined on the onsets.

It says how sure it may be: the share of the onset envelope that comes back with the beat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.filters import moving_mean, smoothed
from musika_daw.analysis.onsets import HOP as ONSET_HOP
from musika_daw.analysis.onsets import mean_rise
from musika_daw.analysis.spectra import SAMPLE_RATE

CLEAR = 0.25
"""Confidence from which on there is a beat to follow."""

HOP = 2 * ONSET_HOP
"""Samples between values of an onset envelope: 5.8 ms."""
_RATE = SAMPLE_RATE / HOP

_KICK_HZ = 900.0
_LASTING_SECONDS = 0.4
_SLOWEST_BPM, _FASTEST_BPM = 60.0, 200.0
_USUAL_BPM, _SPREAD_OCTAVES = 122.0, 0.9  # prior of the tempo
_TEMPO_STEPS = 600
_MULTIPLES = (1, 2, 3, 4, 6, 8)  # of a period at which the envelope is compared with itself
_STIFFNESSES = (400.0, 100.0)  # what a change of tempo costs against an onset missed: for steady music, for wandering
_MAX_CHANGE = 1.25  # from one beat to the next
_REFINE_SECONDS = 0.05
_NEIGHBOURS = 2  # beats on either side that smooth a beat's place
_PHASES = 24  # places within a beat at which the envelope is compared from beat to beat
_FOLDS = (1, 2, 4)  # beats after which the music may repeat

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Beats:
    """Beats that were found.

    Attributes:
        seconds: their places, one after the other.
        confidence: share of what begins that comes back with the beat: 0 nothing, 1 all; see `CLEAR`.
    """

    seconds: Values
    confidence: float

    @property
    def bpm(self) -> float:
        """Mean tempo, by the straight line through all beats; NaN of less than two."""
        if len(self.seconds) < 2:
            return float("nan")
        return 60 / float(np.polyfit(np.arange(len(self.seconds)), self.seconds, 1)[0])

    @property
    def clear(self) -> bool:
        """Whether there is a beat to follow."""
        return self.confidence >= CLEAR


def onset_envelope(rises: Values) -> Values:
    """How strongly something begins, kicks most of all; from `band_rises`, one value per `HOP` samples."""
    low, full = mean_rise(rises, _KICK_HZ), mean_rise(rises)
    both = low / (low.std() + 1e-6) + full / (full.std() + 1e-6)
    smooth = smoothed(both, 2.0)
    # What lasts is no onset.
    return np.asarray(np.maximum(smooth - moving_mean(smooth, int(_LASTING_SECONDS * 2 * _RATE)), 0)[::2], np.float64)


def find_beats(envelope: Values) -> Beats:
    """Beats of a stretch of unknown tempo, 60 to 200 bpm."""
    return track_beats(envelope, _period(envelope, 60 / _FASTEST_BPM, 60 / _SLOWEST_BPM, prior=True))


def track_beats(envelope: Values, period: float, range_share: float = 0.0) -> Beats:
    """Beats about `period` seconds apart, in a tempo that may wander.

    Args:
        range_share: the mean period is looked for within ± this share of `period`.
    """
    if range_share:
        period = _period(envelope, period * (1 - range_share), period * (1 + range_share), prior=False)
    flat = _flattened(envelope)
    paths = [_smoothed(_refined(flat, _best_path(flat, period * _RATE, s))) for s in _STIFFNESSES]
    found = [Beats(frames / _RATE, _coherence(flat, frames)) for frames in paths]
    return max(found, key=lambda beats: beats.confidence)


def _flattened(envelope: Values) -> Values:
    """Less its mean around, at most 3, in units of its deviation: a loud moment must not outweigh the rest."""
    width = round(1.0 * _RATE)
    around = np.convolve(np.pad(envelope, width // 2, mode="edge"), np.ones(width) / width, "valid")[: len(envelope)]
    risen = np.maximum(envelope - around, 0)
    spread = float(risen.std())
    return np.minimum(risen / spread, 3.0) if spread > 1e-9 else np.zeros_like(envelope)


def _period(envelope: Values, shortest: float, longest: float, prior: bool) -> float:
    """Seconds after which the envelope is most like itself."""
    flat = _flattened(envelope)
    flat = flat - flat.mean()
    n = len(flat)
    spectrum = np.fft.rfft(flat, 2 * n)
    own = np.fft.irfft(np.square(np.abs(spectrum)))[:n] / np.maximum(n - np.arange(n), n / 4)
    periods = np.geomspace(shortest, longest, _TEMPO_STEPS)
    lags = periods * _RATE
    score = sum(np.interp(lags * m, np.arange(n), own, right=0.0) / m**0.5 for m in _MULTIPLES)
    if prior:
        octaves = np.log2(60 / periods / _USUAL_BPM)
        score = np.maximum(score, 0) * np.exp(-0.5 * (octaves / _SPREAD_OCTAVES) ** 2)
    return float(periods[int(np.argmax(score))])


def _best_path(flat: Values, lag: float, stiffness: float) -> NDArray[np.int64]:
    """Frames of the beats: the chain of onsets that are strong and evenly spaced."""
    shortest, longest = max(1, round(lag / _MAX_CHANGE)), round(lag * _MAX_CHANGE)
    steps = np.arange(shortest, longest + 1)
    cost = stiffness * np.square(np.log(steps / lag))
    best, back = flat.copy(), np.full(len(flat), -1)
    for at in range(shortest, len(flat)):
        within = steps[: at - shortest + 1]
        scores = best[at - within] - cost[: len(within)]
        choice = int(np.argmax(scores))
        best[at] += scores[choice]
        back[at] = at - steps[choice]
    at = len(flat) - 1 - int(np.argmax(best[::-1][: longest + 1]))
    places = [at]
    while back[at] >= 0:
        at = int(back[at])
        places.append(at)
    return np.array(places[::-1])


def _refined(flat: Values, places: NDArray[np.int64]) -> tuple[Values, Values]:
    """Frames of the onsets next to the beats, to parts of a frame, and how strong they are."""
    reach = round(_REFINE_SECONDS * _RATE)
    found, strength = places.astype(np.float64), np.full(len(places), 0.05)
    for i, place in enumerate(places):
        first = max(place - reach, 1)
        near = flat[first : min(place + reach + 1, len(flat) - 1)]
        if len(near) == 0 or near.max() < 0.5:
            continue
        peak = first + int(np.argmax(near))
        left, middle, right = flat[peak - 1 : peak + 2]
        bend = left - 2 * middle + right
        found[i] = peak + (float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0)
        strength[i] = middle
    return found, strength


def _smoothed(refined: tuple[Values, Values]) -> Values:
    """Each beat on a line through its neighbours, strong onsets counting more: what is missed or early is bridged."""
    found, strength = refined
    smooth = found.copy()
    for i in range(len(found)):
        near = np.arange(max(0, i - _NEIGHBOURS), min(len(found), i + _NEIGHBOURS + 1))
        if len(near) > 2:
            smooth[i] = np.polyfit(near - i, found[near], 1, w=np.sqrt(strength[near]))[1]
    return smooth


def _coherence(flat: Values, frames: Values) -> float:
    """Share of the envelope's variance that a pattern of one, two or four beats explains, chance taken off."""
    if len(frames) < 2 * _FOLDS[-1]:
        return 0.0
    beats = np.arange((len(frames) - 1) * _PHASES) / _PHASES
    width = max(1, round(float(np.median(np.diff(frames))) / _PHASES))
    blurred = np.convolve(flat, np.ones(width) / width, "same")
    seen = np.interp(np.interp(beats, np.arange(len(frames)), frames), np.arange(len(flat)), blurred)
    best = 0.0
    for fold in _FOLDS:
        rows = seen[: len(seen) // (fold * _PHASES) * fold * _PHASES].reshape(-1, fold * _PHASES)
        whole = float(rows.var())
        if len(rows) < 2 or whole < 1e-12:
            continue
        left = float((rows - rows.mean(0)).var()) * len(rows) / (len(rows) - 1)
        best = max(best, 1 - left / whole)
    return best
