"""The paper's training, from a folder of music to a model that the official program can load."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from musika_daw.errors import UsageError, UserError
from musika_daw.model.official.exporter import export_official
from musika_daw.model.official.importer import import_official
from musika_daw.model.official.official_file import load_official
from musika_daw.model.official.song import OfficialSong
from musika_daw.train import loop
from musika_daw.train.checkpoints import load_checkpoint
from musika_daw.train.official.autoencoder import PaperAutoencoderSettings, PaperAutoencoderTask
from musika_daw.train.official.autoencoder import run as train_autoencoder
from musika_daw.train.official.gan_task import PaperGanSettings, PaperGanTask
from musika_daw.train.official.gan_task import run as train_gan
from musika_daw.train.official.stacked import StackedAutoencoder
from musika_daw.train.official.starting import find_size, load_encoders

from .conftest import stage_settings

pytestmark = pytest.mark.slow


def weights(run: Path, names: tuple[str, ...]) -> dict[str, torch.Tensor]:
    networks = StackedAutoencoder(find_size(str(run)), 2 if "enc2" in names else 1, 2).networks
    load_checkpoint(run / "checkpoint.safetensors", {name: networks[name] for name in names}, {})
    return {f"{name}.{k}": v for name in names for k, v in networks[name].state_dict().items()}


def test_each_run_trains_its_networks_and_no_others(autoencoder: Path) -> None:
    names = ("enc", "dec", "enc2", "dec2")
    runs = {stage: autoencoder.parent / stage for stage in ("11", "12", "21", "22")}
    for before, after, known, trained in (
        ("11", "12", names[:2], ("dec",)),
        ("12", "21", names[:2], ()),
        ("21", "22", names, ("dec2",)),
    ):
        old, new = weights(runs[before], known), weights(runs[after], known)
        changed = {key.split(".")[0] for key in old if not torch.equal(old[key], new[key])}
        assert changed == set(trained), after
    line = json.loads((runs["12"] / "log.jsonl").read_text().splitlines()[-1])
    assert {"distance", "critic", "fooled", "scales"} <= set(line) and line["validation"]["db"] > 0
    assert (runs["22"] / "latest.png").stat().st_size > 1000


def test_phase_one_learns_the_spectrogram(music: Path, tmp_path: Path) -> None:
    settings = stage_settings(tmp_path, "musika-44k", 0, music, steps=60)
    before = PaperAutoencoderTask(replace(settings, run=tmp_path / "untrained")).validate(tmp_path / "before.png")
    assert train_autoencoder(settings)["distance"] < 0.6 * before["distance"]


def _killed_at(monkeypatch: pytest.MonkeyPatch, task: type[Any], at: int, run: Callable[[], Any]) -> None:
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    one_step = task.step

    def dies(self: Any, step: int, generator: np.random.Generator) -> dict[str, float]:
        if step == at:
            raise KeyboardInterrupt
        result: dict[str, float] = one_step(self, step, generator)
        return result

    with monkeypatch.context() as patched:
        patched.setattr(task, "step", dies)
        with pytest.raises(KeyboardInterrupt):
            run()


def last_line(run: Path) -> dict[str, Any]:
    line: dict[str, Any] = json.loads((run / "log.jsonl").read_text().splitlines()[-1])
    return {name: value for name, value in line.items() if name != "minutes"}


def test_a_killed_autoencoder_goes_on_with_the_same_losses(
    autoencoder: Path, music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = find_size(str(autoencoder)).family
    settings = replace(stage_settings(autoencoder.parent, family, 3, music), run=tmp_path / "again")
    _killed_at(monkeypatch, PaperAutoencoderTask, 1, lambda: train_autoencoder(settings))
    train_autoencoder(settings)
    assert last_line(settings.run) == last_line(autoencoder)


def gan_settings(run: Path, autoencoder: Path, latents: Path) -> PaperGanSettings:
    return PaperGanSettings(
        run, steps=3, device="cpu", latents=latents, autoencoder=str(autoencoder), base=4, batch=2, lr=1e-3
    )


def test_from_music_to_a_model_of_the_official_program(
    autoencoder: Path, latents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = gan_settings(tmp_path / "gan", autoencoder, latents)
    report = train_gan(settings)
    assert report["frechet"] > 0 and (tmp_path / "gan" / "latest.png").stat().st_size > 1000
    again = replace(settings, run=tmp_path / "again")
    _killed_at(monkeypatch, PaperGanTask, 1, lambda: train_gan(again))
    train_gan(again)
    assert last_line(again.run) == last_line(settings.run)

    model = load_official(report["model"])
    assert model.size == find_size(str(settings.run))
    song = OfficialSong(model.networks["gen"], model.decoders(), seed=1)
    assert np.isfinite(song.audio(0, 20_000)).all()

    pytest.importorskip("h5py")
    export_official(report["model"], tmp_path / "h5")
    import_official(
        [tmp_path / "h5" / f"{n}.h5" for n in ("enc", "enc2", "dec", "dec2", "gen_ema")], tmp_path / "b.safetensors"
    )
    back = load_official(str(tmp_path / "b.safetensors"))
    for name, network in model.networks.items():
        for key, value in network.state_dict().items():
            if not key.endswith("num_batches_tracked"):
                assert torch.equal(value, back.networks[name].state_dict()[key]), (name, key)

    # And a training starts from the model that another has made.
    finer = replace(settings, run=tmp_path / "finer", start=report["model"], autoencoder=report["model"], steps=1)
    assert train_gan(finer)["frechet"] > 0


def test_a_folder_that_has_a_models_name_is_not_taken_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "piano").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load_encoders("piano").size == find_size("piano")
    (tmp_path / "music").mkdir()
    with pytest.raises(UserError, match="music is no run of 'train paper'"):
        find_size("music")


def test_what_cannot_be_is_refused(autoencoder: Path, latents: Path, music: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give --start"):
        PaperAutoencoderTask(PaperAutoencoderSettings(tmp_path, music=music, level=2))
    with pytest.raises(UsageError, match="hop 40"):
        PaperAutoencoderTask(PaperAutoencoderSettings(tmp_path, music=music, hop=40))
    with pytest.raises(UserError, match="is no run of 'train paper'"):
        PaperAutoencoderTask(PaperAutoencoderSettings(tmp_path, music=music, phase=2, start=str(music)))
    settings = gan_settings(tmp_path / "run", autoencoder, latents)
    with pytest.raises(UserError, match="holds no latents"):
        PaperGanTask(replace(settings, latents=music))
    if find_size(str(autoencoder)).is_44k:
        with pytest.raises(UsageError, match="22 kHz networks only"):
            PaperGanTask(replace(settings, reconstruction=10.0))
    np.save(tmp_path / "odd.npy", np.zeros((900, 3), np.float32))
    with pytest.raises(UserError, match=r"holds float32 \(900, 3\)"):
        PaperGanTask(replace(settings, latents=tmp_path))
