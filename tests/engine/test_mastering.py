"""Mastering: louder and below the ceiling, off to the bit, without a click between, alike however the stream is cut."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.engine.console import Console, Sound
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.mastering import MASTER, MASTERED, Mastering
from musika_daw.errors import UserError
from musika_daw.evaluate.sound.loudness import integrated_loudness

RATE, BPM, STEMS = 44100, 120.0, ("drums", "bass")
Audio = NDArray[np.float32]


def song(seconds: float = 4.0) -> dict[str, Audio]:
    """Decaying strokes over a steady bass."""
    t = np.arange(int(seconds * RATE)) / RATE
    strokes = np.exp(-12 * (t % 0.5)) * np.sin(2 * np.pi * 180 * t)
    bass = 0.2 * np.sin(2 * np.pi * 55 * t)
    return {"drums": np.stack([strokes] * 2).astype(np.float32) * 0.5, "bass": np.stack([bass] * 2).astype(np.float32)}


def played(console: Console, stems: dict[str, Audio], size: int = 512) -> tuple[dict[str, Audio], Audio]:
    n = stems["drums"].shape[1]
    parts = [console.process({s: a[:, i : i + size] for s, a in stems.items()}, BPM) for i in range(0, n, size)]
    if rest := console.flush():
        parts.append(rest)
    return {s: np.concatenate([p[0][s] for p in parts], 1) for s in STEMS}, np.concatenate([p[1] for p in parts], 1)


def console(mastering: Mastering, fx: FxOf | None = None) -> Console:
    return Console(STEMS, Sound(fx or {}, mastering=mastering), RATE)


def test_a_mastered_mix_is_louder_and_below_the_ceiling_and_the_stems_stay_as_they_are() -> None:
    plain_stems, plain = played(console(Mastering()), song())
    stems, mix = played(console(Mastering(True, 6.0)), song())
    assert mix.shape == plain.shape
    assert integrated_loudness(mix) > integrated_loudness(plain) + 2.5
    assert np.abs(mix).max() <= 10 ** (-0.5 / 20) + 1e-5
    for stem in STEMS:
        assert np.array_equal(stems[stem], plain_stems[stem])


def test_it_evens_out_what_is_louder_and_what_is_softer() -> None:
    softer = {stem: audio * np.float32(0.5) for stem, audio in song().items()}
    apart = integrated_loudness(played(console(MASTERED), song())[1]) - integrated_loudness(
        played(console(MASTERED), softer)[1]
    )
    assert 2.0 < apart < 5.5, "a compressor that is gentle: 6 dB before, less behind it"


def test_the_style_says_how_much_louder_its_mixes_have_to_be() -> None:
    style = {MASTER: (FxSpec("Gain", {"gain_db": 4.0}),)}
    _, by_style = played(console(MASTERED, style), song())
    _, by_hand = played(console(Mastering(True, 4.0)), song())
    assert np.abs(by_style - by_hand).max() < 1e-5
    assert np.array_equal(played(console(Mastering(), style), song())[1], played(console(Mastering()), song())[1])


def test_it_comes_and_goes_without_a_click_however_the_stream_is_cut() -> None:
    steady = {"drums": np.zeros((2, RATE), np.float32), "bass": song(1.0)["bass"]}

    def switched(size: int) -> Audio:
        here = console(Mastering())
        halves = [{s: a[:, part] for s, a in steady.items()} for part in (slice(0, 20_000), slice(20_000, None))]
        cuts = [{s: a[:, i : i + size] for s, a in halves[0].items()} for i in range(0, 20_000, size)]
        before = [here.process(cut, BPM)[1] for cut in cuts]
        here.master.set(MASTERED)
        return np.concatenate([*before, played(here, halves[1], size)[1]], 1)

    mix = switched(500)
    step = np.abs(np.diff(steady["bass"])).max()
    assert np.abs(np.diff(mix)).max() < 2.5 * step
    assert np.abs(mix[:, -4000:]).max() > 1.05 * np.abs(mix[:, 10_000:14_000]).max()
    assert np.array_equal(mix, switched(500)), "the same cut, the same bits"


def test_a_gain_out_of_range_changes_nothing() -> None:
    here = console(MASTERED)
    with pytest.raises(UserError, match="-12 to 12 dB"):
        here.master.set(Mastering(True, 99.0))
    assert here.master.mastering == MASTERED
