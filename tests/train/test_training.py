"""Training for a few steps on a tiny corpus: it learns, resumes to the same losses, and refuses what is not its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from musika_daw.errors import UserError
from musika_daw.model.autoencoder import FRAME
from musika_daw.model.model_file import load_networks
from musika_daw.music.notes import STEMS
from musika_daw.train import loop
from musika_daw.train.assemble import assemble, load_autoencoders
from musika_daw.train.autoencoder import AutoencoderSettings, AutoencoderTask
from musika_daw.train.autoencoder import run as train_autoencoder
from musika_daw.train.corpus.make import TRACK_SAMPLES, Corpus, draw_corpus_track, make_corpus
from musika_daw.train.corpus.mixes import write_mixes
from musika_daw.train.generator import GeneratorSettings
from musika_daw.train.generator import run as train_generator
from musika_daw.train.latents import LatentSet, encode_corpus
from musika_daw.train.music_folder import find_music, read_music
from musika_daw.train.pattern import PatternSettings
from musika_daw.train.pattern import run as train_pattern

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corpus(tmp_path_factory.mktemp("corpus") / "techno", 0.01, 3)


def losses(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def test_a_corpus_has_audio_and_labels(corpus: Path) -> None:
    made = Corpus(corpus)
    assert made.stems.shape == (4, 4, 2, TRACK_SAMPLES) and TRACK_SAMPLES % FRAME == 0
    assert len(made.training) == 2 and len(made.validation) == 2
    for track in made.tracks:
        for stem in STEMS:
            sound = np.abs(made.stems[track.index, STEMS.index(stem), 0]).max()
            assert bool(track.notes[stem]) == (sound > 30)
    pair = made.tracks[0], made.tracks[1]
    assert pair[0].harmony == pair[1].harmony and pair[0].style != pair[1].style


def test_a_track_is_a_function_of_seed_and_index() -> None:
    first, again, other = (draw_corpus_track(seed, 1)[0] for seed in (3, 3, 4))
    assert np.array_equal(first.stems, again.stems)
    assert first.notes != other.notes


def test_a_corpus_is_not_overwritten(corpus: Path) -> None:
    with pytest.raises(UserError, match="holds a corpus already"):
        make_corpus(corpus, 0.01, 3)
    with pytest.raises(UserError, match="is not a corpus"):
        Corpus(corpus / "nowhere")


def test_a_corpus_becomes_a_folder_of_music(corpus: Path, tmp_path: Path) -> None:
    made = Corpus(corpus)
    write_mixes(made, tmp_path / "music")
    files = find_music(tmp_path / "music").files
    assert [file.frames for file in files] == [TRACK_SAMPLES] * 4
    sound = read_music(files[0], 44100)
    middle = sum(made.audio(0, stem, 0, TRACK_SAMPLES)[0] for stem in range(4))
    assert np.corrcoef(sound.mean(0), middle)[0, 1] > 0.999 and np.abs(sound).max() <= 0.99
    with pytest.raises(UserError, match="not empty"):
        write_mixes(made, tmp_path / "music")


@pytest.mark.parametrize("stem", ["drums", "pitched"])
def test_a_killed_run_goes_on_with_the_same_losses(
    corpus: Path, tmp_path: Path, stem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settings(run: str) -> AutoencoderSettings:
        return AutoencoderSettings(tmp_path / run, steps=4, corpus=corpus, stem=stem, batch=2, device="cpu")

    train_autoencoder(settings("whole"))
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    one_step = AutoencoderTask.step

    def dies_at_two(task: AutoencoderTask, step: int, generator: np.random.Generator) -> dict[str, float]:
        if step == 2:
            raise KeyboardInterrupt
        return one_step(task, step, generator)

    with monkeypatch.context() as patched:
        patched.setattr(AutoencoderTask, "step", dies_at_two)
        with pytest.raises(KeyboardInterrupt):
            train_autoencoder(settings("parts"))
    train_autoencoder(settings("parts"))
    whole, parts = losses(tmp_path / "whole")[-1], losses(tmp_path / "parts")[-1]
    assert {k: v for k, v in whole.items() if k != "minutes"} == {k: v for k, v in parts.items() if k != "minutes"}
    assert (tmp_path / "whole" / "latest.png").stat().st_size > 1000


def test_a_checkpoint_of_another_run_is_refused(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoint.safetensors").write_bytes(b"nonsense")
    with pytest.raises(UserError, match="no checkpoint of this run"):
        train_autoencoder(AutoencoderSettings(tmp_path, steps=1, corpus=corpus))


def test_everything_from_corpus_to_model_file(corpus: Path, tmp_path: Path) -> None:
    runs = {name: tmp_path / name for name in ("drums", "pitched", "second", "pattern", "generator", "finished")}
    for stem in ("drums", "pitched"):
        train_autoencoder(AutoencoderSettings(runs[stem], steps=2, corpus=corpus, stem=stem, batch=2))
    start = runs["drums"] / "checkpoint.safetensors"
    second = AutoencoderSettings(runs["second"], steps=2, corpus=corpus, phase=2, start=start, batch=2)
    assert train_autoencoder(second)
    drums, pitched = load_autoencoders(runs["second"], runs["pitched"])
    for key, value in load_autoencoders(runs["drums"], runs["pitched"])[0].state_dict().items():
        frozen = key.startswith("encoder")
        assert torch.equal(value, drums.state_dict()[key]) == frozen or not frozen
    latents = encode_corpus(Corpus(corpus), tmp_path / "latents", drums, pitched)
    assert np.abs(latents.latents[:]).max() <= 1 and LatentSet(tmp_path / "latents").training == 2
    train_pattern(PatternSettings(runs["pattern"], steps=2, phrases=8, batch=2))
    generator = GeneratorSettings(runs["generator"], steps=2, latents=tmp_path / "latents", batch=2)
    assert train_generator(generator)["spread_drums"] > 0
    finish = GeneratorSettings(
        runs["finished"],
        steps=2,
        latents=tmp_path / "latents",
        batch=2,
        objective="adversarial",
        start=runs["generator"] / "checkpoint.safetensors",
    )
    assert train_generator(finish)["mse_bass"] > 0
    path = assemble(
        tmp_path / "mine.safetensors",
        runs["second"],
        runs["pitched"],
        runs["pattern"],
        runs["finished"],
        3,
        {"steps": 2},
    )
    assert load_networks(str(path)).info.training == {"steps": 2}
