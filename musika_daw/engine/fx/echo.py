"""Echo of our own: in time with the song, whose tempo may change, with ping-pong and repeats that darken.

pedalboard's Delay clicks when the tempo changes and has neither ping-pong nor darkening repeats.
"""

from __future__ import annotations

import math

import numpy as np

from musika_daw.engine.fx.catalogue import EFFECTS
from musika_daw.engine.fx.effect import SILENCE, AudioArray, KnobOf
from musika_daw.engine.fx.native import BLOCK, Native
from musika_daw.engine.fx.ramp import Ramp, part
from musika_daw.music.tempo_map import MIN_BPM

_FADE_SECONDS = 0.03  # how long an echo takes to move to another delay
_OPEN_TONE_HZ = 19999.0  # from here on repeats are not filtered at all
_SLACK = 65536  # samples written before what is kept is moved to the front: rarely, so that small blocks are cheap


class Echo:
    """Delay in beats with feedback; ping-pong sends repeats from side to side, each repeat can be darker."""

    latency = 0

    def __init__(self, knobs: KnobOf, sample_rate: int, position: int) -> None:
        self._rate, self._knobs = sample_rate, knobs
        self._fade = round(_FADE_SECONDS * sample_rate)
        self._faded = self._fade  # samples of the move from `_delay` to `_goal` that are done
        self._delay = self._goal = 0  # samples; 0 before the first block
        self._kept = math.ceil(EFFECTS["Delay"]["beats"].high * 60.0 / MIN_BPM * sample_rate) + 1
        self._line = np.zeros((2, self._kept + _SLACK), np.float32)
        self._end = self._kept  # where the next sample goes
        self._tone = Native("LowpassFilter", {"cutoff_frequency_hz": knobs["tone_hz"]}, sample_rate, position)
        self._open = Ramp(float(self._is_open()), self._fade)

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        """`[2, n]` -> `[2, n]`; a new delay is faded to from the start of the block."""
        wet = np.empty_like(audio)
        wanted = self._samples(bpm)
        if not self._delay:
            self._delay = self._goal = wanted
        self._open.to(float(self._is_open()))
        for first in range(0, audio.shape[1], BLOCK):
            self._write(audio[:, first : first + BLOCK], wet[:, first : first + BLOCK], wanted)
        return audio + self._knobs["mix"].take(audio.shape[1]) * (wet - audio)

    def tail_seconds(self, bpm: float) -> float:
        """Until repeats are 80 dB down."""
        if not self._knobs["mix"].goal:
            return 0.0
        feedback = self._knobs["feedback"].goal
        repeats = 1 if feedback <= SILENCE else math.ceil(math.log(SILENCE) / math.log(feedback)) + 1
        return repeats * self._samples(bpm) / self._rate

    def locate(self, position: int) -> None:
        self._tone.locate(position)

    def _samples(self, bpm: float) -> int:
        return round(self._knobs["beats"].goal * 60.0 / bpm * self._rate)

    def _is_open(self) -> bool:
        return self._knobs["tone_hz"].goal >= _OPEN_TONE_HZ

    def _write(self, audio: AudioArray, wet: AudioArray, wanted: int) -> None:
        """Puts a block into the line and what is heard of the line into `wet`, both `[2, n]`."""
        n = audio.shape[1]
        if self._end + n > self._line.shape[1]:
            self._line[:, : self._kept] = self._line[:, self._end - self._kept : self._end]
            self._end = self._kept
        cross, feedback = self._knobs["ping_pong"].take(n), self._knobs["feedback"].take(n)
        line, end = self._line, self._end
        # With ping-pong, the sum of both sides goes in on the left.
        line[0, end : end + n] = audio[0] + cross * (0.5 * (audio[0] + audio[1]) - audio[0])
        line[1, end : end + n] = audio[1] - cross * audio[1]
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
            heard = self._toned(self._read(end + done, m))
            wet[:, done : done + m] = heard
            heard = part(feedback, done, done + m) * heard
            line[:, end + done : end + done + m] += heard + part(cross, done, done + m) * (heard[::-1] - heard)
            done += m
        self._end += n

    def _read(self, at: int, m: int) -> AudioArray:
        heard = self._line[:, at - self._delay : at - self._delay + m]
        if self._faded < self._fade:
            share = ((self._faded + np.arange(m, dtype=np.float32)) / np.float32(self._fade)).astype(np.float32)
            heard = heard + share * (self._line[:, at - self._goal : at - self._goal + m] - heard)
            self._faded += m
        return heard

    def _toned(self, heard: AudioArray) -> AudioArray:
        if self._open.still_at(1.0):
            self._tone.skip(heard.shape[1])
            return heard
        dull = self._tone.process(heard)
        return dull + self._open.take(heard.shape[1]) * (heard - dull)
