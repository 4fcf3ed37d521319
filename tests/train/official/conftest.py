"""Seconds of simple music, and narrow networks trained on it for a few steps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from numpy.typing import NDArray

from musika_daw.model.official.codec import Encoders
from musika_daw.train.music_folder import find_music, read_music
from musika_daw.train.official.autoencoder import PaperAutoencoderSettings
from musika_daw.train.official.autoencoder import run as train_autoencoder
from musika_daw.train.official.encoding import encode_folder
from musika_daw.train.official.stacked import StackedAutoencoder
from musika_daw.train.official.starting import find_size, load_start

HOP = 32
STAGES = ((1, 1), (1, 2), (2, 1), (2, 2))


def tune(seed: int, seconds: float, rate: int = 44100) -> NDArray[np.float32]:
    """Decaying tones and noises at random times, `[samples, 2]`."""
    random = np.random.default_rng(seed)
    out = np.zeros((int(seconds * rate), 2))
    t = np.arange(int(0.3 * rate)) / rate
    for start in random.uniform(0, seconds - 0.3, int(8 * seconds)):
        tone = np.sin(2 * np.pi * random.uniform(100, 4000) * t)
        sound = (tone if random.random() < 0.7 else random.standard_normal(len(t))) * np.exp(-t / 0.08)
        first = int(start * rate)
        out[first : first + len(t)] += 0.15 * sound[:, None] * random.uniform(0.3, 1, 2)
    return np.clip(out, -1, 1).astype(np.float32)


@pytest.fixture(scope="session")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    for number in range(3):
        soundfile.write(folder / f"{number}.wav", tune(number, 30), 44100)
    return folder


def stage_settings(folder: Path, family: str, stage: int, music: Path, steps: int = 3) -> PaperAutoencoderSettings:
    """One of the four runs, each started from the one before in the same folder."""
    level, phase = STAGES[stage]
    return PaperAutoencoderSettings(
        folder / f"{level}{phase}",
        steps=steps,
        device="cpu",
        music=music,
        family=family,
        hop=HOP,
        level=level,
        phase=phase,
        start=str(folder / "{}{}".format(*STAGES[stage - 1])) if stage else None,
        batch=4,
        lr=1e-3,
        critic_width=4,
    )


@pytest.fixture(scope="session", params=["musika-44k", "musika-22k"])
def autoencoder(request: pytest.FixtureRequest, music: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last of four runs of a few steps."""
    folder = tmp_path_factory.mktemp("autoencoder")
    for stage in range(len(STAGES)):
        train_autoencoder(stage_settings(folder, request.param, stage, music))
    return folder / "22"


@pytest.fixture(scope="session")
def latents(autoencoder: Path, music: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The music as the autoencoder encodes it."""
    size = find_size(str(autoencoder))
    networks = StackedAutoencoder(size, 2, 2).networks.eval()
    load_start(str(autoencoder), dict(networks.items()))
    encoders = Encoders(size, networks["enc"], networks["enc2"])
    folder = tmp_path_factory.mktemp("latents")
    encode_folder(find_music(music), folder, music, encoders)
    whole = encoders.latents(torch.from_numpy(read_music(find_music(music).files[0], size.sample_rate)))
    # In blocks as in one piece; the 22 kHz ones are resampled block by block.
    assert np.abs(np.load(folder / "0.npy") - whole.T.numpy()).max() < 1e-3
    return folder
