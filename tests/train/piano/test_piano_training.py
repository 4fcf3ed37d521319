"""A corpus of piano music becomes a model that knows density."""

from __future__ import annotations

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
from musika_daw.train.labels import MusicLabels, write_labels
from musika_daw.train.piano.measure import DensitySettings, measure_density
from musika_daw.train.piano.train import PianoSettings, run

pytestmark = pytest.mark.slow

SIZE = OfficialSize("musika-22k", 32, base=8, depth=4, coordinates=4, conditions=1)


@pytest.fixture
def coder(tmp_path: Path) -> Path:
    """A model file whose autoencoder is untrained."""
    torch.manual_seed(3)
    size = replace(SIZE, conditions=0)
    path = tmp_path / "coder.safetensors"
    networks = {name: make_network(name, size).state_dict() for name in PLAYING}
    save_official(path, official_info("coder", size), networks)
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Clicks, and when they come."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(3):
        random = np.random.default_rng(number)
        onsets = np.sort(random.uniform(0, 11, 20 + 20 * number))
        sound = np.zeros((12 * 22050, 2), np.float32)
        for onset in onsets:
            first = int(onset * 22050)
            sound[first : first + 400] += 0.2 * random.standard_normal((400, 1)).astype(np.float32)
        soundfile.write(folder / f"{number}.wav", sound, 22050)
        write_labels(folder / f"{number}.labels.json", MusicLabels(12.0, tuple(onsets), ()))
    return folder


def test_a_corpus_becomes_a_model_that_knows_density(corpus: Path, coder: Path, tmp_path: Path) -> None:
    settings = PianoSettings(
        tmp_path / "run", steps=2, device="cpu", corpus=corpus, autoencoder=str(coder), base=8, batch=2
    )
    figures = run(settings)
    assert tuple(load_official(figures["model"]).info.signals) == ("density",)
    assert run(replace(settings, steps=3))["model"] == figures["model"]
    report = measure_density(DensitySettings(figures["model"], songs=1, seconds=2.0))
    assert -1 <= report["density_rho"] <= 1 and len(report["onsets_per_second"]) == 5


def test_a_corpus_without_labels_is_refused(corpus: Path, coder: Path, tmp_path: Path) -> None:
    (corpus / "1.labels.json").unlink()
    settings = PianoSettings(tmp_path / "run", steps=1, device="cpu", corpus=corpus, autoencoder=str(coder))
    with pytest.raises(UserError, match=r"1\.labels\.json is not there"):
        run(settings)


@pytest.mark.filterwarnings("ignore:An input array is constant")
def test_the_detector_is_measured_where_onsets_are_known(corpus: Path) -> None:
    figures = measure_density(DensitySettings(corpus=corpus))
    assert figures["files"] == 3 and figures["onset_f"] > 0.7 and figures["density_rho"] == pytest.approx(1)
    deaf = measure_density(DensitySettings(corpus=corpus, threshold=3.0))
    assert deaf["onset_f"] < figures["onset_f"]


def test_models_without_density_are_refused(coder: Path) -> None:
    with pytest.raises(UserError, match="knows no density"):
        measure_density(DensitySettings(str(coder)))
