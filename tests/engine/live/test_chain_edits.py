"""Effects come, go and change places while it plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.controls.move import RefusedError
from musika_daw.engine.fx.catalogue import PLUGIN, FxSpec
from musika_daw.engine.fx.chain_text import chain_text, read_chain
from musika_daw.engine.live.replay import replay_take
from musika_daw.engine.take.session_log import read_session
from tests.engine.live.conftest import Studio


def names(studio: Studio, stem: str) -> list[str]:
    return [str(text).split(";")[0] for text in studio.get(f"/musika/stem/{stem}/effects")]


def test_a_chain_is_a_line_of_text() -> None:
    chain = (FxSpec("Delay", {"beats": 0.1 + 0.2}), FxSpec(PLUGIN, {"mix": 0.25}, "/usr/lib/vst3/One.vst3", "One"))
    (delay, plugin) = read_chain(chain_text(chain), "here")
    assert delay.parameters["beats"] == 0.1 + 0.2 and plugin == chain[1]


def test_effects_come_go_and_change_places(studio: Studio) -> None:
    before = names(studio, "bass")
    studio.post(("stem/bass/fx/0/bypass", 0.25))
    studio.post(("stem/drums/fx/0/bypass", 0.5))
    studio.post(("stem/bass/effects/add", "delay"))
    studio.post(("stem/bass/effects/add", "Bitcrush", 0))
    assert names(studio, "bass") == ["Bitcrush", *before, "Delay"]
    assert studio.get("/musika/stem/bass/fx/1/bypass") == (0.25,)
    assert studio.get("/musika/stem/drums/fx/0/bypass") == (0.5,), "what was set on other stems stays"
    assert "/musika/stem/bass/effects" in {
        n.control and f"/musika/stem/{n.stem}/{n.control}" for n in studio.engine.notices()
    }
    studio.post(("stem/bass/effects/move", 0, 1))
    assert names(studio, "bass")[:2] == [before[0], "Bitcrush"]
    studio.post(("stem/bass/effects/remove", 1))
    assert names(studio, "bass") == [*before, "Delay"]


@pytest.mark.parametrize(
    ("edit", "values", "said"),
    [
        ("stem/bass/effects/add", ("Delya",), "did you mean Delay"),
        ("stem/bass/effects/add", ("/nowhere/One.vst3",), "does not exist"),
        ("stem/bass/effects/remove", (15,), "there is no effect 15"),
        ("stem/tuba/effects/add", ("Delay",), "there is no stem tuba"),
    ],
)
def test_what_is_not_possible_is_refused(edit: str, values: tuple[object, ...], said: str, studio: Studio) -> None:
    before = names(studio, "bass")
    with pytest.raises(RefusedError, match=said):
        studio.post((edit, *values))
    assert names(studio, "bass") == before


def test_a_chain_has_an_end(studio: Studio) -> None:
    with pytest.raises(RefusedError, match="16 effects at most"):
        for _ in range(17):
            studio.post(("stem/lead/effects/add", "Gain"))


@pytest.mark.slow
def test_it_is_heard_at_once_stays_and_is_replayed(studio: Studio, tmp_path: Path) -> None:
    studio.post(("quantize", "phrase"), ("tempo", 240.0))
    studio.post(("play",), ("record", True))
    studio.play_until(5.0)
    studio.post(("stem/drums/effects/add", "Gain"))
    studio.post((f"stem/drums/fx/{len(names(studio, 'drums')) - 1}/gain_db", -60.0))
    studio.play_until(9.0)
    studio.post(("quantize", "bar"), ("record", False))
    studio.until(lambda: studio.notices("/musika/done"))
    heard = studio.tape.heard("drums")
    loud, quiet = np.abs(heard[:, : 2 * 44100]).max(), np.abs(heard[:, -22050:]).max()
    assert quiet < 0.02 * loud
    take = Path(studio.notices("/musika/done")[0][0])
    again = replay_take(read_session(take), tmp_path / "again")
    for name in ("drums", "bass", "mix"):
        first, second = (soundfile.read(next(folder.glob(f"{name}_*.wav")))[0] for folder in (take, again))
        assert np.array_equal(first, second), name


def test_a_preset_brings_its_own_again(studio: Studio) -> None:
    studio.post(("preset", "rooftop"))
    before = names(studio, "bass")
    studio.post(("stem/bass/effects/remove", 0))
    assert names(studio, "bass") == before[1:]
    studio.post(("preset", "rooftop"))
    assert names(studio, "bass") == before
