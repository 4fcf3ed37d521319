"""What the page is made of: markup, charts, pictures, sounds, and the folder they are in."""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
import soundfile

from musika_daw.evaluate.report.charts import Level, Point, chart, nice_ticks
from musika_daw.evaluate.report.clips import ClipFolder
from musika_daw.evaluate.report.html import el
from musika_daw.evaluate.report.picture import BANDS, magma, mel_level, png

RATE = 44100


def test_text_is_escaped_and_attributes_are_named_as_in_html() -> None:
    made = el("p", "a < b", el("br"), None, [1, el("b", "&")], class_="x", data_a='"', hidden=True, title=None)
    assert made == '<p class="x" data-a="&quot;" hidden>a &lt; b<br>1<b>&amp;</b></p>'


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [(5.4, [0, 2, 4, 6]), (0.9, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (100, [0, 20, 40, 60, 80, 100]), (0, [0, 1])],
)
def test_ticks_are_round_and_reach_the_highest(highest: float, ticks: list[float]) -> None:
    assert nice_ticks(highest) == pytest.approx(ticks)


def test_a_chart_names_its_values_and_keeps_names_apart() -> None:
    levels = [Level("real", 1.0, "real"), Level("random", 1.01, "model")]
    drawn = chart("FAD", [Point(0.15, 2.0, 0.1), Point(0.75, 4.0)], levels, "density", "FAD")
    assert "<title>FAD: 2 at 0.15; 4 at 0.75</title>" in drawn
    heights = [float(part.split('y="')[1].split('"')[0]) for part in drawn.split("<text")[1:] if "level-name" in part]
    assert abs(heights[0] - heights[1]) >= 11


def test_a_png_is_read_by_others() -> None:
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3) * 40
    read = matplotlib.image.imread(io.BytesIO(png(pixels, magma())), format="png")
    colours = np.frombuffer(magma(), np.uint8).reshape(256, 3)
    assert np.array_equal((read[..., :3] * 255).round(), colours[pixels])


def test_a_tone_is_a_line_in_its_picture() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(2 * RATE) / RATE).astype(np.float32)
    level = mel_level(np.stack([tone, tone]))
    assert level.shape[1] == BANDS
    assert len(np.unique(level[5:-5].argmax(1))) == 1 and 0.2 * BANDS < level.mean(0).argmax() < 0.4 * BANDS
    assert len(mel_level(np.zeros((2, 200 * RATE), np.float32))) <= 1202


def test_clips_are_within_full_scale_and_as_long_as_their_sound(tmp_path: Path) -> None:
    loud = np.full((2, RATE), 1.5, np.float32)
    clip = ClipFolder(tmp_path).add("loud", "Loud", loud)
    sound, rate = soundfile.read(tmp_path / clip.audio)
    assert (sound.shape, rate, clip.seconds) == ((RATE, 2), RATE, 1.0)
    assert np.abs(sound).max() == pytest.approx(0.98, abs=1e-3) and abs(sound[-1]).max() < 1e-3
    assert loud.max() == 1.5
    assert (tmp_path / clip.picture).is_file()
