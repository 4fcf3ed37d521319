"""Networks made ready to play: what they compute stays the same, how is chosen for short windows on a processor.

Every convolution becomes one product of matrices whose rows are frames. Windows are so short that a convolution would
spend half of its time on bringing its weights into the order that it likes.

The inner ones of generator and decoders run in bfloat16 on processors that have instructions for it. What is summed up
over layers, and the last layer of each network, stay in float32: what is heard changes by less than the latent noise
that the decoders were trained with. The pattern net stays whole, as a note is there or not.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class RowConv1d(nn.Conv1d):
    """A convolution between float32 layers, in the precision of its weights; those of all taps lie side by side.

    What it gives lies in memory frame by frame, and so does what element-wise layers make of it: the next one need not
    turn it round.
    """

    def forward(self, x: Tensor) -> Tensor:
        rows = x.transpose(1, 2).to(self.weight.dtype).contiguous()
        batch, frames, channels = rows.shape
        (size,), (dilation,) = self.kernel_size, self.dilation
        if size > 1:
            around = dilation * (size // 2)
            rows = F.pad(rows, (0, 0, around, around))
            rows = rows.as_strided((batch, frames, size, channels), (rows.stride(0), channels, dilation * channels, 1))
        # Two dimensions: with three, the weights would be copied for each of a batch.
        made = F.linear(rows.reshape(batch * frames, size * channels), self.weight, self.bias)
        return made.float().view(batch, frames, -1).transpose(1, 2)


def has_fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32 (AVX-512 BF16 or AMX)."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def for_playing(network: nn.Module, inner: torch.dtype) -> None:
    """Makes products of matrices of a network's convolutions, for inference, in place; all but the last in `inner`."""
    convolutions = [module for module in network.modules() if type(module) is nn.Conv1d]
    for convolution in convolutions:
        dtype = torch.float32 if convolution is convolutions[-1] else inner
        taps = convolution.weight.to(dtype).transpose(1, 2).flatten(1).contiguous()
        convolution.weight = nn.Parameter(taps, requires_grad=False)
        if convolution.bias is not None:
            convolution.bias = nn.Parameter(convolution.bias.to(dtype), requires_grad=False)
        convolution.__class__ = RowConv1d
