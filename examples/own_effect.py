"""An effect of your own: a tremolo in time with the song, over a stem of a take.

    .venv/bin/python examples/own_effect.py "MySong/Musika/take 001" bass bass_tremolo.wav

`CONTRIBUTING.md` says where a class like this one goes so that presets can name it and OSC can move it.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
import soundfile

from musika_daw.engine.fx.effect import AudioArray, Effect, KnobOf
from musika_daw.engine.fx.ramp import Ramp

BLOCK = 512


class Tremolo:
    """Turns the level down and up again, evenly in beats; parameters `depth` (0-1) and `beats` (of one wave)."""

    latency = 0

    def __init__(self, knobs: KnobOf, sample_rate: int, position: int) -> None:
        self._knobs, self._rate, self._position = knobs, sample_rate, position

    def process(self, audio: AudioArray, bpm: float) -> AudioArray:
        """Takes the next block `[2, n]`; what comes out depends on song position, so any stretch sounds the same."""
        n = audio.shape[1]
        beats = (self._position + np.arange(n)) / self._rate * bpm / 60
        self._position += n
        depth, length = self._knobs["depth"].take(n), self._knobs["beats"].take(n)
        gain = 1 - depth * (0.5 - 0.5 * np.cos(2 * math.pi * beats / length))
        return np.asarray(audio * gain, np.float32)

    def tail_seconds(self, bpm: float) -> float:
        """Nothing rings on."""
        return 0.0

    def locate(self, position: int) -> None:
        """The next block starts at this sample of the song."""
        self._position = position


def play(effect: Effect, audio: AudioArray, bpm: float) -> AudioArray:
    """Runs an effect over audio `[2, n]`, block by block as the engine does."""
    return np.concatenate([effect.process(audio[:, i : i + BLOCK], bpm) for i in range(0, audio.shape[1], BLOCK)], 1)


def main() -> None:
    """Reads the options, a stem of the take and its tempo, and writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("take", type=Path)
    parser.add_argument("stem")
    parser.add_argument("out", type=Path)
    parser.add_argument("--depth", type=float, default=0.8)
    parser.add_argument("--beats", type=float, default=0.5)
    options = parser.parse_args()
    facts = json.loads((options.take / "take.json").read_text(encoding="utf-8"))
    bpm = facts["tempo_map"]["points"][0][1]
    audio, rate = soundfile.read(options.take / facts["files"][options.stem], dtype="float32", always_2d=True)
    knobs = {"depth": Ramp(options.depth, rate // 50), "beats": Ramp(options.beats, rate // 50)}
    effect = Tremolo(knobs, rate, facts["start_sample"])
    soundfile.write(options.out, play(effect, np.ascontiguousarray(audio.T), bpm).T, rate)


if __name__ == "__main__":
    main()
