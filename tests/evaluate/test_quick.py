"""The report runs whole on a tiny untrained model, and its figures of the corpus are those of music."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from musika_daw.evaluate.figures import bars_alike
from musika_daw.evaluate.quick import QuickSettings, run
from musika_daw.music.notes import STEMS, Note


def test_bars_alike_is_the_share_of_common_onsets() -> None:
    notes = [Note(b, 0.5, 0, 1.0) for b in (0.0, 1.0, 4.0, 5.0, 8.0, 9.5)]
    assert bars_alike(notes, 0, 3) == [1.0, pytest.approx(1 / 3)]
    assert bars_alike(notes[:2], 0, 3) == []


@pytest.mark.slow
def test_a_report_has_a_figure_for_everything(tiny_model: Path) -> None:
    report = run(QuickSettings(str(tiny_model), seeds=1, corpus_tracks=6))
    json.dumps(report)
    ceiling = report["corpus_figures"]
    assert ceiling["beat_median_ms"] < 3 and ceiling["within_30_cents_bass"] > 0.9
    assert all(ceiling[f"onset_f_{stem}"] > 0.6 for stem in STEMS)
    assert set(ceiling) == set(report["model_figures"])
    assert 0 <= report["style_found"]["one_pattern_twelve_styles"] <= 1
    assert np.isfinite(report["distance"]["frechet"])
    assert {f"distance_db_{stem}" for stem in STEMS} <= set(report["reconstruction"])
