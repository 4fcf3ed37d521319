"""Splices of the shipped model do not click: what happens there happens elsewhere in the music, too.

MUSIKA_SPLICES: how many (default 40).
"""

from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.engine.live.bench import default_controls
from musika_daw.engine.live.plan.render import BLOCK_SAMPLES, Render, Stems
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.timeline import FADE, Timeline
from musika_daw.engine.own.model import OwnModel
from musika_daw.model.model_file import load_networks
from musika_daw.music.notes import STEMS

SPLICES, APART = int(os.environ.get("MUSIKA_SPLICES", "40")), 30_000  # how many, and samples from one to the next
WINDOW = 128
HIGH_HZ = 9000.0
Audio = NDArray[np.float32]


def moved(controls: ControlState, chance: random.Random) -> ControlState:
    moves = [
        Move.of("density", chance.random()),
        Move.of("brightness", chance.random()),
        Move.of("morph", chance.random(), chance.random()),
        Move.of("seed", chance.randrange(3)),
        Move.of("key", chance.choice(["Am", "F#m", "off"])),
    ]
    return controls.with_move(chance.choice(moves))


def windows(audio: Audio) -> tuple[Audio, Audio]:
    """Largest step, and RMS above 9 kHz, of every 3 ms."""
    count = len(audio) // WINDOW
    spectrum = np.fft.rfft(audio)
    spectrum[np.fft.rfftfreq(len(audio), 1 / 44100) < HIGH_HZ] = 0
    high = np.fft.irfft(spectrum, len(audio))[: count * WINDOW].reshape(count, WINDOW)
    steps = np.abs(np.diff(audio, prepend=audio[0]))[: count * WINDOW].reshape(count, WINDOW)
    return steps.max(1), np.sqrt((high**2).mean(1))


def cut(segment: Segment, until: int) -> Stems:
    """What a segment would play without a crossfade."""
    assert segment.render is not None
    stems = segment.render.read(segment.song_sample(segment.start), segment.song_sample(until))
    assert stems is not None
    return stems


@pytest.mark.slow
def test_steps_and_bursts_at_splices_stay_within_those_of_the_music() -> None:
    model, chance = OwnModel(load_networks("techno")), random.Random(5)
    controls = default_controls("techno")
    places = [APART * (i + 1) for i in range(SPLICES)]
    end = places[-1] + APART
    with ThreadPoolExecutor(2) as pool:
        timeline = Timeline(Segment(0, 16.0, Render(controls, model), controls), STEMS)
        for place in places:
            controls = moved(controls, chance)
            render = Render(controls, model)
            timeline.splice(Segment(place, timeline.beat_at(place), render, controls))
        for segment, until in zip(timeline.segments, [*places, end], strict=True):
            assert segment.render is not None
            first = segment.song_sample(segment.start - FADE) // BLOCK_SAMPLES
            for block in range(first, segment.song_sample(until + FADE) // BLOCK_SAMPLES + 1):
                segment.render.make(block, pool)
    spliced = timeline.read(0, end)
    assert spliced is not None
    near = np.zeros(end // WINDOW, bool)
    for place in places:
        near[(place - FADE) // WINDOW : place // WINDOW + 1] = True
    cuts = [place // WINDOW for place in places]
    for stem in STEMS:
        steps, bursts = windows(spliced[stem].mean(0))
        assert steps[near].max() <= 1.05 * steps[~near].max(), stem
        assert bursts[near].max() <= 1.05 * bursts[~near].max(), stem
        # The same without crossfades is seen by the same measure.
        hard = [cut(segment, until)[stem] for segment, until in zip(timeline.segments, [*places, end], strict=True)]
        louder = windows(np.concatenate(hard, 1).mean(0))[1][cuts] / (bursts[cuts] + 1e-6)
        assert np.quantile(louder, 0.9) > (1.2 if stem == "drums" else 3.0), stem
