"""The best step of a run: the weights that did best on what is held out."""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn

from musika_daw.model.tensor_file import save_tensors
from musika_daw.storage.files import write_text

_WEIGHTS, _OBJECTIVE = "best.safetensors", "best.txt"


def keep_best(run: Path, network: nn.Module, objective: float) -> None:
    """Writes a network's weights where their objective is less than any before, those of an earlier session included.

    Raises:
        UserError: the disk does not take it.
    """
    noted = run / _OBJECTIVE
    if objective < (float(noted.read_text()) if noted.is_file() else float("inf")):
        save_tensors(run / _WEIGHTS, network.state_dict(), {})
        write_text(noted, f"{objective}")


def best_weights(run: Path) -> dict[str, Tensor]:
    """The weights that were kept."""
    weights: dict[str, Tensor] = load_file(run / _WEIGHTS)
    return weights
