"""The generator of universal latents: what it is trained on, and a tiny training."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from musika_daw.errors import UserError
from musika_daw.model.universal.autoencoder import UniversalAutoencoder, UniversalSize
from musika_daw.model.universal.codec_file import save_codec
from musika_daw.model.universal.generator import SIGNALS, GeneratorSize, Guidance, UniversalGenerator
from musika_daw.model.universal.layout import FEATURES
from musika_daw.train.labels import LockedStretch, MusicLabels
from musika_daw.train.records.generator import RecordsGeneratorSettings, run
from musika_daw.train.records.packed import PackedRecords, frame_signals, pack, read_packed, unpack
from musika_daw.train.records.packing import PackSettings
from musika_daw.train.records.packing import run as pack_folder

pytestmark = pytest.mark.slow

SIZE = GeneratorSize(latents=8, width=16, conditioning=12, style=4, dilations=(1, 2))
CODEC = UniversalSize(latents=8, components=12, width=8, encoder=1, decoder=1)


def _quiet(_name: str) -> AbstractContextManager[Callable[[float], None]]:
    return nullcontext(lambda share: None)


@pytest.fixture(scope="module")
def codec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    network = UniversalAutoencoder(CODEC)
    basis = torch.linalg.qr(torch.randn(FEATURES, CODEC.components))[0]
    network.set_linear_code(torch.full((FEATURES,), -3.0), basis, torch.linspace(4, 1, CODEC.components))
    path = tmp_path_factory.mktemp("codec") / "codec.safetensors"
    save_codec(path, network, {})
    return path


@pytest.fixture(scope="module")
def packed(codec: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six songs of noises on beats, each of its own artist folder."""
    folder = tmp_path_factory.mktemp("music")
    generator = np.random.default_rng(0)
    time = np.arange(21 * 44100) / 44100
    for number in range(6):
        place = time % (0.4 + 0.05 * number)
        sound = generator.standard_normal(len(time)) * np.exp(-20 * place) * 0.2
        soundfile.write(folder / f"{number}.wav", sound, 44100)
    out = folder / "packed.safetensors"
    report = pack_folder(PackSettings(codec, out, folder), _quiet)
    assert report["records"] == 6 and report["hours"] == pytest.approx(6 * 21 / 3600, abs=0.01)
    return out


def test_eight_bits_are_enough() -> None:
    latents = np.random.default_rng(0).standard_normal((50, 8)).astype(np.float32)
    assert float(np.abs(unpack(pack(latents)) - latents).max()) < 0.02


def test_signals_say_beat_and_density() -> None:
    beats = tuple(np.arange(-1, 30) * 0.5)
    locked = (LockedStretch(2.0, 12.0, beats),)
    labels = MusicLabels(12.0, tuple(np.arange(0, 12, 0.1)), locked, clear=tuple(np.arange(6, 12, 0.25)))
    signals = frame_signals(np.zeros((2, 12 * 44100), np.float32), labels, 128).astype(np.float32)
    middle = (np.arange(128) + 0.5) * 4096 / 44100
    known = signals[:, SIGNALS.index("beat_known")]
    assert np.array_equal(known == 1, (middle >= 2) & (middle < 12))
    phase = np.arctan2(signals[:, 3], signals[:, 4])[known == 1] / (2 * np.pi) % 1
    apart = np.abs((phase - middle[known == 1] / 0.5 + 0.5) % 1 - 0.5)
    assert apart.max() < 0.01
    assert signals[40, 2] == pytest.approx(0.0, abs=1e-3)  # 120 bpm
    assert signals[10, 0] == 0 and signals[100, 0] > 0.5


def test_packed_records_come_back(packed: Path, tmp_path: Path) -> None:
    data = read_packed(packed)
    assert isinstance(data, PackedRecords) and len(data.names) == 6 and data.starts[-1] == len(data.latents)
    latents, signals = data.cut(data.starts[2], 20)
    assert latents.shape == (8, 20) and signals.shape == (len(SIGNALS), 20)
    assert signals[SIGNALS.index("beat_known")].max() == 1  # the beat was found
    (tmp_path / "broken.safetensors").write_bytes(b"no")
    with pytest.raises(UserError, match="no packed records"):
        read_packed(tmp_path / "broken.safetensors")


def test_a_stretch_is_made_from_what_is_around_it() -> None:
    torch.manual_seed(0)
    network = UniversalGenerator(SIZE).eval()
    noisy, signals = torch.randn(1, 8, 60), torch.randn(1, len(SIGNALS), 60)
    style, t = torch.randn(1, 4), torch.tensor([0.5])
    with torch.inference_mode():
        whole = network(noisy, t, signals, style)
        first, end = 20 - network.reach, 40 + network.reach
        part = network(noisy[:, :, first:end], t, signals[:, :, first:end], style)
        guided = network.guided(noisy, t, signals, style, Guidance(2.0))
        denser = network.guided(noisy, t, signals, style, Guidance(1.0, 3.0))
        untold = network(noisy, t, torch.cat([torch.zeros(1, 1, 60), signals[:, 1:]], 1), style)
        plain = network(noisy, t, signals, None)
    assert torch.allclose(whole[:, :, 20:40], part[:, :, network.reach : -network.reach], atol=1e-5)
    assert torch.allclose(guided, plain + 2 * (whole - plain), atol=1e-5)
    assert not torch.allclose(whole, plain, atol=1e-3)
    assert torch.allclose(denser, whole + 3 * (whole - untold), atol=1e-5)
    assert not torch.allclose(whole, untold, atol=1e-4)


def test_training_learns_goes_on_and_writes_samples(packed: Path, codec: Path, tmp_path: Path) -> None:
    data = read_packed(packed)
    parts = ("train", "train", "train", "train", "validation", "test")
    from musika_daw.train.records import packed as module

    split = tmp_path / "split.safetensors"
    module.write_packed(split, replace(data, parts=parts))
    settings = RecordsGeneratorSettings(
        run=tmp_path / "run", steps=60, validate_every=20, packed=split, width=32, batch=8, frames=32, device="cpu",
        codec=codec, samples=2, sampling_steps=2,
    )  # fmt: skip
    figures = run(settings, _quiet)
    assert {"flow", "spread", "movement", "variety"} <= set(figures)
    lines = (settings.run / "log.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 3 and '"step": 60' in lines[-1]
    untrained = 1 / (1 - 0.8) ** 2 / 3  # an answer of zero is that wrong at the last of the three times alone
    assert figures["flow"] < 1.3 * (1 / 0.8**2 + 1 / 0.5**2 + 3 * untrained) / 3
    samples = sorted((settings.run / "samples").iterdir())
    assert [path.name for path in samples] == ["00.flac", "01.flac"]
    assert soundfile.info(samples[0]).samplerate == 44100 and soundfile.info(samples[0]).duration > 11
    assert run(settings, _quiet) == {}  # all steps are done
    with pytest.raises(UserError, match="no tracks"):
        run(replace(settings, run=tmp_path / "long", frames=4000), _quiet)
