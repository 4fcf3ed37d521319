"""Plain words about figures, and the best step of a training."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from musika_daw.train.official.best import BestKept
from musika_daw.train.official.obedience import beat_contrast
from musika_daw.train.verdict import verdict

_GOOD = {
    "decoded_chroma": 0.96,
    "decoded_chroma_shuffled": 0.8,
    "density_rho": 0.9,
    "beat_contrast": 2.0,
    "beat_error_ms": 5.0,
    "beat_error_ms_shuffled": 60.0,
    "spread": 1.0,
}


def test_a_good_model_is_called_one() -> None:
    lines = verdict(_GOOD)
    assert [line.split(" (")[0] for line in lines] == [
        "the autoencoder keeps the notes of this music",
        "the model follows density",
        "a beat is heard, and it is on the grid",
    ]


@pytest.mark.parametrize(
    ("figure", "value", "said"),
    [
        ("decoded_chroma", 0.81, "keeps no notes"),
        ("density_rho", 0.03, "does not follow density: more music or time"),
        ("density_rho", 0.5, "roughly"),
        ("beat_contrast", 1.05, "hardly heard"),
        ("beat_error_ms", 58.0, "no beat follows the grid"),
        ("beat_error_ms", float("nan"), "no beat follows the grid"),
        ("spread", 0.3, "it has collapsed"),
    ],
)
def test_what_is_wrong_is_said(figure: str, value: float, said: str) -> None:
    assert any(said in line for line in verdict({**_GOOD, figure: value}))


def test_every_stem_has_a_line() -> None:
    lines = verdict({"density_rho": {"drums": 0.9, "bass": 0.1}})
    assert len(lines) == 2 and lines[0].startswith("drums follows") and lines[1].startswith("bass does not")


def test_contrast_tells_a_beat_from_noise() -> None:
    rate, bpm = 44100, 120.0
    noise = np.random.default_rng(0).standard_normal((2, 8 * rate)).astype(np.float32) * 0.01
    hit = noise.copy()
    for beat in range(16):
        hit[:, beat * rate // 2 : beat * rate // 2 + 400] += 0.5
    moved = np.random.default_rng(1).random(32)
    assert beat_contrast(hit, bpm, moved) > 2
    assert beat_contrast(noise, bpm, moved) == pytest.approx(1.0, abs=0.15)
    assert beat_contrast(np.roll(hit, rate // 4, 1), bpm, moved) < 1


def test_the_best_step_is_kept_over_sessions(tmp_path: Path) -> None:
    network, told = nn.Linear(1, 1), list[str]()

    def offer(kept: BestKept, distance: float) -> None:
        nn.init.constant_(network.weight, distance)
        kept.offer(distance, 1.0, {"gen": network})

    kept = BestKept(tmp_path, told.append)
    for distance in (0.9, 0.5, 0.6):
        offer(kept, distance)
    assert not told
    later = BestKept(tmp_path, told.append)  # another session
    for distance in (0.7, 0.8, 0.9):
        offer(later, distance)
    assert len(told) == 1 and "0.5" in told[0] and "best step are kept" in told[0]
    assert later.restore({"gen": network}) == 0.5
    assert torch.equal(network.weight, torch.tensor([[0.5]]))
