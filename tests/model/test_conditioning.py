"""What the generator is told, and where randomness comes from."""

from __future__ import annotations

import numpy as np
import pytest

from musika_daw.errors import UserError
from musika_daw.model.conditioning import (
    CONDITIONING,
    FRAME,
    LAYOUT,
    FrameNote,
    frame_conditioning,
    stem_pattern_rows,
)
from musika_daw.model.coordinates import ANCHOR_BEATS, coordinates_at, keyed_generator
from musika_daw.model.generator import LATENTS, latent_noise
from musika_daw.model.style import SETTINGS, STYLE_SIZE, style_from_settings, style_from_vector
from musika_daw.music.harmony import Key
from musika_daw.music.notes import STEMS
from musika_daw.train.corpus.sounds import draw_style


def told(first: int, frames: int, notes: dict[str, list[FrameNote]] | None = None) -> np.ndarray:
    empty: dict[str, list[FrameNote]] = {stem: [] for stem in STEMS}
    return frame_conditioning(
        {**empty, **(notes or {})},
        lambda samples: samples / 44100 * 2,
        lambda beat: 120.0,
        np.full((4, frames), 0.5),
        np.full((4, frames), 0.25),
        Key(9),
        5,
        np.zeros(STYLE_SIZE, np.float32),
        first,
        frames,
    )


def test_any_stretch_is_told_what_the_whole_is_told() -> None:
    notes = {
        "drums": [FrameNote(i * 7000, i * 7000 + 500, 36, 0.9) for i in range(40)],
        "bass": [FrameNote(i * 9000, i * 9000 + 12000, 30 + i % 9, 0.7) for i in range(30)],
    }
    whole = told(0, 100, notes)
    assert whole.shape == (CONDITIONING, 100)
    assert np.allclose(told(37, 20, notes), whole[:, 37:57])


def test_an_onset_is_told_to_a_quarter_of_a_frame() -> None:
    for sub in range(4):
        start = 10 * FRAME + sub * FRAME // 4 + 100
        rows = told(0, 20, {"drums": [FrameNote(start, start + 1, 36, 0.8)]})[LAYOUT["pattern"]]
        assert np.argwhere(rows[stem_pattern_rows("drums")] > 0).tolist() == [[sub, 10]]


def test_a_held_note_is_told_while_it_lasts() -> None:
    rows = told(0, 20, {"lead": [FrameNote(4 * FRAME, 9 * FRAME, 69, 0.5)]})[LAYOUT["pattern"]]
    held = rows[stem_pattern_rows("lead")][4 + 9]
    assert np.flatnonzero(held).tolist() == [4, 5, 6, 7, 8]


def test_coordinates_are_normal_everywhere_and_continuous() -> None:
    beats = np.linspace(-40, 4000, 20000)
    values = coordinates_at(11, beats)
    assert abs(values.mean()) < 0.25 and values.std() == pytest.approx(1.0, abs=0.12)
    assert np.abs(np.diff(values, axis=1)).max() < 5 * (beats[1] - beats[0]) / ANCHOR_BEATS * 2
    assert np.array_equal(coordinates_at(11, beats[500:600]), values[:, 500:600])


def test_keyed_draws_depend_on_every_key() -> None:
    draws = {tuple(keyed_generator(*key).standard_normal(2)) for key in ((1, 2, 3), (2, 2, 3), (1, 3, 3), (1, 2, -4))}
    assert len(draws) == 4
    assert latent_noise(1, -70, 200).shape == (LATENTS, 200)
    assert np.array_equal(latent_noise(1, -70, 200)[:, 60:90], latent_noise(1, -10, 30))


def test_a_style_survives_its_vector() -> None:
    style = draw_style(np.random.default_rng(4), "dub")
    again = style_from_vector(style.vector())
    for setting in SETTINGS:
        span = setting.high - setting.low
        assert again.settings[setting.name] == pytest.approx(style.settings[setting.name], abs=1e-4 * span)
    assert again.genre["dub"] == 1.0 and again.genre["acid"] == 0.0


def test_a_preset_must_set_everything_within_its_range() -> None:
    settings = dict(draw_style(np.random.default_rng(4), "dub").settings)
    with pytest.raises(UserError, match="missing"):
        style_from_settings("dub", {k: v for k, v in settings.items() if k != "kick_pitch_hz"})
    with pytest.raises(UserError, match="out of range"):
        style_from_settings("dub", {**settings, "kick_pitch_hz": 5000})
    with pytest.raises(UserError, match="not known"):
        style_from_settings("dub", {**settings, "cowbell": 1})
    with pytest.raises(UserError, match="genre"):
        style_from_settings("polka", settings)
