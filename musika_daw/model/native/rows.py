"""Norm, SiLU and convolutions of three taps around products of matrices, natively. All tensors are rows of frames."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import torch
from torch import Tensor


def norm_rows(library: ctypes.CDLL, rows: Tensor, gain: Tensor) -> Tensor:
    """float32 `[..., C]`, each row over its root mean square, times `gain` `[C]`."""
    out = torch.empty_like(rows)
    channels = rows.shape[-1]
    library.norm_rows(rows.data_ptr(), gain.data_ptr(), rows.numel() // channels, channels, out.data_ptr())
    return out


def norm_padded(library: ctypes.CDLL, rows: Tensor, gain: Tensor | None, around: int) -> Tensor:
    """float32 `[B, T, C]` -> bfloat16 `[B, T + 2 * around, C]`, through the norm of `gain` if there is one."""
    batch, frames, channels = rows.shape
    out = torch.empty(batch, frames + 2 * around, channels, dtype=torch.bfloat16)
    library.norm_rows_bfloat16(
        rows.data_ptr(), None if gain is None else gain.data_ptr(), batch, frames, channels, around, out.data_ptr()
    )
    return out


def silu_in_place(library: ctypes.CDLL, rows: Tensor, film: Tensor | None) -> None:
    """bfloat16 `[N, C]`, scaled and shifted by `film` float32 `[N, 2 C]` where there is one."""
    library.silu_rows_bfloat16(rows.data_ptr(), None if film is None else film.data_ptr(), *rows.shape)


@dataclass(frozen=True)
class ThreeTaps:
    """A convolution of three taps, its output as long as its input, in float32.

    Agrees with the plain convolution to -110 dB.

    Attributes:
        weights: `[4, inputs, outputs]`, transformed.
        bias: `[outputs]`.
        dilation: frames between taps.
    """

    weights: Tensor
    bias: Tensor
    dilation: int

    @staticmethod
    def of(weight: Tensor, bias: Tensor | None, dilation: int) -> ThreeTaps:
        """`weight`: `[outputs, inputs, 3]`, as of `nn.Conv1d`."""
        first, middle, last = weight.permute(2, 1, 0)
        both = 0.5 * (first + last)
        weights = torch.stack([first, both + 0.5 * middle, both - 0.5 * middle, last])
        return ThreeTaps(weights, weight.new_zeros(len(weight)) if bias is None else bias, dilation)

    def __call__(
        self,
        library: ctypes.CDLL,
        rows: Tensor,
        gain: Tensor | None = None,
        film: Tensor | None = None,
        silu: bool = False,
    ) -> Tensor:
        """Contiguous float32 `[B, T, inputs]` -> `[B, T, outputs]`.

        Args:
            gain: of a norm before it, `[inputs]`.
            film: scale and shift after it, `[B, T, 2 * outputs]`.
            silu: goes through SiLU at last.
        """
        batch, frames, inputs = rows.shape
        pairs = -(-frames // (2 * self.dilation)) * self.dilation
        outputs = self.weights.shape[2]
        told = torch.empty(4, batch * pairs, inputs)
        work, zeros = torch.empty(frames), torch.zeros(inputs)
        library.winograd_in(
            rows.data_ptr(),
            None if gain is None else gain.data_ptr(),
            batch,
            frames,
            pairs,
            self.dilation,
            inputs,
            work.data_ptr(),
            zeros.data_ptr(),
            told.data_ptr(),
        )
        products = torch.bmm(told, self.weights)
        out = torch.empty(batch, frames, outputs)
        library.winograd_out(
            products.data_ptr(),
            self.bias.data_ptr(),
            None if film is None else film.data_ptr(),
            silu,
            batch,
            frames,
            pairs,
            self.dilation,
            outputs,
            out.data_ptr(),
        )
        return out
