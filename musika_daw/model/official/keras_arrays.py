"""Weights between torch's axes and those of Keras, where every convolution is two-dimensional with a height of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.model.official.keras_names import KerasLayer
from musika_daw.model.official.layers import AddNoise


@dataclass(frozen=True)
class KerasArray:
    """One array of a layer.

    Attributes:
        name: in the file, e.g. `kernel:0`.
        tensor: the parameter or buffer it fills, with torch's axes.
        axes: where each axis of the tensor stands in the array; the array may have a leading axis of one beside them.
    """

    name: str
    tensor: Tensor
    axes: tuple[int, ...]
    leading: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """In the file."""
        moved = tuple(self.tensor.shape[axis] for axis in self.axes)
        return (1, *moved) if self.leading else moved

    def read(self) -> NDArray[np.float32]:
        """The weights with the axes of the file."""
        moved = self.tensor.detach().permute(self.axes).cpu().numpy()
        return np.ascontiguousarray(moved[None] if self.leading else moved, np.float32)

    def from_file(self, array: NDArray[np.float32]) -> Tensor:
        """An array of the file with torch's axes."""
        moved = torch.from_numpy(array[0] if self.leading else array)
        return moved.permute(tuple(np.argsort(self.axes))).contiguous()

    @torch.no_grad()
    def write(self, array: NDArray[np.float32]) -> None:
        """Fill the tensor from an array of the file."""
        self.tensor.copy_(self.from_file(array))


def keras_arrays(layer: KerasLayer) -> list[KerasArray]:
    """The arrays of a layer in the order of its file."""
    module = layer.module
    if isinstance(module, AddNoise):
        return [KerasArray("noise_weight:0", module.weight, (0,))]
    if isinstance(module, nn.BatchNorm1d):
        assert module.running_mean is not None and module.running_var is not None
        values = (module.weight, module.bias, module.running_mean, module.running_var)
        names = ("gamma:0", "beta:0", "moving_mean:0", "moving_variance:0")
        return [KerasArray(name, value, (0,)) for name, value in zip(names, values, strict=True)]
    assert isinstance(module, nn.Conv1d | nn.ConvTranspose1d | nn.Linear)
    # [out, in, k] and, transposed, [in, out, k]: both become [1, k, ., .] by turning the axes round.
    dense = isinstance(module, nn.Linear)
    kernel = KerasArray("kernel:0", module.weight, (1, 0) if dense else (2, 1, 0), leading=not dense)
    return [kernel] if module.bias is None else [kernel, KerasArray("bias:0", module.bias, (0,))]


def all_arrays(layers: Sequence[KerasLayer]) -> list[tuple[KerasLayer, KerasArray]]:
    return [(layer, array) for layer in layers for array in keras_arrays(layer)]
