"""Training state on disk: tensors as safetensors, numbers as JSON, replaced whole or not at all. Nothing is pickled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor, nn

from musika_daw.errors import UserError
from musika_daw.model.tensor_file import save_tensors


def _optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    state = optimizer.state_dict()["state"]
    return {
        f"{index}.{name}": torch.as_tensor(value).contiguous()
        for index, entry in state.items()
        for name, value in entry.items()
    }


def _load_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    whole = optimizer.state_dict()
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, _, name = key.partition(".")
        state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": whole["param_groups"]})


def save_checkpoint(
    path: Path,
    modules: Mapping[str, nn.Module],
    optimizers: Mapping[str, torch.optim.Optimizer],
    numbers: Mapping[str, Any],
) -> None:
    """Write everything a run needs to go on from here."""
    tensors: dict[str, Tensor] = {}
    for name, module in modules.items():
        tensors |= {f"module.{name}.{k}": v.detach().cpu().contiguous() for k, v in module.state_dict().items()}
    for name, optimizer in optimizers.items():
        tensors |= {f"optimizer.{name}.{k}": v.detach().cpu() for k, v in _optimizer_tensors(optimizer).items()}
    save_tensors(path, tensors, {"numbers": json.dumps(dict(numbers))})


def read_numbers(path: Path) -> dict[str, Any]:
    """The numbers of a checkpoint, without its tensors.

    Raises:
        UserError: the file is damaged.
    """
    try:
        with safe_open(path, "pt") as file:
            numbers: dict[str, Any] = json.loads(file.metadata()["numbers"])
    except (SafetensorError, OSError, KeyError, ValueError, TypeError) as error:
        raise UserError(f"checkpoint {path} cannot be read ({str(error).splitlines()[0]})") from error
    return numbers


def load_modules(path: Path, modules: Mapping[str, nn.Module]) -> None:
    """Restore modules of another run, for one that starts from it.

    Raises:
        UserError: the file is not there, damaged or belongs to other networks.
    """
    if not path.is_file():
        raise UserError(f"{path} is not there: expected the checkpoint of a run that was trained")
    load_checkpoint(path, modules, {})


def load_checkpoint(
    path: Path, modules: Mapping[str, nn.Module], optimizers: Mapping[str, torch.optim.Optimizer]
) -> dict[str, Any]:
    """Restore modules and optimizers in place; returns the numbers.

    Raises:
        UserError: the file is damaged or belongs to other networks.
    """
    try:
        tensors = load_file(path)
        with safe_open(path, "pt") as file:
            numbers: dict[str, Any] = json.loads(file.metadata()["numbers"])
        for name, module in modules.items():
            prefix = f"module.{name}."
            module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
        for name, optimizer in optimizers.items():
            prefix = f"optimizer.{name}."
            _load_optimizer(optimizer, {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
    except (SafetensorError, RuntimeError, KeyError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path} is no checkpoint of this run ({reason}): delete it or choose another --run") from error
    return numbers


def holds_module(path: Path, name: str) -> bool:
    """Whether a checkpoint holds a network of this name.

    Raises:
        UserError: the file is damaged.
    """
    try:
        with safe_open(path, "pt") as file:
            return any(key.startswith(f"module.{name}.") for key in file.keys())  # noqa: SIM118 - not a dict
    except (SafetensorError, OSError) as error:
        raise UserError(f"checkpoint {path} cannot be read ({str(error).splitlines()[0]})") from error
