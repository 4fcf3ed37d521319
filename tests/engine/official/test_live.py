"""An imported model played live: the same controls as far as it knows them, on the same grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from musika_daw.controls.move import RefusedError
from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.controls.target import address_of
from musika_daw.engine.live.replay import replay_take
from musika_daw.engine.official import model as played
from musika_daw.engine.take.session_log import read_session
from musika_daw.train.metrics.kick_timing import kick_errors
from tests.support.beaten import beaten

from ..live.conftest import Studio
from .conftest import Recorded

pytestmark = pytest.mark.slow

RATE = 44100


def _controls(model: Path, stems: tuple[str, ...]) -> ControlState:
    corners = {"anchor_a": 1, "anchor_b": 2, "anchor_c": "warehouse", "anchor_d": 4}
    return defaults().over(settings(model=str(model), seed=7, tempo=120.0, density=0.8, stems=stems, **corners))


@pytest.fixture
def studio(official_model: Callable[[str], Path], tmp_path: Path) -> Iterator[Studio]:
    made = Studio(_controls(official_model("44k"), ("mix",)), tmp_path)
    yield made
    made.engine.close()


def _landed(studio: Studio, address: str) -> list[float]:
    return [beat for moved, beat in studio.notices("/musika/landed") if moved == address]


def test_it_plays_and_its_controls_land(studio: Studio) -> None:
    studio.post(("play",))
    studio.play_until(2.0)
    for i, move in enumerate([("seed", 9), ("morph", 0.5, 0.5), ("anchor/a", 12), ("tempo", 126.0)]):
        studio.post(move)
        address = f"/musika/{move[0]}"
        studio.until(lambda address=address: bool(_landed(studio, address)))  # type: ignore[misc]
        assert len(studio.notices("/musika/landed")) == i + 2  # play landed, too
    studio.play_until(studio.engine.position() + 4)
    heard = studio.tape.heard()
    assert 0.001 < np.abs(heard[:, -40_000:]).max() <= 1.0
    assert studio.get("/musika/morph") == (0.5, 0.5) and studio.engine.status()[2] == 0


@pytest.mark.parametrize(
    ("move", "reason"),
    [
        (("density", 0.5), "trained without that conditioning signal"),
        (("stem/mix/brightness", 0.5), "trained without that conditioning signal"),
        (("key", "Am"), "makes sound, not notes"),
        (("chords", "Am F"), "makes sound, not notes"),
        (("stem/mix/hold", True), "makes sound, not notes"),
        (("anchor/b", "tunnel"), "its styles are numbers"),
        (("stem/bass/gain", 0.0), "there is no stem bass"),
    ],
)
def test_what_it_does_not_know_is_refused_with_the_reason(studio: Studio, move: Any, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        studio.post(move)


def test_levels_and_effects_of_its_stem(studio: Studio) -> None:
    studio.post(("play",))
    studio.play_until(2.0)
    studio.post(("stem/mix/mute", True))
    studio.play_until(studio.engine.position() + 2)
    assert not studio.tape.heard()[:, -10_000:].any()
    addresses = tuple(map(address_of, studio.engine.targets()))
    assert "/musika/stem/mix/gain" in addresses and len(set(addresses)) == len(addresses)


def test_a_take_is_replayed_bit_for_bit(studio: Studio, tmp_path: Path) -> None:
    studio.post(("quantize", "bar"), ("record", True), ("play",))
    studio.play_until(3.0)
    studio.post(("morph", 1.0, 0.0))
    studio.until(lambda: bool(_landed(studio, "/musika/morph")))
    studio.play_until(studio.engine.position() + 1)
    studio.post(("record", False))
    studio.until(lambda: bool(studio.notices("/musika/done")))
    take = Path(studio.notices("/musika/done")[0][0])
    assert {".json", ".jsonl", ".wav"} <= {path.suffix for path in take.iterdir()}
    again = replay_take(read_session(take / "session.jsonl"), tmp_path / "again")
    (first,), (second,) = take.glob("*.wav"), again.glob("*.wav")
    assert first.name == second.name and first.read_bytes() == second.read_bytes()


def test_its_beats_lie_on_the_grid_after_every_move(monkeypatch: pytest.MonkeyPatch, studio: Studio) -> None:
    """The networks' sound has no beat: another stands in for it."""
    sound = Recorded(beaten(np.arange(0.2, 150, 60 / 126.3), 150))
    monkeypatch.setattr(played.OfficialModel, "_sound", lambda self, score: sound)
    studio.post(("quantize", "bar"), ("play",))
    studio.play_until(6.0)
    studio.post(("seed", 8))
    studio.until(lambda: bool(_landed(studio, "/musika/seed")))
    assert _landed(studio, "/musika/seed")[0] % 4 == 0
    studio.play_until(studio.engine.position() + 30)
    heard = studio.tape.heard()
    start = int(np.flatnonzero(np.abs(heard[0]) > 0.1)[0]) - 4096
    errors = kick_errors(heard[:, start:], np.arange(1, 30) * 0.5 + 4096 / RATE)
    spread = errors - np.nanmedian(errors)
    assert np.mean(np.isnan(errors)) < 0.1 and np.nanmedian(np.abs(spread)) < 0.015


def test_models_of_the_family_are_exchanged_at_a_bar(
    studio: Studio, official_model: Callable[[str], Path], tiny_model: Path
) -> None:
    studio.post(("play",))
    studio.play_until(1.0)
    studio.post(("model", str(official_model("22k"))))
    studio.until(lambda: bool(_landed(studio, "/musika/model")))
    assert _landed(studio, "/musika/model")[0] % 4 == 0
    with pytest.raises(RefusedError, match="other stems"):
        studio.post(("model", str(tiny_model)))


def test_an_own_model_and_an_imported_one_take_turns(
    official_model: Callable[[str], Path], tiny_model: Path, tmp_path: Path
) -> None:
    """What began with our own stems plays an imported model into the mix, its stems silent."""
    controls = _controls(tiny_model, ("drums", "bass", "chords", "lead"))
    studio = Studio(controls, tmp_path)
    try:
        studio.post(("record", True), ("play",))
        studio.play_until(2.0)
        studio.post(("model", str(official_model("44k"))))
        studio.until(lambda: bool(_landed(studio, "/musika/model")))
        with pytest.raises(RefusedError, match="does not know density"):
            studio.post(("density", 0.2))
        studio.play_until(studio.engine.position() + 6)
        assert np.abs(studio.tape.heard()[:, -20_000:]).max() > 0.001
        for stem in ("drums", "bass"):  # but for what rings of effects
            assert np.abs(studio.tape.heard(stem)[:, -20_000:]).max() < 0.01
        studio.post(("model", str(tiny_model)))
        studio.until(lambda: len(_landed(studio, "/musika/model")) == 2)
        assert all(beat % 4 == 0 for beat in _landed(studio, "/musika/model"))
        studio.post(("density", 0.2))
        studio.play_until(studio.engine.position() + 3)
        studio.post(("record", False))
        studio.until(lambda: bool(studio.notices("/musika/done")))
    finally:
        studio.engine.close()
    take = Path(studio.notices("/musika/done")[0][0])
    lengths = {soundfile.info(path).frames for path in take.glob("*.wav")}
    assert len(list(take.glob("*.wav"))) == 5 and len(lengths) == 1 and len(list(take.glob("*.mid"))) == 5
    again = replay_take(read_session(take / "session.jsonl"), tmp_path / "again")
    assert (next(again.glob("mix_*"))).read_bytes() == next(take.glob("mix_*")).read_bytes()
