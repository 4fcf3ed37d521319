"""From stems to mix: the sum, the mix chain, levels and limiter together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.console import Console, Sound
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.mixer import Level

RATE = 44100
BPM = 120.0
STEMS = ("drums", "bass")
Audio = NDArray[np.float32]


def song(n: int) -> dict[str, Audio]:
    generator = np.random.default_rng(1)
    return {stem: (0.2 * generator.standard_normal((2, n))).astype(np.float32) for stem in STEMS}


def played(console: Console, stems: dict[str, Audio], size: int) -> tuple[dict[str, Audio], Audio]:
    n = stems["drums"].shape[1]
    parts = [console.process({s: a[:, i : i + size] for s, a in stems.items()}, BPM) for i in range(0, n, size)]
    if rest := console.flush():
        parts.append(rest)
    return {s: np.concatenate([p[0][s] for p in parts], 1) for s in STEMS}, np.concatenate([p[1] for p in parts], 1)


def test_with_an_empty_mix_chain_the_mix_is_the_sum_of_the_stems() -> None:
    hall = parse_fx([{"type": "Reverb", "wet_level": 0.3}], "test")
    console = Console(STEMS, Sound({"bass": hall}, {"drums": Level(gain=4.0, pan=-0.3)}), RATE)
    stems, mix = played(console, song(30_000), 512)
    assert mix.shape == (2, 30_000) and np.abs(mix).max() <= 10 ** (-0.5 / 20) + 1e-5
    assert np.abs(mix - stems["drums"] - stems["bass"]).max() < 1e-6


def test_a_mix_chain_is_guarded_by_the_limiter_and_stays_aligned() -> None:
    loud = parse_fx([{"type": "Gain", "gain_db": 12}], "test")
    console = Console(STEMS, Sound({"mix": loud}), RATE)
    stems, mix = played(console, song(30_000), 512)
    assert np.abs(mix).max() <= 10 ** (-0.5 / 20) + 1e-5
    assert np.abs(mix - 10 ** (12 / 20) * (stems["drums"] + stems["bass"])).max() < 1e-5


def test_what_is_set_counts_from_the_next_sample_on_however_the_stream_is_cut() -> None:
    def moved(size: int) -> Audio:
        console = Console(STEMS, Sound({"bass": parse_fx([{"type": "Delay"}], "test")}), RATE)
        stems = song(20_000)
        first = {s: a[:, :7001] for s, a in stems.items()}
        parts = [
            console.process({s: a[:, i : i + size] for s, a in first.items()}, BPM)[1] for i in range(0, 7001, size)
        ]
        console.set("bass", 0, "mix", 0.1)
        console.mixer.set("drums", mute=True)
        console.swap({"mix": parse_fx([{"type": "LowpassFilter"}], "test"), "bass": console.sound.fx["bass"]})
        rest = {s: a[:, 7001:] for s, a in stems.items()}
        return np.concatenate([*parts, played(console, rest, size)[1]], axis=1)

    assert np.array_equal(moved(256), moved(20_000))


def test_the_sound_as_it_stands_can_be_read_back() -> None:
    console = Console(STEMS, Sound({"mix": parse_fx([{"type": "Gain"}], "test")}), RATE)
    console.set("mix", 0, "gain_db", -2.0)
    console.mixer.set("bass", solo=True)
    assert console.sound.fx["mix"][0].parameters == {"gain_db": -2.0}
    assert console.sound.levels["bass"] == Level(solo=True)
    assert console.parameters("mix")[0].parameters["gain_db"].value == -2.0
