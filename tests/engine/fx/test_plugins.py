"""Plug-ins of others: aligned, bypassed when they fail, set by name. A real VST3 where one can be built."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pedalboard_native._internal import AddLatency

from musika_daw.engine.console import Console, Sound
from musika_daw.engine.fx import FxChain
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.fx.plugin_pool import Loaded, PluginPool, primed_plugin
from musika_daw.engine.fx.rack import FxRack
from musika_daw.errors import UserError
from tests.support.vst3 import build_vst3

RATE = 44100
BPM = 120.0
Audio = NDArray[np.float32]


class StandIn(PluginPool):
    """Gives out plug-ins that are made here."""

    def __init__(self, **plugins: Any) -> None:
        self.told: list[str] = []
        super().__init__(RATE, self.told.append)
        self._plugins = plugins

    def take(self, spec: FxSpec) -> Loaded | None:
        return primed_plugin(self._plugins[spec.path], RATE, spec.path, {})


class Broken:
    """Works while it is primed, then does what it is told."""

    def __init__(self, failure: Any) -> None:
        self._failure, self._calls = failure, 0

    def process(self, audio: Audio, *_: object, **__: object) -> Audio:
        self._calls += 1
        if self._calls < 3:
            return audio
        if isinstance(self._failure, Exception):
            raise self._failure
        return self._failure(audio)  # type: ignore[no-any-return]


def plugin(path: str) -> FxSpec:
    return FxSpec("Plugin", {}, path)


def click(at: int, n: int) -> Audio:
    audio = np.zeros((2, n), np.float32)
    audio[:, at] = 0.5
    return audio


@pytest.mark.parametrize("late", [1, 300, 8192, 20_000])
def test_latency_is_found_out_and_the_stems_stay_aligned(late: int) -> None:
    plugins = StandIn(late=AddLatency(late))
    rack = FxRack(["lead", "bass"], {"lead": [plugin("late")]}, RATE, plugins=plugins)
    assert rack.latency == late
    n = late + 3000
    stems = {"lead": click(1000, n), "bass": click(1000, n)}
    parts = [rack.process({s: a[:, i : i + 256] for s, a in stems.items()}, BPM) for i in range(0, n, 256)]
    for stem in stems:
        out = np.concatenate([part[stem] for part in parts], axis=1)
        assert np.flatnonzero(out[0]).tolist() == [1000 + late], stem


def test_a_late_mix_chain_and_a_late_stem_come_out_together() -> None:
    plugins = StandIn(late=AddLatency(500), later=AddLatency(700))
    console = Console(["lead", "bass"], Sound({"mix": [plugin("late")], "bass": [plugin("later")]}), RATE, 0, plugins)
    assert console.latency == 1200
    stems, mix = console.process({"lead": click(100, 9000), "bass": click(100, 9000)}, BPM)
    for audio in (stems["lead"], stems["bass"], mix):
        assert np.flatnonzero(audio[0]).tolist() == [1300]


def test_latency_that_comes_with_a_swap_moves_all_stems_alike() -> None:
    plugins = StandIn(late=AddLatency(400))
    rack = FxRack(["lead", "bass"], {}, RATE, plugins=plugins)
    rack.process({"lead": click(0, 100), "bass": click(0, 100)}, BPM)
    rack.swap({"lead": [plugin("late")]})
    rack.process({"lead": click(0, 4000), "bass": click(0, 4000)}, BPM)
    out = rack.process({"lead": click(50, 1000), "bass": click(50, 1000)}, BPM)
    assert rack.latency == 400
    assert all(np.flatnonzero(audio[0]).tolist() == [450] for audio in out.values())


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (RuntimeError("out of\ncheese"), "plug-in bad failed: out of cheese; it is bypassed"),
        (lambda audio: audio[:, 1:], "it gave back 255 samples for 256"),
        (lambda audio: audio * np.float32("nan"), "it gave back something that is no sound"),
    ],
)
def test_a_plugin_that_fails_is_bypassed_and_the_music_goes_on(failure: Any, message: str) -> None:
    plugins = StandIn(bad=Broken(failure))
    chain = FxChain([plugin("bad"), *parse_fx([{"type": "Gain", "gain_db": -6}], "test")], RATE, 0, plugins)
    audio = (0.1 * np.random.default_rng(0).standard_normal((2, 2048))).astype(np.float32)
    out = np.concatenate([chain.process(audio[:, i : i + 256], BPM) for i in range(0, 2048, 256)], axis=1)
    assert np.allclose(out, audio * 10 ** (-6 / 20), atol=1e-6)
    assert len(plugins.told) == 1 and message in plugins.told[0] and "\n" not in plugins.told[0]
    assert chain.specs[0].path == "bad"


def test_what_cannot_be_loaded_is_told_and_bypassed(tmp_path: Path) -> None:
    (tmp_path / "odd.vst3").write_text("no plug-in")
    told: list[str] = []
    plugins = PluginPool(RATE, told.append)
    chain = FxChain([plugin(str(tmp_path / "gone.vst3")), plugin(str(tmp_path / "odd.vst3"))], RATE, 0, plugins)
    assert np.array_equal(chain.process(click(3, 10), BPM), click(3, 10))
    assert "gone.vst3 does not exist; it is bypassed" in told[0]
    assert "odd.vst3 cannot be loaded: " in told[1] and len(told) == 2 and "\n" not in told[1]
    with pytest.raises(UserError, match=r"effect 0: plug-in .*gone.vst3 is not loaded: nothing can be set on it"):
        chain.set(0, "gain_db", 0.0)
    assert chain.parameters()[0].parameters == {} and chain.latency == 0


def test_off_the_main_thread_nothing_is_loaded() -> None:
    told: list[str] = []
    plugins = PluginPool(RATE, told.append)

    def off() -> None:
        assert plugins.take(plugin("some.vst3")) is None
        with pytest.raises(UserError, match="main thread"):
            plugins.load({})

    thread = threading.Thread(target=off)
    thread.start()
    thread.join()
    assert told == ["plug-in some.vst3 is not loaded; it is bypassed"]


@pytest.fixture(scope="module")
def late_gain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A VST3 with 441 samples of latency, a gain, a switch and a way to break it."""
    source = Path(__file__).parent / "late_gain" / "late_gain.cpp"
    return build_vst3(source, tmp_path_factory.mktemp("vst3"))


def test_a_real_vst3_is_played_set_and_aligned(late_gain: str) -> None:
    told: list[str] = []
    plugins = PluginPool(RATE, told.append)
    table = {"type": "Plugin", "path": late_gain, "parameters": {"gain_db": -6}}
    chain = FxChain(parse_fx([table], "test"), RATE, 0, plugins)
    setting = chain.parameters()[0].parameters["gain_db"]
    assert (chain.latency, setting.value, setting.low, setting.high, setting.unit) == (441, -6, -60, 12, "dB")
    audio = (0.1 * np.random.default_rng(0).standard_normal((2, 20_000))).astype(np.float32)
    first = np.concatenate([chain.process(audio[:, i : i + 256], BPM) for i in range(0, 10_240, 256)], axis=1)
    assert np.allclose(first[:, 441:], audio[:, : 10_240 - 441] * 10 ** (-6 / 20), atol=1e-4)
    chain.set(0, "gain_db", 6.0)
    chain.set(0, "flip", 1.0)
    rest = chain.process(audio[:, 10_240:], BPM)
    assert np.allclose(rest[:, 2000:], -(10 ** (6 / 20)) * audio[:, 10_240 + 2000 - 441 : -441], atol=2e-3)
    assert chain.specs[0].parameters == {"gain_db": 6.0, "flip": 1.0} and told == []
    known = plugins.catalogue(chain.specs[0])["gain_db"]
    assert (known.low, known.high, round(known.default, 3)) == (-60, 12, 0)
    assert plugins.catalogue(plugin("unknown")) == {} and "beats" in plugins.catalogue(FxSpec("Delay"))
    with pytest.raises(UserError, match="effect 0: gain_db = 40 is not possible; expected -60 to 12"):
        chain.set(0, "gain_db", 40.0)
    with pytest.raises(UserError, match=r"Late Gain has no parameter 'size'; expected .*gain_db"):
        chain.set(0, "size", 1.0)
    chain.close()


def test_a_real_vst3_moves_without_a_click(late_gain: str) -> None:
    chain = FxChain([FxSpec("Plugin", {"gain_db": -20.0}, late_gain)], RATE)
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(20_000) / RATE)
    audio = np.stack([tone, tone]).astype(np.float32)
    first = chain.process(audio[:, :10_000], BPM)
    chain.set(0, "gain_db", 0.0)
    out = np.concatenate([first, chain.process(audio[:, 10_000:], BPM)], axis=1)
    assert np.abs(np.diff(out)).max() < 1.2 * np.abs(np.diff(audio)).max()


def test_a_real_vst3_that_breaks_stays_aligned_and_what_is_wrong_with_its_preset_is_told(late_gain: str) -> None:
    told: list[str] = []
    plugins = PluginPool(RATE, told.append)
    plugins.load({"lead": [FxSpec("Plugin", {}, late_gain)]})
    outcome: dict[str, Audio] = {}

    def play() -> None:
        rack = FxRack(["lead"], {"lead": [FxSpec("Plugin", {"size": 1.0}, late_gain)]}, RATE, 0, plugins)
        rack.process({"lead": click(0, 256)}, BPM)
        rack.swap({"lead": (FxSpec("Plugin", {"size": 1.0}, late_gain),)})
        assert rack.ringing == 0, "the chain is as it was"
        rack.set("lead", 0, "break", 1.0)
        outcome["lead"] = rack.process({"lead": click(100, 1000)}, BPM)["lead"]
        rack.close()

    thread = threading.Thread(target=play)
    thread.start()
    thread.join()
    assert "Late Gain has no parameter 'size'" in told[0]
    assert "failed: it gave back something that is no sound; it is bypassed" in told[1]
    assert np.flatnonzero(outcome["lead"][0]).tolist() == [441 - 256, 541]
    plugins.load({})


def test_a_late_plugin_is_bypassed_without_moving_the_audio(late_gain: str) -> None:
    told: list[str] = []
    plugins = PluginPool(RATE, told.append)
    chain = FxChain([FxSpec("Plugin", {"gain_db": -20.0, "bypass": 1.0}, late_gain)], RATE, 0, plugins)
    assert chain.specs[0].parameters == {"gain_db": -20.0, "bypass": 1.0} and told == []
    assert chain.parameters()[0].parameters["bypass"].value == 1.0
    assert plugins.catalogue(chain.specs[0])["bypass"].high == 1.0
    tone = (0.3 * np.sin(2 * np.pi * 220 * np.arange(20_000) / RATE)).astype(np.float32)
    audio = np.stack([tone, tone])
    past = chain.process(audio[:, :10_000], BPM)
    assert np.array_equal(past[:, 441:], audio[:, : 10_000 - 441]) and chain.latency == 441
    chain.set(0, "bypass", 0.0)
    back = chain.process(audio[:, 10_000:], BPM)
    assert np.allclose(back[:, 1000:], 0.1 * audio[:, 11_000 - 441 : -441], atol=1e-4)
    assert np.abs(np.diff(np.concatenate([past, back], 1))[:, 441:]).max() < 1.2 * np.abs(np.diff(audio)).max()
    assert chain.specs[0].parameters == {"gain_db": -20.0}
    with pytest.raises(UserError, match="bypass = 2 is not possible; expected 0 to 1"):
        chain.set(0, "bypass", 2.0)


def test_the_wrong_plugin_of_a_file_is_told(late_gain: str) -> None:
    told: list[str] = []
    chain = FxChain([FxSpec("Plugin", {}, late_gain, "Early Gain")], RATE, 0, PluginPool(RATE, told.append))
    assert chain.latency == 0 and "holds no 'Early Gain'; expected 'Late Gain'" in told[0]
