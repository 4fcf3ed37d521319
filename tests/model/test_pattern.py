"""The pattern as a picture, its noise, and the flow that makes it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from musika_daw.model.flow import flow_loss, flow_sample
from musika_daw.model.pattern_codec import CHANNELS, HARMONY_ROWS, decode_pattern, encode_pattern, harmony_rows
from musika_daw.model.pattern_net import (
    CONDITIONING,
    PHRASE_STEPS,
    PatternNet,
    PatternSize,
    pattern_conditioning,
    pattern_noise,
)
from musika_daw.model.style import GENRES
from musika_daw.music.notes import DRUM_CLASSES, STEMS
from musika_daw.train.corpus.composer import compose


@pytest.mark.parametrize("genre", GENRES)
def test_a_composition_survives_the_picture(genre: str) -> None:
    composition = compose(np.random.default_rng(5), genre, 16)
    grid, weight = encode_pattern(composition.notes, composition.harmony, PHRASE_STEPS)
    assert grid.shape == weight.shape == (CHANNELS, PHRASE_STEPS)
    notes, harmony = decode_pattern(grid, 0)
    assert harmony == tuple(composition.harmony)
    for stem in STEMS:
        key = lambda n: (n.step, n.drum)  # noqa: E731
        for had, got in zip(sorted(composition.notes[stem], key=key), sorted(notes[stem], key=key), strict=True):
            assert (had.step, had.drum, had.degree, had.voicing) == (got.step, got.drum, got.degree, got.voicing)
            assert got.strength == pytest.approx(had.strength, abs=0.01)
            if stem != "drums":
                assert (had.octave, had.slide) == (got.octave, got.slide)
                assert got.length_steps == pytest.approx(had.length_steps, rel=0.01)
                assert got.timing == pytest.approx(had.timing, abs=0.01)
        ranks = [np.argsort([n.salience for n in sorted(side[stem], key=key)]) for side in (composition.notes, notes)]
        if len({n.salience for n in composition.notes[stem]}) == len(composition.notes[stem]):
            assert np.array_equal(ranks[0], ranks[1])


def test_every_drum_class_has_a_place() -> None:
    composition = compose(np.random.default_rng(1), "hard", 16)
    assert {n.drum for n in composition.notes["drums"]} <= set(DRUM_CLASSES)


def test_noise_returns_every_loop_at_variation_zero_and_never_at_one() -> None:
    def likeness(variation: float, bars: int) -> float:
        noise = pattern_noise(3, 0, variation).reshape(CHANNELS, 16, 16)
        return float(np.corrcoef(noise[:, :-bars].ravel(), noise[:, bars:].ravel())[0, 1])

    assert likeness(0.0, 4) == pytest.approx(1.0, abs=1e-6)
    assert 0.45 < likeness(0.0, 1) < 0.6
    assert likeness(0.5, 4) == pytest.approx(0.75, abs=0.03)
    assert abs(likeness(1.0, 4)) < 0.03
    assert pattern_noise(3, 1, 0.3).std() == pytest.approx(1.0, abs=0.02)


def test_noise_is_a_function_of_seed_and_phrase() -> None:
    assert np.array_equal(pattern_noise(9, 4, 0.2), pattern_noise(9, 4, 0.2))
    assert not np.array_equal(pattern_noise(9, 4, 0.2), pattern_noise(9, 5, 0.2))
    assert not np.array_equal(pattern_noise(9, 4, 0.2), pattern_noise(10, 4, 0.2))


def test_the_flow_learns_a_point_and_keeps_what_is_known() -> None:
    torch.manual_seed(0)
    network = PatternNet(PatternSize(width=16, conditioning=8, dilations=(1, 2)))
    told = torch.from_numpy(pattern_conditioning(np.full(8, -1, np.float32), "minor", 0.0, 2))[None]
    assert told.shape == (1, CONDITIONING, 32)
    data = (torch.sign(torch.randn(1, CHANNELS, 1)) * 0.7).expand(1, CHANNELS, 32)
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    first = last = 0.0
    for step in range(120):
        loss = flow_loss(lambda x, t: network(x, t, told), data)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        first, last = (float(loss.detach()), last) if step == 0 else (first, float(loss.detach()))
    assert last < 0.4 * first
    known = torch.full_like(data, float("nan"))
    known[:, HARMONY_ROWS] = torch.from_numpy(harmony_rows(compose(np.random.default_rng(1), "dub", 2).harmony))[None]
    with torch.no_grad():
        made = flow_sample(lambda x, t: network(x, t, told), torch.randn(data.shape), 8, known)
    assert torch.equal(made[:, HARMONY_ROWS], known[:, HARMONY_ROWS])
    free = slice(0, HARMONY_ROWS.start)
    assert (made[:, free] - data[:, free]).abs().mean() < 0.35
