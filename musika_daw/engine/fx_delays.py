"""Echo and chorus of our own: in time with the song, and the same wherever rendering starts.

pedalboard's Delay clicks when the tempo changes and has neither ping-pong nor darkening repeats; its Chorus and
Phaser run on a clock that starts at zero with the first block, so a stretch rendered alone would not equal the same
stretch of the whole song.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from pedalboard import Chain, LowpassFilter

from musika_daw.music.tempo_map import MIN_BPM

AudioArray = NDArray[np.float32]
SILENCE = 1e-4  # -80 dB: a tail is over when it is below this share of what it started with
_FADE_SECONDS = 0.03  # how long an echo takes to move to the delay of a new tempo
_OPEN_TONE_HZ = 19999.0  # from here on repeats are not filtered at all
BLOCK = 8192


def primed(plugins: Chain, sample_rate: int) -> Chain:
    """A chain that keeps its tails over blocks of any size.

    It forgets them whenever a block is longer than every block before it (up to `BLOCK`), so the first is the longest.
    """
    plugins.process(np.zeros((2, BLOCK), np.float32), sample_rate, buffer_size=BLOCK, reset=False)
    return plugins


class Echo:
    """Delay in beats with feedback; ping-pong sends repeats from side to side, each repeat can be darker."""

    def __init__(self, parameters: Mapping[str, float], sample_rate: int) -> None:
        self._rate = sample_rate
        self._beats, self._feedback = parameters["beats"], np.float32(parameters["feedback"])
        self._mix, self._cross = np.float32(parameters["mix"]), np.float32(parameters["ping_pong"])
        self._fade = round(_FADE_SECONDS * sample_rate)
        self._faded = self._fade  # samples of the move from `_delay` to `_goal` that are done
        self._delay = self._goal = 0  # samples; 0 before the first block
        self._history = np.zeros((2, self._samples(MIN_BPM) + 1), np.float32)
        tone = parameters["tone_hz"]
        self._tone = primed(Chain([LowpassFilter(tone)]), sample_rate) if tone < _OPEN_TONE_HZ else None

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        """`[2, n]` -> `[2, n]`; a new tempo is faded to from the start of the block."""
        wanted = self._samples(bpm)
        if not self._delay:
            self._delay = self._goal = wanted
        n, kept = audio.shape[1], self._history.shape[1]
        line = np.concatenate([self._history, self._fed(audio)], axis=1)  # what goes into the delay line
        wet = np.empty_like(audio)
        done = 0
        while done < n:
            if self._faded == self._fade:
                self._delay = self._goal
                if wanted != self._goal:
                    self._goal, self._faded = wanted, 0
            # No more than one delay at a time: the next repeat is made of what this one feeds back.
            m = min(n - done, self._delay, self._goal)
            if self._faded < self._fade:
                m = min(m, self._fade - self._faded)
            heard = self._read(line, kept + done, m)
            wet[:, done : done + m] = heard
            heard = self._feedback * heard
            line[:, kept + done : kept + done + m] += heard + self._cross * (heard[::-1] - heard)
            done += m
        self._history = line[:, n:].copy()
        return audio + self._mix * (wet - audio)

    def tail_seconds(self, bpm: float) -> float:
        """Until repeats are 80 dB down."""
        feedback = float(self._feedback)
        repeats = 1 if feedback <= SILENCE else math.ceil(math.log(SILENCE) / math.log(feedback)) + 1
        return repeats * self._samples(bpm) / self._rate if self._mix else 0.0

    def _samples(self, bpm: float) -> int:
        return round(self._beats * 60.0 / bpm * self._rate)

    def _fed(self, audio: AudioArray) -> AudioArray:
        """With ping-pong, the sum of both sides goes in on the left."""
        if not self._cross:
            return audio
        left = 0.5 * (audio[0] + audio[1])
        return audio + self._cross * (np.stack([left, np.zeros_like(left)]) - audio)

    def _read(self, line: AudioArray, at: int, m: int) -> AudioArray:
        heard = line[:, at - self._delay : at - self._delay + m]
        if self._faded < self._fade:
            share = ((self._faded + np.arange(m, dtype=np.float32)) / np.float32(self._fade)).astype(np.float32)
            heard = heard + share * (line[:, at - self._goal : at - self._goal + m] - heard)
            self._faded += m
        if self._tone is None:
            return heard
        toned: AudioArray = self._tone.process(heard, self._rate, buffer_size=BLOCK, reset=False)
        return toned


class Chorus:
    """One voice per side whose delay swings a quarter turn apart; the swing follows song position."""

    def __init__(self, parameters: Mapping[str, float], sample_rate: int, position: int) -> None:
        """`position`: sample of the song at which the first block starts (negative in a pre-roll)."""
        self._rate = sample_rate
        self._turns_per_sample = parameters["rate_hz"] / sample_rate
        centre = parameters["centre_delay_ms"] * sample_rate / 1000.0
        self._centre = np.float32(centre)
        self._depth = np.float32(min(parameters["depth_ms"] * sample_rate / 1000.0, centre - 1.0))
        self._mix = np.float32(parameters["mix"])
        self._history = np.zeros((2, math.ceil(2 * centre) + 2), np.float32)
        self._position = position

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        """`[2, n]` -> `[2, n]`."""
        n, kept = audio.shape[1], self._history.shape[1]
        line = np.concatenate([self._history, audio], axis=1)
        turns = np.arange(self._position, self._position + n, dtype=np.float64) * self._turns_per_sample
        here = np.arange(kept, kept + n, dtype=np.int32)
        wet = np.empty_like(audio)
        for side in range(2):
            turn = turns + 0.25 * side
            swing = (2.0 * (turn - np.floor(turn)) - 1.0).astype(np.float32)
            # a parabola in place of a sine, at a tenth of its cost
            delay = self._centre + self._depth * (np.float32(4.0) * swing * (np.float32(1.0) - np.abs(swing)))
            whole = delay.astype(np.int32)
            newer = line[side].take(here - whole)
            older = line[side].take(here - whole - 1)
            wet[side] = newer + (delay - whole.astype(np.float32)) * (older - newer)
        self._position += n
        self._history = line[:, n:].copy()
        return audio + self._mix * (wet - audio)

    def tail_seconds(self, bpm: float) -> float:
        """The longest delay."""
        return self._history.shape[1] / self._rate
