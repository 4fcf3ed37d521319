"""A model with drums of another training: only with the encoder that its generator knows."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from musika_daw.app.main import main
from musika_daw.errors import UserError
from musika_daw.model.autoencoder import DrumAutoencoder
from musika_daw.model.model_file import read_networks
from musika_daw.train.assemble import assemble_with_drums
from musika_daw.train.checkpoints import save_checkpoint
from musika_daw.train.drum_takes import take_over


def _run(folder: Path, drums: DrumAutoencoder) -> Path:
    folder.mkdir()
    save_checkpoint(folder / "checkpoint.safetensors", {"average": drums}, {}, {"step": 1})
    return folder


def test_drums_are_exchanged_alone(tmp_path: Path) -> None:
    known, drums = read_networks("techno"), DrumAutoencoder()
    take_over(drums, known.drums)
    with torch.no_grad():
        drums.head[-1].bias += 0.5
    path = assemble_with_drums(
        tmp_path / "other.safetensors", "techno", _run(tmp_path / "run", drums), {"drums": "again"}
    )
    made = read_networks(str(path))
    assert made.info.name == "other" and made.info.training == {**known.info.training, "drums": "again"}
    assert torch.allclose(made.drums.head[-1].bias, drums.head[-1].bias, atol=5e-3)
    for name in ("pitched", "pattern", "generator"):
        theirs = known.by_name()[name].state_dict()
        own = made.by_name()[name].state_dict()
        # Eight bits and their scales are not a number of half precision.
        assert all(torch.allclose(value, theirs[key], rtol=1e-3, atol=1e-5) for key, value in own.items())


def test_another_encoder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(1)
    run = _run(tmp_path / "run", DrumAutoencoder())
    with pytest.raises(UserError, match="another encoder than techno"):
        assemble_with_drums(tmp_path / "other.safetensors", "techno", run, {})
    assert not (tmp_path / "other.safetensors").exists()
    options = [
        "models",
        "assemble",
        "--drums",
        str(run),
        "--base",
        "techno",
        "--pattern",
        "p",
        "--out",
        "x.safetensors",
    ]
    assert main(options) != 0 and "expected either --base NAME" in capsys.readouterr().err
