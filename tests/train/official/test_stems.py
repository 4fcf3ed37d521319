"""Latents of several stems: trained on together, a density for each, into a model that says what its stems are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from musika_daw.errors import UserError
from musika_daw.model.official.networks import PLAYING, make_network
from musika_daw.model.official.official_file import load_official, official_info, save_official
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.model.official.song import OfficialSong
from musika_daw.train.labels import LockedStretch, MusicLabels, write_labels
from musika_daw.train.multitracks import find_multitracks
from musika_daw.train.music_folder import find_music
from musika_daw.train.official.encoding import Encoding, encode_songs
from musika_daw.train.official.gan_task import PaperGanSettings, run
from musika_daw.train.official.latent_folder import LatentFolder
from musika_daw.train.songs import Song

SIZE = OfficialSize("musika-22k", hop=32, base=4)
STEMS = ("drums", "vocals")


@pytest.fixture(scope="module")
def coder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of untrained networks."""
    torch.manual_seed(1)
    weights = {name: make_network(name, SIZE).state_dict() for name in PLAYING}
    path = tmp_path_factory.mktemp("coder") / "coder.safetensors"
    save_official(path, official_info("coder", SIZE), weights)
    return path


@pytest.fixture
def songs(tmp_path: Path) -> tuple[Song, ...]:
    random = np.random.default_rng(1)
    for stem, seconds in zip(STEMS, (4.0, 3.0), strict=True):
        soundfile.write(tmp_path / f"{stem}.wav", 0.1 * random.standard_normal(int(seconds * 22050)), 22050)
    found = find_multitracks(find_music(tmp_path), tmp_path, STEMS)
    assert found is not None
    return found.songs


def test_stems_are_encoded_one_above_the_other(coder: Path, songs: tuple[Song, ...], tmp_path: Path) -> None:
    encoders = load_official(str(coder), ("enc", "enc2")).encoders()
    out = tmp_path / "latents"
    assert encode_songs(songs, STEMS, out, encoders) == ()
    both = np.load(out / f"{songs[0].name}.npy")
    assert both.shape == (-(-4 * 22050 // SIZE.latent_samples), 2 * SIZE.stereo_depth)
    for stem in range(2):
        sound = torch.from_numpy(songs[0].read(stem, 0, 4 * 22050, 22050))
        alone = encoders.latents(sound).T.numpy()
        assert np.abs(both[:, stem * SIZE.stereo_depth :][:, : SIZE.stereo_depth] - alone).max() < 1e-3
    assert Encoding.read(out, SIZE).stems == STEMS
    with pytest.raises(UserError, match="are of the stems drums, vocals, not of drums, lead: delete the folder"):
        encode_songs(songs, ("drums", "lead"), out, encoders)


@pytest.fixture
def latents(tmp_path: Path) -> Path:
    """Latents of noise: on every beat something happens in the drums, on every fourth in the vocals."""
    folder, seconds = tmp_path / "encoded", 30.0
    random = np.random.default_rng(2)
    folder.mkdir()
    for number in range(2):
        rows = int(seconds * SIZE.sample_rate / SIZE.latent_samples)
        np.save(folder / f"{number}.npy", np.tanh(random.standard_normal((rows, 2 * SIZE.stereo_depth), np.float32)))
        beats = np.arange(0.0, seconds + 1, 0.5 + 0.1 * number)
        stems = (tuple(beats), tuple(beats[:: 4 + number]))
        locked = (LockedStretch(0.0, seconds, tuple(beats)),)
        write_labels(folder / f"{number}.labels.json", MusicLabels(seconds, stems[0], locked, stems))
    replace(Encoding.of((), SIZE), stems=STEMS).write(folder)
    return folder


def test_each_stem_has_its_own_density(latents: Path) -> None:
    data = LatentFolder(latents, SIZE)
    assert (data.stems, data.size.stems, data.size.conditions) == (STEMS, 2, 2 + 1 + 4)
    real, told = data.draw(np.random.default_rng(1), data.training, 8)
    assert real.shape[1:] == (2 * SIZE.stereo_depth, 256) and told.shape[1:] == (7, 256)
    drums, vocals = data.density_scales
    assert drums.high == pytest.approx(2.0, abs=0.1) and vocals.high == pytest.approx(0.7, abs=0.2)
    one = json.loads((latents / "0.labels.json").read_text())
    (latents / "0.labels.json").write_text(json.dumps({**one, "stems": []}))
    with pytest.raises(UserError, match="labels are of other stems"):
        LatentFolder(latents, SIZE)


def test_a_model_of_stems_is_trained_and_plays(coder: Path, latents: Path, tmp_path: Path) -> None:
    settings = PaperGanSettings(
        tmp_path / "gan", steps=2, device="cpu", latents=latents, autoencoder=str(coder), base=4, batch=2
    )
    report = run(settings)
    model = load_official(report["model"])
    assert model.info.stems == STEMS and model.size.stems == 2
    assert model.info.signals == {"density": 2, "tempo": 1, "beat_phase": 4}
    assert set(model.info.training["density_onsets_per_second"]) == set(STEMS)
    song = OfficialSong(model.networks["gen"], model.decoders(), seed=1)
    sound = song.audio(0, 9000)
    assert sound.shape == (4, 9000) and np.isfinite(sound).all()
    assert not np.array_equal(sound[:2], sound[2:])
