"""Beats of music of unknown tempo, and whether it has a steady one.

Tempo from the autocorrelation of the onset envelope, beats by dynamic programming (Ellis, "Beat Tracking by Dynamic
Programming", 2007), then drawn to the onsets they belong to and to a tempo that changes slowly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from musika_daw.train.measures.onsets import HOP, mean_rise
from musika_daw.train.measures.spectra import SAMPLE_RATE

SLOWEST_BPM, FASTEST_BPM = 60.0, 200.0
_USUAL_BPM, _USUAL_OCTAVES = 125.0, 0.5
_RATE = SAMPLE_RATE / HOP  # frames of the envelope a second
_KICK_HZ = 900.0
_TIGHTNESS = 400.0
_REACH_SECONDS = 0.035  # between a beat and its onset
_PARTS = (1, 2, 3, 4)  # of a beat, on which music happens
_NEIGHBOURS = 12  # beats on either side that a beat's tempo is taken from

Values = NDArray[np.float64]


@dataclass(frozen=True)
class TrackedBeats:
    """Beats in seconds, evenly changing, and how far they can be trusted.

    Attributes:
        steadiness: 0..1, how much of what happens in the music happens on them and on even parts of them. Seen: 0.4 to
            0.9 on techno, 0.05 to 0.28 on the same with every beat of another length and on onsets at random.
    """

    seconds: Values
    steadiness: float

    @property
    def bpm(self) -> float:
        """Mean tempo."""
        return float(60 * (len(self.seconds) - 1) / (self.seconds[-1] - self.seconds[0]))


def onset_envelope(rises: Values) -> Values:
    """Where something begins, kicks most of all; from `band_rises`, one value a frame."""
    low, full = mean_rise(rises, _KICK_HZ), mean_rise(rises)
    both = low / (low.std() + 1e-6) + full / (full.std() + 1e-6)
    smooth = gaussian_filter1d(both, 2.0)
    # What lasts is no onset.
    return np.asarray(np.maximum(smooth - uniform_filter1d(smooth, int(0.4 * _RATE)), 0), np.float64)


def track_beats(envelope: Values) -> TrackedBeats | None:
    """Beats of a stretch of music, ten seconds at least; None where nothing happens."""
    if len(envelope) < 4 * _RATE or envelope.max() < 1e-3:
        return None
    period = _period(envelope)
    beats = _best_path(envelope / envelope.std(), period)
    if len(beats) < 8:
        return None
    smooth = _steadied(beats, envelope)
    return TrackedBeats(smooth / _RATE, _steadiness(smooth, envelope))


def _period(envelope: Values) -> float:
    """Frames from beat to beat."""
    centred = envelope - envelope.mean()
    n = 1 << (2 * len(centred)).bit_length()
    correlation = np.fft.irfft(np.abs(np.fft.rfft(centred, n)) ** 2)[: len(centred)]
    lags = np.arange(int(60 * _RATE / FASTEST_BPM), int(60 * _RATE / SLOWEST_BPM) + 1)
    usual = np.exp(-0.5 * (np.log2(60 * _RATE / lags / _USUAL_BPM) / _USUAL_OCTAVES) ** 2)
    # A beat's period comes again after two and four of them.
    combed = sum(share * correlation[times * lags] for times, share in ((1, 1.0), (2, 0.5), (4, 0.25)))
    return float(lags[np.argmax(combed * usual)])


def _best_path(envelope: Values, period: float) -> Values:
    """The frames of beats that meet most onsets and stay near the period."""
    steps = np.arange(round(period / 2), round(2 * period) + 1)
    cost = _TIGHTNESS * np.log(steps / period) ** 2
    score, before = envelope.copy(), np.full(len(envelope), -1)
    for frame in range(int(steps[0]), len(envelope)):
        known = steps[: max(int(np.searchsorted(steps, frame, "right")), 1)]
        values = score[frame - known] - cost[: len(known)]
        best = int(values.argmax())
        if values[best] > 0:
            score[frame] += values[best]
            before[frame] = frame - known[best]
    last = len(score) - int(period) + int(score[-int(period) :].argmax())
    path = [last]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return np.array(path[::-1], np.float64)


def _steadied(beats: Values, envelope: Values) -> Values:
    """Each beat where a straight line through the onsets of its neighbours has it."""
    onsets, weights = _nearest_peaks(beats, envelope)
    smooth = np.empty(len(beats))
    for index in range(len(beats)):
        near = slice(max(index - _NEIGHBOURS, 0), index + _NEIGHBOURS + 1)
        numbers = np.arange(len(beats), dtype=np.float64)[near] - index
        trusted = weights[near] + 1e-6
        for _ in range(3):
            line = np.polyfit(numbers, onsets[near], 1, w=np.sqrt(trusted))
            apart = np.abs(np.polyval(line, numbers) - onsets[near]) / _RATE
            # Onsets that are off the beat tell nothing about it.
            trusted = (weights[near] + 1e-6) / (1 + (apart / 0.01) ** 2)
        smooth[index] = line[1]
    return np.maximum.accumulate(smooth)


def _nearest_peaks(beats: Values, envelope: Values) -> tuple[Values, Values]:
    """The highest point of the envelope around each beat, between frames too, and how high it is."""
    reach = int(_REACH_SECONDS * _RATE)
    places, heights = beats.copy(), np.zeros(len(beats))
    for number, beat in enumerate(beats.astype(int)):
        first = max(beat - reach, 1)
        near = envelope[first : beat + reach + 1]
        if len(near) < 3:
            continue
        peak = min(first + int(near.argmax()), len(envelope) - 2)
        left, middle, right = envelope[peak - 1 : peak + 2]
        bend = left - 2 * middle + right
        shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
        places[number], heights[number] = peak + float(np.clip(shift, -0.5, 0.5)), middle
    return places, heights


def _steadiness(beats: Values, envelope: Values) -> float:
    """Length of the mean of all that happens, placed on a circle by its phase within the beat or an even part of it."""
    frames = np.arange(int(beats[0]), min(int(beats[-1]), len(envelope)))
    phase = 2 * np.pi * np.interp(frames, beats, np.arange(len(beats)))
    weight = envelope[frames]
    rounds = [np.abs((weight * np.exp(1j * turns * phase)).sum()) for turns in _PARTS]
    return float(max(rounds) / (weight.sum() + 1e-9))
