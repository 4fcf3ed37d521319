"""The fall of lone strokes is found again, and what has neighbours is left out."""

from __future__ import annotations

import numpy as np
import pytest

from musika_daw.evaluate.drum_noise import decays, drum_noise_figures
from musika_daw.evaluate.renders import SAMPLE_RATE, Excerpt
from musika_daw.music.harmony import Key
from musika_daw.music.notes import DRUM_PITCHES, STEMS, Note
from musika_daw.music.tempo_map import constant_tempo


def _excerpt(fall_db: float, every: float = 0.5, drum: str = "open_hat") -> Excerpt:
    """Noise strokes of one class at 120 bpm, `every` so many beats, that fall so many dB a second."""
    tempo, bars = constant_tempo(120.0), 4
    length = int(tempo.seconds_at(4.0 * bars) * SAMPLE_RATE)
    noise = np.random.default_rng(0).standard_normal(length)
    t = np.arange(length) / SAMPLE_RATE
    sound = 0.2 * noise * 10 ** (-fall_db * (t % (every / 2)) / 20)
    notes = [Note(beat, 0.1, DRUM_PITCHES[drum], 1.0) for beat in np.arange(0.0, 4.0 * bars, every)]
    stems = dict.fromkeys(STEMS, np.stack([sound, sound]).astype(np.float32))
    values = {stem: [0.5] * bars for stem in STEMS}
    return Excerpt(
        stems, {**{stem: [] for stem in STEMS}, "drums": notes}, tempo, Key(0, "minor"), bars, values, values, "x"
    )


@pytest.mark.parametrize("fall", [100.0, 200.0])
@pytest.mark.parametrize("drum", ["open_hat", "clap"])
def test_the_fall_of_strokes_is_found(fall: float, drum: str) -> None:
    assert decays(_excerpt(fall, drum=drum)) == {drum: pytest.approx(fall, rel=0.1)}


def test_strokes_with_neighbours_are_left_out() -> None:
    assert decays(_excerpt(100.0, every=0.125)) == {}


def test_figures_are_means_over_excerpts() -> None:
    figures = drum_noise_figures([_excerpt(100.0), _excerpt(200.0)])
    assert figures["decay_open_hat"] == pytest.approx(150.0, rel=0.1)
    assert np.isnan(figures["decay_snare"]) and abs(figures["drums_repeats"]) < 0.05
