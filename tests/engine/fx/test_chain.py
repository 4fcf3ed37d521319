"""Effects: aligned, the same however they are cut, tails as long as they say; presets that say what is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.engine.fx import FxChain
from musika_daw.engine.fx.catalogue import EFFECTS
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.presets.style_file import load_style_preset, style_names
from musika_daw.errors import UsageError, UserError
from musika_daw.music.notes import STEMS

RATE = 44100


def noise(seconds: float, seed: int = 0) -> NDArray[np.float32]:
    return (0.1 * np.random.default_rng(seed).standard_normal((2, round(seconds * RATE)))).astype(np.float32)


def chain(*tables: dict[str, object], position: int = 0) -> FxChain:
    return FxChain(parse_fx(tables, "preset x, fx.lead"), RATE, position)


def cut(chain: FxChain, audio: NDArray[np.float32], sizes: list[int], bpm: float = 128.0) -> NDArray[np.float32]:
    parts, at, turn = [], 0, 0
    while at < audio.shape[1]:
        block = audio[:, at : at + sizes[turn % len(sizes)]]
        parts.append(chain.process(block, bpm))
        assert parts[-1].shape == block.shape and parts[-1].dtype == np.float32
        at, turn = at + block.shape[1], turn + 1
    return np.concatenate(parts, axis=1)


LIVELY: dict[str, dict[str, object]] = {
    "Compressor": {"threshold_db": -30, "ratio": 4},
    "Peak": {"gain_db": 6},
    "HighShelf": {"gain_db": 6},
    "LowShelf": {"gain_db": 6},
    "Delay": {"beats": 0.25, "feedback": 0.5, "tone_hz": 3000, "ping_pong": 0.7},
    "Gain": {"gain_db": -6},
}


@pytest.mark.parametrize("kind", EFFECTS)
def test_blocks_of_any_size_give_the_same_samples(kind: str) -> None:
    table, audio = {"type": kind, **LIVELY.get(kind, {})}, noise(1.0)
    whole = chain(table).process(audio, 128.0)
    assert np.array_equal(cut(chain(table), audio, [1, 7, 333, 9000, 64, 20_000]), whole)
    assert not np.allclose(whole, audio, atol=1e-3) or kind in ("HighpassFilter", "Bitcrush")


@pytest.mark.parametrize("kind", EFFECTS)
def test_no_effect_shifts_the_audio(kind: str) -> None:
    audio = np.zeros((2, 4000), np.float32)
    audio[:, 1000:] = noise(1.0)[:, :3000]
    dry = {"mix": 0.3} if "mix" in EFFECTS[kind] else {}
    out = chain({"type": kind, **LIVELY.get(kind, {}), **dry}).process(audio, 128.0)
    lags = np.arange(-50, 51)
    likeness = [float((audio[0, 900:3900] * np.roll(out[0], -lag)[900:3900]).sum()) for lag in lags]
    assert lags[int(np.argmax(likeness))] == 0
    assert np.abs(out[:, :1000]).max() == 0.0, "silence before the first sound stays silent"


def test_delay_is_in_time_and_crosses_sides() -> None:
    audio = np.zeros((2, 3 * RATE), np.float32)
    audio[:, 100] = 1.0
    out = chain({"type": "Delay", "beats": 0.75, "feedback": 0.5, "mix": 0.5, "ping_pong": 1}).process(audio, 120.0)
    step = round(0.75 * 0.5 * RATE)
    assert np.flatnonzero(out[0]).tolist() == [100 + k * step for k in (0, 1, 3, 5, 7)]
    assert np.flatnonzero(out[1]).tolist() == [100 + k * step for k in (0, 2, 4, 6)]
    assert out[0, 100 + step] == 0.5 and out[1, 100 + 2 * step] == 0.25


def test_delay_follows_the_tempo_without_a_click() -> None:
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(2 * RATE) / RATE)
    audio, fx = np.stack([tone, tone]).astype(np.float32), chain({"type": "Delay", "mix": 1.0, "feedback": 0.3})
    out = np.concatenate([fx.process(audio, 120.0), fx.process(audio, 126.0), fx.process(audio, 120.0)], axis=1)
    smooth = np.abs(np.diff(out[0, RATE : 2 * RATE])).max()
    assert np.abs(np.diff(out[0, 2 * RATE - 100 :])).max() < 2.5 * smooth
    click = np.zeros((2, RATE), np.float32)
    click[:, 0] = 1.0
    fx = chain({"type": "Delay", "mix": 1.0, "feedback": 0.0, "beats": 0.5})
    fx.process(np.zeros((2, 10_000), np.float32), 120.0)
    fx.process(np.zeros((2, 10_000), np.float32), 100.0)
    assert np.flatnonzero(fx.process(click, 100.0)[0]).tolist() == [round(0.3 * RATE)]


@pytest.mark.parametrize(
    "table",
    [
        {"type": "Reverb", "room_size": 0.3, "damping": 0.1},
        {"type": "Reverb", "room_size": 0.8, "damping": 0.0},
        {"type": "Delay", "beats": 0.5, "feedback": 0.6, "mix": 0.5},
        {"type": "HighpassFilter", "cutoff_frequency_hz": 30},
        {"type": "Peak", "cutoff_frequency_hz": 100, "gain_db": 12, "q": 4},
        {"type": "Chorus"},
    ],
)
def test_tails_are_over_when_they_say(table: dict[str, object]) -> None:
    fx = chain(table)
    burst, tail = noise(0.3), fx.tail_seconds(128.0)
    loud = np.abs(fx.process(burst, 128.0)).max()
    n = round(tail * RATE)
    assert n < 30 * RATE
    rest = fx.process(np.zeros((2, n + RATE), np.float32), 128.0)
    assert np.abs(rest[:, n:]).max() < 3e-4 * loud


@pytest.mark.parametrize("name", ["strobe", "circuit", "pebble"])
def test_after_a_pre_roll_a_stretch_sounds_as_in_the_whole(name: str) -> None:
    bpm = 128.0
    for stem, specs in load_style_preset(name).fx.items():
        audio = noise(8.0, seed=3)
        whole = FxChain(specs, RATE).process(audio, bpm)
        start = 6 * RATE + 123
        before = start - min(start, round(FxChain(specs, RATE).tail_seconds(bpm) * RATE))
        alone = FxChain(specs, RATE, before).process(audio[:, before:], bpm)[:, start - before :]
        assert np.abs(alone - whole[:, start:]).max() < 2e-4, stem


def test_an_empty_chain_and_an_empty_block() -> None:
    audio = noise(0.1)
    assert np.array_equal(chain().process(audio, 120.0), audio) and chain().tail_seconds(120.0) == 0
    assert chain({"type": "Delay"}, {"type": "Reverb"}).process(audio[:, :0], 120.0).shape == (2, 0)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"type": "Flux"}, "preset x, fx.lead 1: effect 'Flux' is not known; expected one of Gain"),
        ({"beats": 1}, "expected a table with a type"),
        (5, "expected a table with a type"),
        ({"type": "Delay", "bets": 1}, "Delay has no parameter 'bets'; expected beats, feedback"),
        ({"type": "Delay", "feedback": 1.2}, "Delay feedback = 1.2 is not possible; expected 0 to 0.95"),
        ({"type": "Delay", "mix": float("nan")}, "mix = nan"),
        ({"type": "Gain", "gain_db": "loud"}, "gain_db = 'loud'"),
        ({"type": "Gain", "gain_db": True}, "gain_db = True"),
    ],
)
def test_impossible_effects(table: object, message: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_fx([table], "preset x, fx.lead")
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_the_shipped_styles_load() -> None:
    presets = [load_style_preset(name) for name in style_names()]
    assert len(presets) >= 12
    assert {p.genre for p in presets} == {"peak", "minimal", "dub", "acid", "melodic", "electro", "hypnotic", "hard"}
    for preset in presets:
        assert set(preset.fx) == set(STEMS) and len(preset.description) > 20
        for specs in preset.fx.values():
            level = np.sqrt((FxChain(specs, RATE).process(noise(1.0), 128.0) ** 2).mean())
            assert -34 < 20 * np.log10(level) < -12, preset.name


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("description = ", "expected a TOML file"),
        ('genre = "dub"', "expected a description and a genre"),
        ('description = "d"\ngenre = "polka"', "genre 'polka' is not known; expected one of peak"),
        ('description = "d"\ngenre = "dub"\ncolour = 1', "'colour' is not known"),
        ('description = "d"\ngenre = "dub"\n[settings]\nsub = "x"', "setting sub = 'x'"),
        ('description = "d"\ngenre = "dub"\n[[fx.tuba]]\ntype = "Gain"', "fx.tuba is not possible"),
        ('description = "d"\ngenre = "dub"\n[[fx.bass]]\ntype = "Flux"', "fx.bass 1: effect 'Flux' is not known"),
    ],
)
def test_broken_presets(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "mine.toml").write_text(content)
    with pytest.raises(UserError) as caught:
        load_style_preset(str(tmp_path / "mine.toml"))
    assert message in str(caught.value) and "mine" in str(caught.value) and "\n" not in str(caught.value)


def test_unknown_styles() -> None:
    with pytest.raises(UsageError, match=r"style 'polka' is not known: expected one of .*fathom"):
        load_style_preset("polka")
    with pytest.raises(UserError, match="it does not exist"):
        load_style_preset("no/such.toml")
