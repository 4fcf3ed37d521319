"""The linked limiter: the mix stays the sum of the stems, peaks stay below the ceiling, cuts do not matter."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.engine.limiter import LinkedLimiter
from musika_daw.engine.mixer import mix_down

RATE = 44100
CEILING = 10 ** (-0.5 / 20)
Stems = dict[str, NDArray[np.float32]]


def song(n: int, level: float = 0.3) -> Stems:
    """Noise that comes and goes, with lone clicks far above the ceiling."""
    generator = np.random.default_rng(2)
    swell = np.clip(np.sin(np.arange(n) / 9000), 0, None)
    stems = {
        k: (level * generator.standard_normal((2, n)) * swell).astype(np.float32) for k in ("drums", "bass", "lead")
    }
    stems["drums"][:, generator.integers(n, size=20)] = 3.0
    return stems


def limited(stems: Stems, sizes: list[int], position: int = 0) -> Stems:
    limiter, n = LinkedLimiter(RATE, position=position), stems["drums"].shape[1]
    parts, at, turn = [], 0, 0
    while at < n:
        size = sizes[turn % len(sizes)]
        parts.append(limiter.process({k: v[:, at : at + size] for k, v in stems.items()}))
        at, turn = min(at + size, n), turn + 1
        assert at - sum(p["drums"].shape[1] for p in parts) <= limiter.latency
    parts.append(limiter.flush())
    return {k: np.concatenate([p[k] for p in parts if p], axis=1) for k in stems}


@pytest.mark.parametrize("n", [1, 31, 500, 44_101])
def test_peaks_stay_below_the_ceiling_and_lengths_are_exact(n: int) -> None:
    out = limited(song(n), [4096])
    mix = mix_down(out)
    assert mix.shape == (2, n) and np.abs(mix).max() <= CEILING * (1 + 1e-5)


@pytest.mark.parametrize("position", [0, 17, -5])
@pytest.mark.parametrize("sizes", [[1000, 1, 33, 64, 20_000], [97], [44_100, 0]])
def test_blocks_of_any_size_give_the_same_samples(position: int, sizes: list[int]) -> None:
    stems = song(60_000)
    whole, cut = limited(stems, [60_000], position), limited(stems, sizes, position)
    assert all(np.array_equal(whole[k], cut[k]) for k in stems)


@pytest.mark.parametrize("start", [20_000, 20_001, 31_977])
def test_a_stretch_alone_equals_the_same_stretch_of_the_whole(start: int) -> None:
    stems, end, reach = song(60_000), start + 9000, LinkedLimiter(RATE).reach
    whole = limited(stems, [7000])
    alone = limited({k: v[:, start - reach : end + reach] for k, v in stems.items()}, [5000], start - reach)
    assert all(np.array_equal(alone[k][:, reach:-reach], whole[k][:, start:end]) for k in stems)


def test_every_stem_gets_the_same_gain_and_quiet_music_is_untouched() -> None:
    stems = song(40_000, level=0.01)
    out = limited(stems, [3000])
    mask = np.abs(stems["bass"]) > 1e-3
    gains = out["bass"][mask] / stems["bass"][mask]
    mask = mask & (np.abs(stems["lead"]) > 1e-3)
    same = np.abs(out["bass"][mask] / stems["bass"][mask] - out["lead"][mask] / stems["lead"][mask]).max()
    assert same < 1e-5 and gains.max() <= 1 + 1e-6 and gains.min() < 0.4
    quiet = {k: np.clip(v, -0.1, 0.1) for k, v in stems.items()}
    assert all(np.array_equal(limited(quiet, [3000])[k], quiet[k]) for k in quiet)


def test_gain_moves_smoothly_and_the_reduction_is_known() -> None:
    tone = np.full((2, 20_000), 0.5, np.float32)
    tone[:, 10_000] = 2.0
    limiter = LinkedLimiter(RATE)
    out = np.concatenate([limiter.process({"drums": tone})["drums"], limiter.flush()["drums"]], axis=1)
    gain = out[0] / tone[0]
    assert np.abs(np.diff(gain)).max() < 0.02 and gain[10_000] == pytest.approx(CEILING / 2, rel=1e-5)
    assert gain[:9000].min() == 1.0 and gain[11_000:].min() == 1.0
    assert limiter.reduction_db == pytest.approx(20 * np.log10(2 / CEILING), abs=1e-3)
