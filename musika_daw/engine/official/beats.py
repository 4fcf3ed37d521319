"""A beat tracker: tempo by autocorrelation, beats by dynamic programming (Ellis, 2007), places refined on the onsets.

It says how sure it may be: the share of the onset envelope that comes back with the beat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.official.onsets import HOP, RATE, Envelope

CLEAR = 0.18
"""Confidence from which on there is a beat to follow."""

_SLOWEST_BPM, _FASTEST_BPM = 60.0, 200.0
_USUAL_BPM, _SPREAD_OCTAVES = 122.0, 0.9  # prior of the tempo
_TEMPO_STEPS = 600
_MULTIPLES = (1, 2, 3, 4, 6, 8)  # of a period at which the envelope is compared with itself
_STIFFNESSES = (250.0, 60.0)  # what a change of tempo costs against an onset missed: for steady music, for wandering
_MOST_CHANGE = 1.25  # from one beat to the next
_REFINE_SECONDS = 0.05
_NEIGHBOURS = 2  # beats on either side that smooth a beat's place
_PHASES = 24  # places within a beat at which the envelope is compared from beat to beat
_FOLDS = (1, 2, 4)  # beats after which the music may repeat

Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class Pulse:
    """A tempo, and the share of what begins that comes back with its beat: 0 nothing, 1 all."""

    bpm: float
    confidence: float


@dataclass(frozen=True)
class Beats:
    """Places of beats in seconds, one after the other, and how sure they are (as in `Pulse`)."""

    seconds: Seconds
    confidence: float


def find_pulse(envelope: Envelope) -> Pulse:
    """The tempo of a stretch, 60 to 200 bpm."""
    beats = track(envelope, _period(envelope, 60 / _FASTEST_BPM, 60 / _SLOWEST_BPM, prior=True))
    count = len(beats.seconds)
    return Pulse(60 / float(np.polyfit(np.arange(count), beats.seconds, 1)[0]), beats.confidence)


def track(envelope: Envelope, period: float, range_share: float = 0.0) -> Beats:
    """Beats about `period` seconds apart, in a tempo that may wander.

    Args:
        range_share: the mean period is looked for within ± this share of `period`.
    """
    if range_share:
        period = _period(envelope, period * (1 - range_share), period * (1 + range_share), prior=False)
    flat = _flattened(envelope)
    paths = [_smoothed(_refined(flat, _best_path(flat, period * RATE / HOP, s))) for s in _STIFFNESSES]
    found = [Beats(frames * (HOP / RATE), _coherence(flat, frames)) for frames in paths]
    return max(found, key=lambda beats: beats.confidence)


def _flattened(envelope: Envelope) -> Envelope:
    """Less its mean around, at most 3, in units of its deviation: a loud moment must not outweigh the rest."""
    width = round(1.0 * RATE / HOP)
    around = np.convolve(np.pad(envelope, width // 2, mode="edge"), np.ones(width) / width, "valid")[: len(envelope)]
    risen = np.maximum(envelope - around, 0)
    spread = float(risen.std())
    return np.minimum(risen / spread, 3.0) if spread > 1e-9 else np.zeros_like(envelope)


def _period(envelope: Envelope, shortest: float, longest: float, prior: bool) -> float:
    """Seconds after which the envelope is most like itself."""
    flat = _flattened(envelope)
    flat = flat - flat.mean()
    n = len(flat)
    spectrum = np.fft.rfft(flat, 2 * n)
    own = np.fft.irfft(np.square(np.abs(spectrum)))[:n] / np.maximum(n - np.arange(n), n / 4)
    periods = np.geomspace(shortest, longest, _TEMPO_STEPS)
    lags = periods * RATE / HOP
    score = sum(np.interp(lags * m, np.arange(n), own, right=0.0) / m**0.5 for m in _MULTIPLES)
    if prior:
        octaves = np.log2(60 / periods / _USUAL_BPM)
        score = np.maximum(score, 0) * np.exp(-0.5 * (octaves / _SPREAD_OCTAVES) ** 2)
    return float(periods[int(np.argmax(score))])


def _best_path(flat: Envelope, lag: float, stiffness: float) -> NDArray[np.int64]:
    """Frames of the beats: the chain of onsets that are strong and evenly spaced."""
    shortest, longest = max(1, round(lag / _MOST_CHANGE)), round(lag * _MOST_CHANGE)
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


def _refined(flat: Envelope, places: NDArray[np.int64]) -> tuple[Seconds, Envelope]:
    """Frames of the onsets next to the beats, to parts of a frame, and how strong they are."""
    reach = round(_REFINE_SECONDS * RATE / HOP)
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


def _smoothed(refined: tuple[Seconds, Envelope]) -> Seconds:
    """Each beat on a line through its neighbours, strong onsets counting more: what is missed or early is bridged."""
    found, strength = refined
    smooth = found.copy()
    for i in range(len(found)):
        near = np.arange(max(0, i - _NEIGHBOURS), min(len(found), i + _NEIGHBOURS + 1))
        if len(near) > 2:
            smooth[i] = np.polyfit(near - i, found[near], 1, w=np.sqrt(strength[near]))[1]
    return smooth


def _coherence(flat: Envelope, frames: Seconds) -> float:
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
