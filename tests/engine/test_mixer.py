"""Levels: what they do, that they move without a click and alike however the stream is cut."""

from __future__ import annotations

import numpy as np
import pytest

from musika_daw.engine.mixer import Fader, Level, Mixer
from musika_daw.errors import UserError

RATE = 44100
STEMS = ("drums", "bass", "lead")


def ones(n: int) -> dict[str, np.ndarray]:
    return {stem: np.ones((2, n), np.float32) for stem in STEMS}


def settled(mixer: Mixer) -> dict[str, list[float]]:
    mixer.process(ones(RATE // 100))
    return {stem: [round(float(side), 6) for side in audio[:, 0]] for stem, audio in mixer.process(ones(1)).items()}


def test_gain_pan_mute_and_solo() -> None:
    mixer = Mixer(STEMS, {"bass": Level(gain=-20.0), "lead": Level(pan=1.0)})
    assert settled(mixer) == {"drums": [1, 1], "bass": [0.1, 0.1], "lead": [0, 1]}
    mixer.set("bass", gain=0.0, pan=-0.25)
    mixer.set("lead", mute=True)
    assert settled(mixer) == {"drums": [1, 1], "bass": [1, 0.75], "lead": [0, 0]}
    mixer.set("bass", solo=True)
    mixer.set("lead", solo=True)
    assert settled(mixer) == {"drums": [0, 0], "bass": [1, 0.75], "lead": [0, 0]}, "mute is stronger than solo"
    mixer.use(dict.fromkeys(STEMS, Level()))
    assert settled(mixer) == {stem: [1, 1] for stem in STEMS}
    mixer.set("drums", gain=-90.0)
    assert settled(mixer)["drums"] == [0, 0]
    assert mixer.levels["drums"] == Level(gain=-90.0)


def test_a_fader_turns_everything_down_without_a_click() -> None:
    fader = Fader(RATE)
    stems = {name: np.ones((2, 2000), np.float32) for name in ("drums", "mix")}
    assert fader.process(stems)["drums"] is stems["drums"]
    fader.set(-20.0)
    turned = fader.process(stems)
    for audio in turned.values():
        assert np.abs(np.diff(audio)).max() < 0.003
        np.testing.assert_allclose(audio[:, -1], 0.1, rtol=1e-5)
    fader.set(-90.0)
    assert not fader.process(stems)["mix"][:, -1].any()
    with pytest.raises(UserError, match="expected -90 to 12 dB"):
        fader.set(13.0)


@pytest.mark.parametrize("changes", [{"gain": 40.0}, {"gain": float("nan")}, {"pan": -1.5}])
def test_impossible_levels_change_nothing(changes: dict[str, float]) -> None:
    mixer = Mixer(STEMS)
    with pytest.raises(UserError, match=r"(gain|pan) .* is not possible; expected -"):
        mixer.set("bass", **changes)
    assert mixer.levels["bass"] == Level()


def test_levels_that_stand_still_leave_the_audio_alone() -> None:
    stems = ones(100)
    out = Mixer(STEMS).process(stems)
    assert all(np.array_equal(out[stem], stems[stem]) for stem in STEMS)


def test_levels_move_in_a_line_however_the_stream_is_cut() -> None:
    def moved(sizes: list[int]) -> np.ndarray:
        mixer, parts, done = Mixer(STEMS), [], 0
        for end, change in ((1000, {"mute": True}), (1200, {"mute": False, "pan": 0.5}), (3000, {})):
            turn = 0
            while done < end:
                n = min(sizes[turn % len(sizes)], end - done)
                parts.append(mixer.process(ones(n))["bass"])
                done, turn = done + n, turn + 1
            if change:
                mixer.set("bass", **change)
        return np.concatenate(parts, axis=1)

    whole = moved([5000])
    assert np.abs(np.diff(whole)).max() <= 1.01 / (0.01 * RATE)
    assert whole[:, 999].tolist() == [1, 1] and whole[0, 1200] < 0.6 and whole[:, -1].tolist() == [0.5, 1.0]
    for sizes in ([1], [7, 64, 300], [256]):
        assert np.array_equal(moved(sizes), whole)
