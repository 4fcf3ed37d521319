"""The judge's measures, on sounds and sets whose figures are known."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from musika_daw.evaluate.sound.distances import (
    Embedded,
    kernel_distance,
    median_distance,
    neighbourhood,
    outliers,
)
from musika_daw.evaluate.sound.loudness import integrated_loudness, loudness_range
from musika_daw.evaluate.sound.obedience import parse_label
from musika_daw.evaluate.sound.signal import block_traces, repetition, signal_figures

RATE = 44100
Signal = NDArray[np.float64]


def _noise(seconds: float = 6.0, seed: int = 0) -> Signal:
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE)) * 0.1


def test_loudness_is_that_of_the_standard() -> None:
    time = np.arange(5 * RATE) / RATE
    sine = np.sin(2 * np.pi * 997 * time)
    one_channel = np.stack([sine, 0 * sine]).astype(np.float32)
    assert integrated_loudness(one_channel) == pytest.approx(-3.01, abs=0.05)
    assert integrated_loudness(one_channel / 10) == pytest.approx(-23.01, abs=0.05)
    assert integrated_loudness(0 * one_channel) == -70.0
    # Silence around it is gated out.
    padded = np.pad(one_channel, ((0, 0), (0, 5 * RATE)))
    assert integrated_loudness(padded) == pytest.approx(-3.01, abs=0.3)


def test_loudness_range_hears_a_step() -> None:
    steady = np.stack([_noise(16)] * 2).astype(np.float32)
    stepped = steady.copy()
    stepped[:, 8 * RATE :] *= 0.5
    assert loudness_range(steady) < 0.3
    assert loudness_range(stepped) == pytest.approx(6.0, abs=0.5)


def _set(seed: int, shift: float, tracks: int = 40, each: int = 2) -> Embedded:
    generator = np.random.default_rng(seed)
    means = generator.standard_normal((tracks, 8)) + shift
    vectors = np.repeat(means, each, 0) + 0.3 * generator.standard_normal((tracks * each, 8))
    return Embedded(vectors, [f"{seed}-{k}" for k in range(tracks) for _ in range(each)])


def test_kernel_distance_is_zero_for_alike_sets_and_grows() -> None:
    real = _set(0, 0.0)
    width = median_distance(real.vectors)
    alike, near, far = (kernel_distance(real, _set(1 + k, shift), width) for k, shift in enumerate((0.0, 0.5, 2.0)))
    assert abs(alike.value) < 3 * alike.error
    assert alike.value + 2 * alike.error < near.value < far.value
    assert math.isnan(kernel_distance(real, _set(9, 0, tracks=1), width).value)


def test_density_and_coverage_see_collapse_and_distance() -> None:
    real = _set(0, 0.0)
    alike = neighbourhood(real, _set(1, 0.0), 40)
    assert alike.coverage > 0.85 and alike.density == pytest.approx(1.0, abs=0.5)
    collapsed = _set(2, 0.0)
    collapsed.vectors[:] = collapsed.vectors[:1]
    assert neighbourhood(real, collapsed, 40).coverage < 0.5 * alike.coverage
    assert neighbourhood(real, _set(3, 10.0), 40).coverage == 0.0
    assert math.isnan(neighbourhood(real, _set(4, 0.0, tracks=3), 40).density)


def test_outliers_are_named() -> None:
    judged = _set(1, 0.0, tracks=10)
    judged.vectors[6:8] += 20
    (name, far), *rest = outliers(_set(0, 0.0), judged, most=3)
    assert name == "1-3" and far > 3 > rest[0][1]


def test_noise_that_repeats_at_a_hop_is_found() -> None:
    noise = _noise()
    looped = np.tile(noise[:2048], 130)[: len(noise)]
    clean, periodic = block_traces(noise), block_traces(looped)
    assert abs(clean["periodic_2048"]) < 0.05 < 0.9 < periodic["periodic_2048"]
    pulsing = noise * (1 + 0.5 * np.sin(2 * np.pi * 172.27 * np.arange(len(noise)) / RATE))
    assert block_traces(pulsing)["line_172.3_hz_db"] > clean["line_172.3_hz_db"] + 10


def test_attacks_floors_and_widths_are_told_apart() -> None:
    time = np.arange(8 * RATE) / RATE
    place = time % 0.5
    noise = _noise(8)
    soft, hard = (noise * np.minimum(place / rise, 1) * np.exp(-12 * place) for rise in (0.02, 0.001))
    figures = [signal_figures(np.stack([x, x]).astype(np.float32), -20.0) for x in (soft, hard)]
    assert figures[0]["attack_rise_ms"] > 2 * figures[1]["attack_rise_ms"]
    assert figures[1]["onsets_per_second"] == pytest.approx(2.0, abs=0.4)
    assert figures[1]["width_middle_db"] < -60 and figures[1]["quietest_db"] < -20
    wide = np.stack([noise, _noise(8, 1)]).astype(np.float32)
    assert signal_figures(wide, -20.0)["width_middle_db"] == pytest.approx(0.0, abs=1.0)


def test_spectrum_follows_a_filter() -> None:
    noise = _noise()
    dark = sosfilt(butter(1, 200, fs=RATE, output="sos"), noise)
    white, filtered = (signal_figures(np.stack([x, x]).astype(np.float32), -20.0) for x in (noise, dark))
    assert white["tilt_db_per_octave"] == pytest.approx(0.0, abs=0.3)
    assert filtered["tilt_db_per_octave"] < -4.5
    assert filtered["level_2_8_khz_db"] < white["level_2_8_khz_db"] - 7


def test_repetition_of_a_loop() -> None:
    loop = _noise(2.0) * np.exp(-8 * (np.arange(2 * RATE) / RATE % 0.5)) * np.repeat([1, 0.2, 0.6, 0.4], RATE // 2)
    assert repetition(np.tile(loop, 4)) > 0.75  # the loop is no whole number of hops
    assert repetition(_noise(8)) < 0.3


@pytest.mark.parametrize(("label", "key"), [("A minor", (9, True)), ("Db major", (1, False)), ("F# minor", (6, True))])
def test_labels_of_keys(label: str, key: tuple[int, bool]) -> None:
    assert parse_label(label) == key
