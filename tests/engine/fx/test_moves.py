"""Parameters that move while the music plays: without clicks, and the same however the stream is cut."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.engine.fx import FxChain
from musika_daw.engine.fx.catalogue import EFFECTS, FxSpec
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.errors import UserError

RATE = 44100
BPM = 128.0
Audio = NDArray[np.float32]
EVERY_PARAMETER = [(kind, name) for kind, parameters in EFFECTS.items() for name in parameters]
# Neighbours at work, so that a move of the parameter is heard.
LIVELY: dict[str, dict[str, float]] = {
    "Compressor": {"threshold_db": -30, "ratio": 4},
    "Peak": {"gain_db": 12, "cutoff_frequency_hz": 800},
    "HighShelf": {"gain_db": 12},
    "LowShelf": {"gain_db": 12},
    "Delay": {"beats": 0.25, "feedback": 0.5, "tone_hz": 3000, "ping_pong": 0.7},
    "Limiter": {"threshold_db": -24},
    "Reverb": {"wet_level": 0.5},
}


def music(n: int, seed: int = 0) -> Audio:
    """A chord that swells, with a little noise."""
    t = np.arange(n) / RATE
    chord = sum(np.sin(2 * np.pi * hz * t + hz) for hz in (110.0, 277.18, 659.26))
    noise = 1e-4 * np.random.default_rng(seed).standard_normal((2, n))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 1.3 * t)
    return (0.1 * swell * np.stack([chord, chord[::-1]]) + noise).astype(np.float32)


def played(chain: FxChain, audio: Audio, moves: dict[int, tuple[int, str, float]], sizes: list[int]) -> Audio:
    """The audio in blocks of these sizes in turn, cut besides where a parameter moves."""
    parts, at, turn = [], 0, 0
    while at < audio.shape[1]:
        if at in moves:
            chain.set(*moves[at])
        stop = min([at + sizes[turn % len(sizes)], audio.shape[1], *(m for m in moves if m > at)])
        parts.append(chain.process(audio[:, at:stop], BPM))
        at, turn = stop, turn + 1
    return np.concatenate(parts, axis=1)


def lively(kind: str) -> FxSpec:
    return parse_fx([{"type": kind, **LIVELY.get(kind, {})}], "test")[0]


@pytest.mark.parametrize(("kind", "name"), EVERY_PARAMETER)
def test_moves_at_the_same_samples_give_the_same_audio(kind: str, name: str) -> None:
    low, high = EFFECTS[kind][name].low, EFFECTS[kind][name].high
    chain = [lively("HighpassFilter"), lively(kind), lively("LowpassFilter")]
    # The third comes while the second is on its way.
    moves = {4001: (1, name, low), 9007: (1, name, high), 9300: (1, name, 0.7 * low + 0.3 * high)}
    audio = music(16_000)
    whole = played(FxChain(chain, RATE, 5), audio, moves, [16_000])
    for sizes in ([256], [1, 7, 333, 64], [1024, 500]):
        cut = played(FxChain(chain, RATE, 5), audio, moves, sizes)
        assert np.abs(cut - whole).max() <= (1e-8 if kind == "Bitcrush" else 0.0)  # two bits leave silence to filter
    assert not np.array_equal(whole[:, 4001:], played(FxChain(chain, RATE, 5), audio, {}, [16_000])[:, 4001:])


def _steepest(audio: Audio) -> float:
    return float(np.abs(np.diff(audio)).max())


def _burst(audio: Audio) -> float:
    """Loudest 3 ms above 8 kHz, where the chord has nothing."""
    spectrum = np.fft.rfft(audio)
    spectrum[:, np.fft.rfftfreq(audio.shape[1], 1 / RATE) < 8000] = 0
    return float(
        (np.fft.irfft(spectrum)[:, : audio.shape[1] // 128 * 128].reshape(2, -1, 128) ** 2).mean(2).max() ** 0.5
    )


@pytest.mark.parametrize(("kind", "name"), EVERY_PARAMETER)
@pytest.mark.parametrize("up", [True, False])
def test_moves_do_not_click(kind: str, name: str, up: bool) -> None:
    parameter, spec = EFFECTS[kind][name], lively(kind)
    low, high = parameter.low, parameter.high
    if name.endswith("frequency_hz"):
        low, high = max(low, 200.0), min(high, 2000.0)
    first, second = (low, high) if up else (high, low)
    audio = music(60_000)
    window = np.hanning(20_001)[10_000:]  # no edges where the stretch is cut out

    def heard(start: float, end: float) -> Audio:
        chain = FxChain([FxSpec(kind, {**spec.parameters, name: start})], RATE)
        out = played(chain, audio, {30_001: (0, name, end)}, [256])[:, 25_000:45_000]
        return out * np.concatenate([window[::-1][:10_000], window[:10_000]])

    still = [heard(value, value) for value in (first, second)]
    moved = heard(first, second)
    assert _steepest(moved) < 1.2 * max(map(_steepest, still))
    assert _burst(moved) < 2.0 * max(map(_burst, still)) + 1e-4


@pytest.mark.parametrize("kind", EFFECTS)
def test_a_bypassed_effect_is_not_there_and_comes_back_as_if_it_had_been(kind: str) -> None:
    audio, spec = music(60_000), lively(kind)
    plain = played(FxChain([spec], RATE), audio, {}, [512])
    out = played(FxChain([spec], RATE), audio, {10_000: (0, "bypass", 1.0), 40_000: (0, "bypass", 0.0)}, [512])
    assert np.array_equal(out[:, :10_000], plain[:, :10_000])
    assert np.array_equal(out[:, 12_000:40_000], audio[:, 12_000:40_000])
    assert np.array_equal(out[:, 42_000:], plain[:, 42_000:])
    assert _steepest(out) < 1.2 * max(_steepest(plain), _steepest(audio))


def test_what_can_be_set_is_told() -> None:
    chain = FxChain(parse_fx([{"type": "Gain", "gain_db": -3}, {"type": "Delay", "beats": 0.5}], "test"), RATE)
    chain.set(1, "beats", 1)
    states = chain.parameters()
    assert [state.type for state in states] == ["Gain", "Delay"]
    setting = states[0].parameters["gain_db"]
    assert (setting.value, setting.low, setting.high, setting.unit) == (-3.0, -60.0, 24.0, "dB")
    assert (states[1].parameters["beats"].value, states[1].parameters["beats"].unit) == (1.0, "beats")
    assert chain.specs[1].parameters["beats"] == 1.0


@pytest.mark.parametrize(
    ("move", "message"),
    [
        ((2, "gain_db", 0.0), "there is no effect 2: the chain has 0 Gain, 1 Delay"),
        ((-1, "gain_db", 0.0), "there is no effect -1"),
        ((0, "beats", 0.0), "effect 0: Gain has no parameter 'beats'; expected gain_db"),
        ((1, "feedback", 1.0), "effect 1: Delay feedback = 1.0 is not possible; expected 0 to 0.95"),
        ((1, "mix", float("nan")), "Delay mix = nan is not possible"),
    ],
)
def test_impossible_moves_change_nothing(move: tuple[int, str, float], message: str) -> None:
    chain = FxChain(parse_fx([{"type": "Gain"}, {"type": "Delay"}], "test"), RATE)
    before = chain.specs
    with pytest.raises(UserError, match=message):
        chain.set(*move)
    assert chain.specs == before


def test_a_jump_in_the_song_takes_the_swing_along_without_a_click() -> None:
    spec, audio = lively("Chorus"), music(20_000)
    chain = FxChain([spec], RATE, 700_000)
    chain.process(audio, BPM)
    chain.locate(100_000)
    jumped = np.concatenate([chain.process(audio[:, i : i + 256], BPM) for i in range(0, 20_000, 256)], axis=1)
    there = FxChain([spec], RATE, 100_000 - 20_000)
    there.process(audio, BPM)
    assert np.array_equal(jumped[:, 1000:], there.process(audio, BPM)[:, 1000:])
    assert _steepest(jumped) < 1.2 * _steepest(FxChain([spec], RATE).process(audio, BPM))
