"""Files of named tensors that are whole or as they were."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from musika_daw.errors import UserError
from musika_daw.storage.files import replace_file


def save_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Writes a `.safetensors` file, whole or not at all.

    Raises:
        UserError: the disk does not take it.
    """
    try:
        with replace_file(path) as partial:
            save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, partial, dict(metadata))
    except SafetensorError as error:
        raise UserError(f"cannot write {path} ({error}); check the space left") from error
