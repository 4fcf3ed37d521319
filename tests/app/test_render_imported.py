"""`render` and `live` with an imported model, from the command line."""

from __future__ import annotations

import dataclasses
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from musika_daw.app.main import main
from musika_daw.model.official.conditions import CONDITION_SIGNALS, condition_channels
from musika_daw.model.official.networks import PLAYING, make_network
from musika_daw.model.official.official_file import official_info, save_official
from musika_daw.model.official.sizes import OfficialSize
from osc_protocol import Client
from tests.support.live_process import listening_port

pytestmark = pytest.mark.slow


def write_model(path: Path, signals: tuple[str, ...] = ()) -> Path:
    size = OfficialSize(hop=32, base=8, conditions=condition_channels(signals))
    torch.manual_seed(4)
    weights = {name: make_network(name, size).state_dict() for name in PLAYING}
    told = {name: CONDITION_SIGNALS[name] for name in signals}
    save_official(path, dataclasses.replace(official_info(path.stem, size), signals=told), weights)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "plain.safetensors")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that knows density and beat phase."""
    return write_model(tmp_path_factory.mktemp("models") / "told.safetensors", ("density", "beat_phase"))


def render(capsys: pytest.CaptureFixture[str], model: Path, project: Path, *options: str) -> tuple[Path, str]:
    """The take and what was said on stderr."""
    assert main(["render", "--model", str(model), "--out", str(project), *options]) == 0
    printed = capsys.readouterr()
    return Path(printed.out.strip()), printed.err


def refusal(capsys: pytest.CaptureFixture[str], model: Path, *options: str) -> str:
    assert main(["render", "--model", str(model), "--out", "nowhere", "--bars", "1", *options]) == 2
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1 and printed.out == ""
    return printed.err


def test_a_take_says_how_sure_its_beats_are(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take, said = render(capsys, model, tmp_path, "--bars", "2", "--bpm", "120", "--seed", "5")
    warp = json.loads((take / "take.json").read_text())["warp"]
    assert re.search(rf"confidence {warp['confidence']:.2f}, clear from 0.\d\d", said)
    still, said = render(capsys, model, tmp_path, "--bars", "2", "--bpm", "120", "--seed", "5", "--warp", "off")
    assert "confidence" not in said and json.loads((still / "take.json").read_text())["warp"] == {"on": False}
    assert soundfile.info(next(still.glob("*.wav"))).frames == 4 * 44100


def test_its_session_log_renders_it_again(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--bars", "1", "--truncation", "1.2", "--noise", "off", "--style", "77")
    take, _ = render(capsys, model, tmp_path, *options)
    again, _ = render(capsys, model, tmp_path, "--session", str(take / "session.jsonl"))
    wav = next(take.glob("*.wav"))
    assert (again / wav.name).read_bytes() == wav.read_bytes()
    other, _ = render(capsys, model, tmp_path, *options, "--truncation", "0.3")
    assert next(other.glob("*.wav")).read_bytes() != wav.read_bytes()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--density", "0.5"), "plain does not know density: it was trained without that conditioning signal"),
        (("--chords", "Am F"), "plain does not know chords: it makes sound, not notes"),
        (("--key", "Am"), "plain does not know key: it makes sound, not notes"),
        (("--stems", "drums"), "plain does not know stems: it makes one stem, mix"),
        (("--variation", "1"), "plain does not know variation"),
        (("--notes", "bass=x.mid"), "plain does not know notes"),
        (("--style", "tunnel"), "plain does not know style tunnel: its styles are numbers"),
        (("--truncation", "0"), "truncation '0' is out of range: expected 0.05 to 10"),
        (("--warp", "maybe"), "warp 'maybe' is not possible: expected on or off"),
    ],
)
def test_controls_it_does_not_know_are_refused_with_the_reason(
    options: tuple[str, ...], reason: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reason in refusal(capsys, model, *options)


def test_our_own_models_do_not_know_its_controls(tiny_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "tiny does not know warp: it is told where the beats are" in refusal(capsys, tiny_model, "--warp", "off")


def test_of_a_preset_it_takes_what_it_knows(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take, said = render(capsys, model, tmp_path, "--bars", "1", "--preset", "acid_rain")
    assert re.search("plain does not know .*density.* of the preset", said)
    assert [path.name for path in take.glob("*.wav")] == ["mix.wav"]  # whose beats are not clear


def test_a_conditioned_one_knows_density_and_beats(
    told: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sounds = []
    for density, bpm in (("0.1", "120"), ("0.9", "120"), ("0.9", "140")):
        take, said = render(capsys, told, tmp_path, "--seconds", "2", "--density", density, "--bpm", bpm)
        facts = json.loads((take / "take.json").read_text())
        assert facts["controls"]["density"] == {"mix": float(density)} and facts["warp"] == {"on": False}
        assert "confidence" not in said
        sounds.append(soundfile.read(next(take.glob("*.wav")))[0])
    assert not np.array_equal(sounds[0], sounds[1]) and not np.array_equal(sounds[1], sounds[2])
    assert "told does not know warp: it is told where the beats are" in refusal(capsys, told, "--warp", "on")
    assert "stem 'drums' is not known: expected one of mix" in refusal(capsys, told, "--density", "drums=0.5")


def test_info_lists_the_controls_a_model_knows(
    model: Path, told: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = []
    for path in (model, told, tiny_model):
        assert main(["models", "info", str(path), "--json"]) == 0
        known.append(json.loads(capsys.readouterr().out)["controls"])
    assert set(known[0]) == {"seed", "style", "morph", "tempo", "truncation", "noise", "warp"}
    assert set(known[1]) == {"seed", "style", "morph", "tempo", "truncation", "noise", "density"}
    assert {"chords", "density", "hold"} <= set(known[2]) and "truncation" not in known[2]


def test_it_is_played_over_osc(model: Path, tmp_path: Path) -> None:
    words = [
        "live",
        "--model",
        str(model),
        "--bus",
        "null",
        "--osc-port",
        "0",
        "--play",
        "--out",
        str(tmp_path),
        "--warp",
        "off",
    ]
    program = subprocess.Popen([sys.executable, "-m", "musika_daw.app", *words], stderr=subprocess.PIPE, text=True)
    try:
        with Client(port=listening_port(program), timeout_seconds=60.0) as client:
            client.set("/musika/seed", 9)
            client.set("/musika/anchor/a", 5)
            client.set("/musika/stem/mix/gain", -3.0)
            client.sync()
            assert client.query("/musika/anchor/a") == (5,)
            told: list[tuple[object, ...]] = []
            client.subscribe(lambda address, values: told.append((address, *values)))
            client.sync()
            client.set("/musika/density", 0.5)
            client.sync()
            errors = [line for line in told if line[0] == "/musika/error"]
            assert errors and errors[0][1:3] == ("/musika/density", "refused")
            assert "trained without that conditioning signal" in str(errors[0][3])
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0
    finally:
        program.kill()
        program.communicate()
