"""`data encode` and `data decode`: music as people have it to latents and back, at the places where it was."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from musika_daw.app.main import main
from musika_daw.model.official.layers import AddNoise
from musika_daw.model.official.networks import PLAYING, make_network
from musika_daw.model.official.official_file import load_official, official_info, save_official
from musika_daw.model.official.sizes import OfficialSize

SIZES = {"44k": OfficialSize(hop=32, base=8), "22k": OfficialSize("musika-22k", hop=32, base=8)}


def make_model(folder: Path, kind: str) -> Path:
    path = folder / f"{kind}.safetensors"
    torch.manual_seed(2)
    networks = {name: make_network(name, SIZES[kind]) for name in PLAYING}
    for network in networks.values():
        for module in network.modules():
            if isinstance(module, AddNoise):
                torch.nn.init.constant_(module.weight, 0.1)
    weights = {name: network.state_dict() for name, network in networks.items()}
    save_official(path, official_info(kind, SIZES[kind]), weights)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models"), "44k")


def noise(seconds: float, rate: int, channels: int = 2, seed: int = 1) -> np.ndarray:
    shape = (round(seconds * rate), channels)
    return 0.2 * np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    (folder / "album").mkdir()
    soundfile.write(folder / "a.wav", noise(3.0, 44100), 44100, "FLOAT")
    soundfile.write(folder / "a.flac", noise(2.0, 44100), 44100)
    soundfile.write(folder / "album" / "b.ogg", noise(2.5, 48000), 48000)
    soundfile.write(folder / "c.mp3", noise(2.5, 44100), 44100)
    soundfile.write(folder / "mono.wav", noise(2.0, 22050, 1), 22050)
    soundfile.write(folder / "silent.wav", np.zeros((88200, 2)), 44100)
    soundfile.write(folder / "short.wav", noise(0.3, 44100), 44100)
    (folder / "broken.mp3").write_bytes(b"no music at all")
    (folder / "notes.txt").write_text("not music")
    return folder


def run(*words: object) -> None:
    assert main(["data", *map(str, words)]) == 0


def test_a_folder_of_all_kinds_goes_there_and_back(
    music: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("encode", music, "--model", model, "--out", tmp_path / "latents")
    said = capsys.readouterr()
    assert said.out.strip() == str(tmp_path / "latents")
    skipped = sorted(line for line in said.err.splitlines() if line.startswith("skipped: "))
    assert [next(n for n in ("broken", "short", "silent") if n in line) for line in skipped] == [
        "broken",
        "short",
        "silent",
    ]
    names = ["a.flac", "a.wav", "album/b", "c", "mono"]
    found = sorted(p.relative_to(tmp_path / "latents").as_posix() for p in (tmp_path / "latents").rglob("*.npy"))
    assert found == [f"{name}.npy" for name in names]
    latents = np.load(tmp_path / "latents" / "a.wav.npy")
    size = SIZES["44k"]
    assert latents.dtype == np.float32 and latents.shape == (-(-3 * 44100 // size.latent_samples), size.stereo_depth)
    run("decode", tmp_path / "latents", "--model", model, "--out", tmp_path / "sound")
    for name, seconds in zip(names, (2.0, 3.0, 2.5, None, 2.0), strict=True):
        info = soundfile.info(tmp_path / "sound" / f"{name}.wav")
        assert (info.samplerate, info.channels, info.subtype) == (44100, 2, "FLOAT")
        assert seconds is None or info.frames == round(seconds * 44100)


def test_blocks_are_coded_as_one_piece(model: Path, tmp_path: Path) -> None:
    """Longer than what is coded at once, so that positions would slip if a block's end were lost."""
    whole = load_official(str(model))
    sound = noise(12.0, 44100, seed=5)
    (tmp_path / "music").mkdir()
    soundfile.write(tmp_path / "music" / "a.wav", sound, 44100, "FLOAT")
    run("encode", tmp_path / "music", "--model", model, "--out", tmp_path / "latents")
    latents = np.load(tmp_path / "latents" / "a.npy")
    wanted = whole.encoders().latents(torch.from_numpy(sound.T.copy()))
    assert np.abs(latents.T - wanted.numpy()).max() < 1e-5
    run("decode", tmp_path / "latents", "--model", model, "--out", tmp_path / "sound", "--noise", "off")
    decoded = soundfile.read(tmp_path / "sound" / "a.wav", dtype="float32")[0]
    at_once = whole.decoders().wave(wanted).numpy()[:, : len(sound)]
    assert np.abs(decoded.T - at_once).max() < 1e-5


def test_noise_is_the_same_every_time(music: Path, tmp_path: Path) -> None:
    model = make_model(tmp_path, "22k")
    one = tmp_path / "one"
    one.mkdir()
    (one / "a.wav").write_bytes((music / "a.wav").read_bytes())
    run("encode", one, "--model", model, "--out", tmp_path / "latents")
    for out, noise_is in (("x", "on"), ("y", "on"), ("z", "off")):
        run("decode", tmp_path / "latents", "--model", model, "--out", tmp_path / out, "--noise", noise_is)
    first, second, still = (soundfile.read(tmp_path / out / "a.wav")[0] for out in "xyz")
    assert np.array_equal(first, second) and not np.array_equal(first, still)
    assert soundfile.info(tmp_path / "x" / "a.wav").samplerate == 22050


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main(["data", *map(str, words)]) in (1, 2)
    said = capsys.readouterr()
    lines = [line for line in said.err.splitlines() if line.startswith("musika-daw: ")]
    assert said.out == "" and len(lines) == 1
    return lines[0]


def test_what_is_not_possible_is_one_line(
    music: Path, model: Path, tmp_path: Path, tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ("--out", tmp_path / "out")
    assert "expected --model NAME, or --drums RUN --pitched RUN" in refused(capsys, "encode", music, *out)
    assert "expected --model NAME" in refused(capsys, "encode", music, "--model", model, "--drums", "r", *out)
    assert "expected format 1, family musika-44k" in refused(capsys, "encode", music, "--model", tiny_model, *out)
    assert "is not a folder" in refused(capsys, "encode", tmp_path / "none", "--model", model, *out)
    assert "holds no latents" in refused(capsys, "decode", music, "--model", model, *out)
    only_silence = tmp_path / "silence"
    only_silence.mkdir()
    soundfile.write(only_silence / "s.wav", np.zeros((88200, 2)), 44100)
    assert "nothing of" in refused(capsys, "encode", only_silence, "--model", model, *out)


def test_foreign_latents_are_named(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "latents"
    folder.mkdir()
    np.save(folder / "good.npy", np.zeros((20, 128), np.float32))
    np.save(folder / "narrow.npy", np.zeros((20, 64), np.float32))
    np.save(folder / "pickle.npy", np.array([{}]), allow_pickle=True)
    run("decode", folder, "--model", model, "--out", tmp_path / "sound")
    said = capsys.readouterr().err
    assert said.count("skipped: ") == 2 and "expected float32 [latents, 128]" in said
    assert [path.name for path in (tmp_path / "sound").iterdir()] == ["good.wav"]
    told = {"family": "musika-22k", "sample_rate": 22050, "latent_samples": 256, "depth": 64, "samples": {}}
    (folder / "encoding.json").write_text(json.dumps(told))
    assert "are of musika-22k" in refused(capsys, "decode", folder, "--model", model, "--out", tmp_path / "no")
    (folder / "encoding.json").write_text("{")
    assert "is damaged" in refused(capsys, "decode", folder, "--model", model, "--out", tmp_path / "no")
