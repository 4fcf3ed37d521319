"""A model of records played live: its controls land on the grid, and a take is made again from its log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from musika_daw.controls.state import defaults, settings

from ..live.conftest import Studio

pytestmark = pytest.mark.slow


@pytest.fixture
def studio(records_model: Path, tmp_path: Path) -> Iterator[Studio]:
    corners = {f"anchor_{corner}": number for number, corner in enumerate("abcd")}
    controls = settings(model=str(records_model), seed=7, tempo=120.0, stems=("mix",), **corners)
    made = Studio(defaults().over(controls), tmp_path)
    yield made
    made.engine.close()


def test_it_plays_and_its_controls_land(studio: Studio) -> None:
    studio.post(("play",))
    studio.play_until(2.0)
    for move in (("seed", 9), ("morph", 0.5, 0.5), ("density", 0.2), ("brightness", 0.9), ("variation", 1.0)):
        studio.post(move)
        address = f"/musika/{move[0]}"
        studio.until(lambda address=address: any(moved == address for moved, _ in studio.notices("/musika/landed")))  # type: ignore[misc]
    studio.play_until(studio.engine.position() + 4)
    heard = studio.tape.heard()
    assert 0.0001 < np.abs(heard[:, -40_000:]).max() <= 1.0
    assert studio.get("/musika/morph") == (0.5, 0.5)
