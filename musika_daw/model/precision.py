"""Networks made ready to play: what they compute stays the same, how is chosen for short windows on a processor.

Every convolution becomes one product of matrices whose rows are frames. Windows are so short that a convolution would
spend half of its time on bringing its weights into the order that it likes. Around the products, kernels in C go over
memory once where tensors would do so for every operation (see `native`).

The inner ones of generator and decoders run in bfloat16 on processors that have instructions for it. What is summed up
over layers, and the last layer of each network, stay in float32: what is heard changes by less than the latent noise
that the decoders were trained with. The pattern net stays whole, as a note is there or not. Where a layer stays in
float32, a convolution of three taps is made of fewer multiplications.
"""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TypeVar

import torch
from torch import nn

from musika_daw.errors import UsageError
from musika_daw.model.bricks import ConditionedResidual, FrameNorm, Residual
from musika_daw.model.native import kernels
from musika_daw.model.row_layers import (
    Doubled,
    DoublingConv1d,
    RowConditionedResidual,
    RowConv1d,
    RowNorm,
    RowResidual,
    ThreeTapConv1d,
)

PRECISION_VARIABLE = "MUSIKA_DAW_PRECISION"
_PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
_Kind = TypeVar("_Kind", bound=nn.Conv1d)


def has_fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32 (AVX-512 BF16 or AMX)."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def inner_precision() -> torch.dtype:
    """What inner layers play in: what this processor is fastest with, or what `MUSIKA_DAW_PRECISION` asks for.

    Raises:
        UsageError: it asks for something else than `float32` or `bfloat16`.
    """
    asked = os.environ.get(PRECISION_VARIABLE, "")
    if not asked:
        return torch.bfloat16 if has_fast_bfloat16() else torch.float32
    if asked not in _PRECISIONS:
        raise UsageError(f"{PRECISION_VARIABLE}={asked} is not possible: expected {' or '.join(_PRECISIONS)}")
    return _PRECISIONS[asked]


def for_playing(network: nn.Module, inner: torch.dtype) -> None:
    """Makes products of matrices of a network's convolutions, for inference, in place; all but the last in `inner`."""
    convolutions = [module for module in network.modules() if type(module) is nn.Conv1d]
    after_doubling = _skip_doubling(network)
    for convolution in convolutions:
        dtype = torch.float32 if convolution is convolutions[-1] else inner
        _prepare(convolution, dtype, convolution in after_doubling)
    if kernels() is not None:
        _fuse(network)


def _skip_doubling(network: nn.Module) -> set[nn.Module]:
    """Has convolutions after doublings of frames do these, too; returns them."""
    found: set[nn.Module] = set()
    for layers in network.modules():
        if isinstance(layers, nn.Sequential):
            for before, after in pairwise(layers):
                if type(before) is nn.Upsample and type(after) is nn.Conv1d:
                    before.__class__ = Doubled
                    found.add(after)
    return found


def _prepare(convolution: nn.Conv1d, dtype: torch.dtype, doubles: bool) -> None:
    fewer = dtype is torch.float32 and convolution.kernel_size == (3,) and kernels() is not None
    if doubles:
        _become(convolution, DoublingConv1d).prepare(dtype)
    elif fewer:
        _become(convolution, ThreeTapConv1d).prepare()
    else:
        _become(convolution, RowConv1d).prepare(dtype)


def _become(convolution: nn.Conv1d, kind: type[_Kind]) -> _Kind:
    """The same object as a layer of another class, which lays its weights out anew."""
    convolution.__class__ = kind
    assert isinstance(convolution, kind)
    return convolution


def _fuse(network: nn.Module) -> None:
    """Norms and residual blocks in kernels."""
    kinds: dict[type[nn.Module], type[nn.Module]] = {
        FrameNorm: RowNorm,
        Residual: RowResidual,
        ConditionedResidual: RowConditionedResidual,
    }
    for module in network.modules():
        if type(module) in kinds:
            module.__class__ = kinds[type(module)]
