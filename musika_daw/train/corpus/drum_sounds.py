"""The drum machine of the corpus: one-shots made from a style's settings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from musika_daw.train.corpus.voices import SAMPLE_RATE

Audio = NDArray[np.float32]
ROUND_ROBIN = 3


def _time(seconds: float) -> NDArray[np.float64]:
    return np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def shape_spectrum(x: NDArray[np.float64], gain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Filter by a gain per rFFT bin (zero phase)."""
    return np.asarray(np.fft.irfft(np.fft.rfft(x) * gain, len(x)), np.float64)


def _bins(n: int) -> NDArray[np.float64]:
    return np.asarray(np.maximum(np.fft.rfftfreq(n, 1 / SAMPLE_RATE), 1.0), np.float64)


def _band(x: NDArray[np.float64], hz: float, octaves: float) -> NDArray[np.float64]:
    y = shape_spectrum(x, np.exp(-((np.log2(_bins(len(x)) / hz) / octaves) ** 2)))
    return np.asarray(y / (y.std() + 1e-9), np.float64)


def _high(x: NDArray[np.float64], hz: float) -> NDArray[np.float64]:
    ratio = (_bins(len(x)) / hz) ** 4
    y = shape_spectrum(x, ratio / (1 + ratio))
    return np.asarray(y / (y.std() + 1e-9), np.float64)


def _stereo(mid: NDArray[np.float64], side: NDArray[np.float64] | float = 0.0) -> Audio:
    return np.stack([mid, np.broadcast_to(np.asarray(side, np.float64), mid.shape)]).astype(np.float32)


def _fade(n: int, seconds: float = 0.004) -> NDArray[np.float64]:
    """Ones that end in a short ramp, so that no one-shot ends in a click."""
    ramp = np.ones(n)
    k = min(n, int(seconds * SAMPLE_RATE))
    ramp[-k:] = np.linspace(1, 0, k)
    return ramp


def _kick(s: Mapping[str, float], generator: np.random.Generator) -> Audio:
    t = _time(s["kick_decay_seconds"] * 4 + 0.05)
    hz, sweep = s["kick_pitch_hz"], s["kick_sweep_seconds"]
    octaves = s["kick_sweep_octaves"]
    phase = np.cumsum(hz * 2.0 ** (octaves * np.exp(-t / sweep))) / SAMPLE_RATE
    body = np.sin(2 * np.pi * phase) * np.exp(-t / s["kick_decay_seconds"]) * np.minimum(1, t / 0.0008)
    pre = 1 + 4 * s["kick_drive"]
    body = np.tanh(pre * body) / np.tanh(pre)
    click = _high(generator.standard_normal(len(t)), 2500) * np.exp(-t / 0.0025) * np.minimum(1, t / 0.0002)
    return _stereo((body + 0.25 * s["kick_click"] * click) * 0.8 * _fade(len(t)))


def _snare(s: Mapping[str, float], generator: np.random.Generator) -> Audio:
    t = _time(s["snare_decay_seconds"] * 4 + 0.05)
    noise = _band(generator.standard_normal(len(t)), 3200, 1.3)
    wide = _band(generator.standard_normal(len(t)), 4200, 1.2)
    tone = np.sin(2 * np.pi * (s["snare_pitch_hz"] * t + 0.6 * (1 - np.exp(-t / 0.01)))) * np.exp(-t / 0.06)
    envelope = np.exp(-t / s["snare_decay_seconds"])
    mix = s["snare_tone"]
    body = ((1 - 0.6 * mix) * 0.22 * noise * envelope + mix * 0.6 * tone) * _fade(len(t))
    return _stereo(body, 0.12 * s["drum_width"] * wide * envelope * _fade(len(t))) * (0.35 + 0.5 * s["snare_level"])


def _clap(s: Mapping[str, float], generator: np.random.Generator) -> Audio:
    decay = s["clap_decay_seconds"]
    t = _time(decay * 4 + 0.08)
    bursts = sum((np.exp(-np.maximum(t - d, 0) / 0.006) * (t >= d) for d in (0.0, 0.0095, 0.021)), np.zeros_like(t))
    envelope = 0.55 * bursts + 0.5 * np.exp(-np.maximum(t - 0.021, 0) / decay) * (t > 0.021)
    mid = _band(generator.standard_normal(len(t)), s["clap_tone_hz"], 0.9) * envelope * 0.22 * _fade(len(t))
    side = _band(generator.standard_normal(len(t)), s["clap_tone_hz"] * 1.3, 1.0) * envelope * 0.14 * _fade(len(t))
    return _stereo(mid, side * s["drum_width"]) * (0.35 + 0.6 * s["clap_level"])


def _metal(s: Mapping[str, float], t: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.float64]:
    """Six square waves at the ratios of the old drum machines, high-passed."""
    base = s["hat_tone_hz"] / 12.5
    waves = [
        np.sign(np.sin(2 * np.pi * (base * ratio * t + generator.random()))) for ratio in (2, 3, 4.16, 5.43, 6.79, 8.21)
    ]
    return np.asarray(np.sum(waves, axis=0), np.float64)


def _hat(
    s: Mapping[str, float], generator: np.random.Generator, decay: float, tone_hz: float, metal: float, level: float
) -> Audio:
    t = _time(decay * 4 + 0.02)
    noise = generator.standard_normal(len(t)) * (1 - metal) + 0.8 * metal * _metal(s, t, generator)
    envelope = np.exp(-t / decay) * np.minimum(1, t / 0.0005) * _fade(len(t))
    side = _high(generator.standard_normal(len(t)), tone_hz) * s["drum_width"] * 0.4
    return _stereo(_high(noise, tone_hz) * envelope, side * envelope) * level


def _tom(s: Mapping[str, float], generator: np.random.Generator) -> Audio:
    t = _time(s["tom_decay_seconds"] * 4 + 0.04)
    phase = np.cumsum(s["tom_pitch_hz"] * 2.0 ** (0.7 * np.exp(-t / 0.03))) / SAMPLE_RATE
    body = np.sin(2 * np.pi * phase) * np.exp(-t / s["tom_decay_seconds"]) * np.minimum(1, t / 0.001)
    skin = _band(generator.standard_normal(len(t)), 900, 1.2) * np.exp(-t / 0.01) * 0.08
    return _stereo((body * 0.5 + skin) * _fade(len(t)))


def _perc(s: Mapping[str, float], generator: np.random.Generator) -> Audio:
    t = _time(s["perc_decay_seconds"] * 5 + 0.02)
    hz = s["perc_pitch_hz"]
    index = 3.0 * s["perc_metal"] * np.exp(-t / (0.5 * s["perc_decay_seconds"]))
    body = np.sin(2 * np.pi * hz * t + index * np.sin(2 * np.pi * hz * 1.41 * t)) * np.exp(-t / s["perc_decay_seconds"])
    body *= np.minimum(1, t / 0.0007) * _fade(len(t)) * (0.15 + 0.25 * s["perc_level"])
    return _stereo(body, body * 0.35 * s["drum_width"])


def drum_kit(s: Mapping[str, float], generator: np.random.Generator) -> dict[str, list[Audio]]:
    """Settings -> class -> `ROUND_ROBIN` one-shots, each `[mid/side, samples]` at strength 1."""
    hat = 0.07 + 0.11 * s["hat_level"]
    kit: dict[str, list[Audio]] = {}
    for _ in range(ROUND_ROBIN):
        closed = _hat(s, generator, s["hat_closed_seconds"], s["hat_tone_hz"], s["hat_metal"], hat)
        opened = _hat(s, generator, s["hat_open_seconds"], s["hat_tone_hz"] * 0.9, s["hat_metal"], hat * 0.85)
        metal = 0.5 + 0.5 * s["hat_metal"]
        ride = _hat(s, generator, s["ride_decay_seconds"], s["ride_tone_hz"], metal, hat * 0.55)
        shots = {
            "kick": _kick(s, generator),
            "snare": _snare(s, generator),
            "clap": _clap(s, generator),
            "closed_hat": closed,
            "open_hat": opened,
            "ride": ride,
            "tom": _tom(s, generator),
            "perc": _perc(s, generator),
        }
        for name, shot in shots.items():
            kit.setdefault(name, []).append(shot)
    return kit
