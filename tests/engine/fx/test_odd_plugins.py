"""Plug-ins as they are in the wild: they crash, hang, know one channel, move their latency, name two knobs alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from musika_daw.engine.fx import FxChain, trial
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.fx.parse import parse_fx
from musika_daw.engine.fx.plugin_parameter import PluginParameter, as_parameter
from musika_daw.engine.fx.plugin_pool import PluginPool
from musika_daw.errors import UserError
from tests.support.vst3 import build_vst3

RATE = 44100
BPM = 120.0
SOURCE = Path(__file__).parent / "odd_plugin" / "odd.cpp"
ROOT = Path(__file__).resolve().parents[3]
Audio = NDArray[np.float32]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build_vst3(SOURCE, tmp_path_factory.mktemp("odd"), "-DODD_CHANNELS=2")


@pytest.fixture(scope="module")
def odd_mono(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build_vst3(SOURCE, tmp_path_factory.mktemp("mono"), "-DODD_CHANNELS=1")


def chain_of(path: str, **parameters: float) -> tuple[FxChain, list[str]]:
    told: list[str] = []
    return FxChain([FxSpec("Plugin", parameters, path)], RATE, 0, PluginPool(RATE, told.append)), told


def noise(n: int) -> Audio:
    return (0.1 * np.random.default_rng(0).standard_normal((2, n))).astype(np.float32)


def played(chain: FxChain, audio: Audio) -> Audio:
    parts = [chain.process(audio[:, i : i + 256], BPM) for i in range(0, audio.shape[1], 256)]
    return np.concatenate(parts, axis=1)


def test_one_that_ends_its_process_is_told_and_bypassed(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, told = chain_of(odd, crash=1.0)
    assert np.array_equal(played(chain, noise(1000)), noise(1000))
    assert told == [f"plug-in {odd} ended its process when it was tried (SIGABRT); it is bypassed"]
    monkeypatch.setenv("ODD_PLUGIN", "crash")  # as soon as it is loaded
    chain, told = chain_of(odd, level=0.25)
    assert np.array_equal(played(chain, noise(1000)), noise(1000)) and "ended its process" in told[0]


def test_one_that_hangs_is_told_and_bypassed(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(trial.PATIENCE_VARIABLE, "8")
    chain, told = chain_of(odd, hang=1.0)
    assert np.array_equal(played(chain, noise(1000)), noise(1000))
    assert told == [
        f"plug-in {odd} does not answer: it was given 8 s; MUSIKA_DAW_PLUGIN_SECONDS gives it more; it is bypassed"
    ]


def test_one_that_passed_is_not_tried_again_until_it_changes(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def count(*command: Any, **_: Any) -> SimpleNamespace:
        tries.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(trial.subprocess, "run", count)
    spec = FxSpec("Plugin", {"level": 0.125}, odd)
    for _ in range(3):
        trial.try_plugin(spec, Path(odd), RATE)
    assert len(tries) == 1
    library = next(Path(odd).rglob("*.so"))
    os.utime(library, (library.stat().st_atime, library.stat().st_mtime + 5))
    trial.try_plugin(spec, Path(odd), RATE)
    assert len(tries) == 2
    trial._tried_file().write_text("[")  # notes that are damaged count as none
    trial.try_plugin(spec, Path(odd), RATE)
    assert len(tries) == 3


@pytest.mark.slow
def test_one_channel_is_played_twice(odd_mono: str) -> None:
    chain, told = chain_of(odd_mono, level=0.5, late=100.0)
    audio = noise(4000)
    assert told == [] and chain.latency == 100
    assert np.allclose(played(chain, audio)[:, 100:], 0.5 * audio[:, :-100], atol=1e-6)
    chain.set(0, "level", 1.0)
    rest = played(chain, audio)
    assert np.allclose(rest[:, 3000:], audio[:, 2900:-100], atol=1e-6), "both sides move"


def test_latency_is_measured_as_the_preset_has_it_and_made_up_when_it_shrinks(odd: str) -> None:
    chain, told = chain_of(odd, late=300.0)
    audio = noise(8192)
    assert chain.latency == 300 and told == []
    first = played(chain, audio)
    assert np.allclose(first[:, 300:], audio[:, :-300], atol=1e-6)
    chain.set(0, "late", 100.0)
    played(chain, audio)  # it moves
    later = played(chain, audio)
    assert chain.latency == 300 and np.allclose(later[:, 300:], audio[:, :-300], atol=1e-6) and told == []
    chain.set(0, "late", 500.0)
    played(chain, audio)
    played(chain, audio)
    assert told == [
        f"plug-in {odd} is 500 samples late now, not 300: it is heard behind the other stems until its preset is "
        "loaded again"
    ]


def test_knobs_of_one_name_can_be_told_apart(odd: str) -> None:
    chain, told = chain_of(odd, level=0.5, level_2=0.5)
    assert told == [] and {"level", "level_2"} <= set(chain.parameters()[0].parameters)
    assert np.allclose(played(chain, noise(1000)), 0.25 * noise(1000), atol=1e-6)
    assert chain.specs[0].parameters == {"level": 0.5, "level_2": 0.5}


class Knob:
    """A parameter as pedalboard shows them."""

    def __init__(self, kind: type | None, shown: str, ranges: dict[tuple[float, float], Any], raw: float = 0.3) -> None:
        self.type, self.string_value, self.ranges, self.raw_value = kind, shown, ranges, raw
        self.valid_values, self.num_steps, self.units = list(ranges.values()), 100, None

    def get_raw_value_for(self, value: Any) -> float:
        raise ValueError(f"{value!r} is not among my texts")

    get_raw_value_for_text = get_raw_value_for


@pytest.mark.parametrize(
    ("knob", "wanted"),
    [
        # What it shows now was not among the texts that were sampled.
        (Knob(str, "Sync 1/3", {(0.0, 0.5): "Off", (0.5, 1.0): "Sync 1/4"}), (0.0, 1.0, 0.3)),
        (Knob(str, "", {}), (0.0, 1.0, 0.3)),
        (Knob(float, "nothing", {(0.9, 1.0): 3.0}), (0.0, 1.0, 0.3)),  # no range holds its raw value
        (Knob(float, "nothing", {}), (0.0, 1.0, 0.3)),
        (Knob(None, "odd", {(0.0, 1.0): None}), (0.0, 1.0, 0.3)),
        # -inf dB is no end of a range.
        (Knob(float, "-3.0", {(0.0, 0.1): float("-inf"), (0.1, 0.5): -60.0, (0.5, 1.0): 6.0}), (-60.0, 6.0, -3.0)),
        (Knob(float, "-inf", {(0.0, 0.1): float("-inf"), (0.1, 1.0): -60.0}, 0.05), (-60.0, -60.0, -60.0)),
        (Knob(float, "99", {(0.0, 0.5): 0.0, (0.5, 1.0): 10.0}), (0.0, 10.0, 10.0)),
    ],
)
def test_parameters_whose_texts_do_not_fit_together(knob: Knob, wanted: tuple[float, float, float]) -> None:
    shown = as_parameter(knob)
    assert (shown.low, shown.high, shown.default) == wanted
    parameter = PluginParameter(knob, RATE)
    parameter.to(wanted[1], "test")
    parameter.arrive()
    assert 0.0 <= knob.raw_value <= 1.0
    with pytest.raises(UserError, match=r"test = 1e\+09 is not possible"):
        parameter.to(1e9, "test")


def test_a_windows_path_in_double_quotes() -> None:
    with pytest.raises(UserError, match=r"a backslash in double quotes is an escape; write path = 'C:\\...'"):
        parse_fx([{"type": "Plugin", "path": "C:\tools\new.vst3"}], "preset x, fx.lead")


@pytest.mark.slow
@pytest.mark.parametrize("wish", ["crash", "hang"])
def test_a_render_goes_on_without_it(odd: str, tiny_model: Path, tmp_path: Path, wish: str) -> None:
    (tmp_path / "odd.toml").write_text(
        f'[[fx.lead]]\ntype = "Plugin"\npath = {json.dumps(odd)}\nparameters = {{{wish} = 1}}\n'
    )
    command = [sys.executable, "-m", "musika_daw.app", "render", "--model", str(tiny_model), "--bars", "1"]
    done = subprocess.run(
        [*command, "--preset", "odd.toml", "--out", "Song"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), trial.PATIENCE_VARIABLE: "8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "odd.vst3" in done.stderr.lower() and "it is bypassed" in done.stderr
    assert (tmp_path / done.stdout.strip() / "take.json").is_file()
