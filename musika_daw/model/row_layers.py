"""Layers as products of matrices whose rows are frames: what convolutions become to be played.

They take and give `Tensor[B, C, T]` like those they replace, but what they give lies in memory frame by frame, and so
does what element-wise layers make of it: the next one need not turn it round.
"""

from __future__ import annotations

import ctypes

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.model.bricks import ConditionedResidual, FrameNorm, Residual
from musika_daw.model.native import kernels
from musika_daw.model.native.rows import ThreeTaps, norm_padded, norm_rows, silu_in_place


def rows_of(x: Tensor) -> Tensor:
    """`[B, C, T]` -> contiguous `[B, T, C]`."""
    return x.transpose(1, 2).contiguous()


def neighbours(rows: Tensor, size: int, dilation: int = 1) -> Tensor:
    """`[B, T, C]` -> `[B * (T - dilation * (size - 1)), size * C]`: each row beside those that follow it."""
    batch, frames, channels = rows.shape
    count = frames - dilation * (size - 1)
    strides = (rows.stride(0), channels, dilation * channels, 1)
    return rows.as_strided((batch, count, size, channels), strides).reshape(batch * count, size * channels)


def native() -> ctypes.CDLL:
    """The kernels, for layers that are only made where there are any."""
    library = kernels()
    assert library is not None, "layers of kernels are made where there are kernels"
    return library


class RowConv1d(nn.Conv1d):
    """A convolution between float32 layers, in the precision of its weights; those of all taps lie side by side."""

    def prepare(self, dtype: torch.dtype) -> None:
        """Lays the weights out, in place of those of `nn.Conv1d`."""
        taps = self.weight.to(dtype).transpose(1, 2).flatten(1).contiguous()
        self.weight = nn.Parameter(taps, requires_grad=False)
        if self.bias is not None:
            self.bias = nn.Parameter(self.bias.to(dtype), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        rows = x.transpose(1, 2).to(self.weight.dtype).contiguous()
        batch, frames, _ = rows.shape
        (size,), (dilation,) = self.kernel_size, self.dilation
        around = dilation * (size // 2)
        made = self.product(F.pad(rows, (0, 0, around, around)) if around else rows)
        return made.float().view(batch, frames, -1).transpose(1, 2)

    def product(self, padded: Tensor) -> Tensor:
        """Rows with their surroundings `[B, T + 2 * around, C]` -> `[B * T, outputs]`, in the weights' precision."""
        (size,), (dilation,) = self.kernel_size, self.dilation
        # Two dimensions: with three, the weights would be copied for each of a batch.
        return F.linear(neighbours(padded, size, dilation), self.weight, self.bias)


class ThreeTapConv1d(nn.Conv1d):
    """A convolution of three taps in float32, with two thirds of the multiplications."""

    taps: ThreeTaps

    def prepare(self) -> None:
        """Transforms the weights."""
        self.taps = ThreeTaps.of(self.weight, self.bias, self.dilation[0])
        self.weight = nn.Parameter(self.taps.weights, requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.taps(native(), rows_of(x)).transpose(1, 2)


class Doubled(nn.Upsample):
    """Leaves the doubling of frames to the convolution after it, a `DoublingConv1d`."""

    def forward(self, x: Tensor) -> Tensor:
        return x


class DoublingConv1d(nn.Conv1d):
    """A convolution of three taps over frames that each stand twice: two taps, and other weights for either frame.

    A row of the product holds the second frame of one place and the first of the next, which follow each other.
    """

    def prepare(self, dtype: torch.dtype) -> None:
        """Adds up the weights of what is twice the same."""
        first, middle, last = self.weight.unbind(2)
        weights = torch.cat([torch.cat([first + middle, last], 1), torch.cat([first, middle + last], 1)])
        self.weight = nn.Parameter(weights.to(dtype), requires_grad=False)
        if self.bias is not None:
            self.bias = nn.Parameter(self.bias.repeat(2).to(dtype), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        rows = x.transpose(1, 2).to(self.weight.dtype)
        batch, frames, _ = rows.shape
        made = F.linear(neighbours(F.pad(rows, (0, 0, 1, 1)), 2), self.weight, self.bias)
        return made.float().view(batch, 2 * frames + 2, -1)[:, 1:-1].transpose(1, 2)


class RowNorm(FrameNorm):
    """A norm in one pass."""

    def forward(self, x: Tensor) -> Tensor:
        return norm_rows(native(), rows_of(x), self.gain).transpose(1, 2)


def _mixed_time(block: Residual | ConditionedResidual, rows: Tensor, film: Tensor | None) -> Tensor:
    """Norm, convolution over time, scale and shift, SiLU: `[B, T, C]` -> `[B * T, C]`, as the next product wants it."""
    library, mix = native(), block.mix_time
    if isinstance(mix, ThreeTapConv1d):
        return mix.taps(library, rows, block.norm.gain, film, silu=True).flatten(0, 1)
    assert isinstance(mix, RowConv1d)
    hidden = mix.product(norm_padded(library, rows, block.norm.gain, mix.dilation[0]))
    silu_in_place(library, hidden, film)
    return hidden


def _mixed(block: Residual | ConditionedResidual, x: Tensor, film: Tensor | None) -> Tensor:
    rows = rows_of(x)
    mix = block.mix_channels
    added = F.linear(_mixed_time(block, rows, film), mix.weight, mix.bias)
    return added.float().view(rows.shape).add_(rows).transpose(1, 2)


class RowResidual(Residual):
    """A residual block in two products, and one pass over memory before, between and after them."""

    def forward(self, x: Tensor) -> Tensor:
        return _mixed(self, x, None)


class RowConditionedResidual(ConditionedResidual):
    """The same with scale and shift."""

    def forward(self, x: Tensor, conditioning: Tensor) -> Tensor:
        return _mixed(self, x, rows_of(self.film(conditioning)))
