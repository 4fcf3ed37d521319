"""The decoders' convolutions as products of matrices whose rows are frames: how they are played.

What they give lies in memory frame by frame, as the next product wants it. A transposed convolution of kernel 4 and
stride 2 is one product: of each pair of neighbouring frames it makes the second of one frame's two and the first of the
next one's, which follow each other. In float32 two such pairs share a third of their multiplications (Karatsuba), and
three taps take two thirds of theirs where there are kernels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from musika_daw.model.native import kernels
from musika_daw.model.native.rows import ThreeTaps
from musika_daw.model.official.layers import AddNoise, Noise, NoisyConv, SameConv, Upsample


class RowConv(nn.Conv1d):
    """A convolution of one tap, in float32."""

    def forward(self, x: Tensor) -> Tensor:
        rows = x.transpose(1, 2).float()
        return F.linear(rows, self.weight.squeeze(2), self.bias).transpose(1, 2)


class RowSameConv(SameConv):
    """`SameConv` in the precision of its weights, `[outputs, kernel * inputs]`."""

    taps: ThreeTaps | None

    def prepare(self, dtype: torch.dtype) -> None:
        """Lays the weights out."""
        fewer = self.kernel_size == (3,) and self.stride == (1,) and dtype is torch.float32 and kernels() is not None
        self.taps = ThreeTaps.of(self.weight, self.bias, 1) if fewer else None
        self.weight = nn.Parameter(self.weight.transpose(1, 2).flatten(1).to(dtype).contiguous(), requires_grad=False)
        if self.bias is not None:
            self.bias = nn.Parameter(self.bias.to(dtype), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        rows, library = x.transpose(1, 2).to(self.weight.dtype), kernels()
        if self.taps is not None and library is not None:
            return self.taps(library, rows.contiguous()).transpose(1, 2)
        (size,), (stride,) = self.kernel_size, self.stride
        left, right = self.uneven or (int(self.padding[0]),) * 2
        padded = F.pad(rows, (0, 0, left, right)).contiguous()
        batch, frames, channels = padded.shape
        count = (frames - size) // stride + 1
        taps = padded.as_strided((batch, count, size, channels), (frames * channels, stride * channels, channels, 1))
        made = F.linear(taps.reshape(batch * count, size * channels), self.weight, self.bias)
        return made.view(batch, count, -1).transpose(1, 2)


class RowUpsample(Upsample):
    """`Upsample` in the precision of its weights: those of a pair's earlier frame, of both, of its later frame."""

    def prepare(self, dtype: torch.dtype) -> None:
        """Lays the weights out: `[3, inputs, 2 * outputs]` in float32, `[2 * outputs, 2 * inputs]` otherwise."""
        one, two, three, four = self.weight.unbind(2)  # [inputs, outputs] each
        earlier, later = torch.cat([three, four], 1), torch.cat([one, two], 1)
        if dtype is torch.float32:
            weights = torch.stack([earlier, earlier + later, later])
        else:
            weights = torch.cat([earlier, later]).T.to(dtype).contiguous()
        self.weight = nn.Parameter(weights, requires_grad=False)
        assert self.bias is not None
        self.bias = nn.Parameter(self.bias.repeat(2).to(dtype), requires_grad=False)

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:  # noqa: A002  torch's own names
        rows = input.transpose(1, 2).to(self.weight.dtype)
        batch, frames, _ = rows.shape
        pairs = self._in_thirds(rows) if self.weight.ndim == 3 else self._whole(rows)
        return pairs.view(batch, -1, self.out_channels)[:, 1 : 2 * frames + 1].transpose(1, 2)

    def _whole(self, rows: Tensor) -> Tensor:
        padded = F.pad(rows, (0, 0, 1, 1))
        batch, frames, channels = padded.shape
        both = padded.as_strided((batch, frames - 1, 2 * channels), (frames * channels, channels, 1))
        return F.linear(both.reshape(batch * (frames - 1), 2 * channels), self.weight, self.bias)

    def _in_thirds(self, rows: Tensor) -> Tensor:
        """Of frames a, b, c: `[a, b]` makes A a + B b, `[b, c]` makes A b + B c, with (A + B) b in both."""
        batch, frames, channels = rows.shape
        count = frames // 2 + 1
        padded = F.pad(rows, (0, 0, 1, 2 * count - frames))
        first, middle, last = padded[:, 0:-1:2], padded[:, 1::2], padded[:, 2::2]
        told = rows.new_empty(3, batch, count, channels)
        torch.sub(first, middle, out=told[0])
        told[1] = middle
        torch.sub(last, middle, out=told[2])
        before, both, after = torch.bmm(told.flatten(1, 2), self.weight)
        both += self.bias
        made: Tensor = both.new_empty(batch * count, 2, both.shape[1])
        torch.add(before, both, out=made[:, 0])
        torch.add(both, after, out=made[:, 1])
        return made


class RowNoise(AddNoise):
    """Noise in the precision of what it is added to."""

    def forward(self, x: Tensor, noise: Noise) -> Tensor:
        if noise is None:
            return x
        return x + (self.weight * noise(x.shape[0], x.shape[2])).to(x.dtype)


def for_playing(decoder: nn.Module, dtype: torch.dtype = torch.float32) -> None:
    """Makes products of matrices of a decoder's convolutions, for inference, in place; the last ones in float32."""
    for module in list(decoder.modules()):
        if isinstance(module, NoisyConv) and module.norm is not None:
            _fold_norm(module, module.norm)
        elif type(module) is AddNoise:
            module.__class__ = RowNoise
        elif type(module) is SameConv:
            module.__class__ = RowSameConv
        elif type(module) is Upsample:
            module.__class__ = RowUpsample
        elif type(module) is nn.Conv1d:
            module.__class__ = RowConv
        if isinstance(module, RowSameConv | RowUpsample):
            module.prepare(dtype)


def _fold_norm(step: NoisyConv, norm: nn.BatchNorm1d) -> None:
    """Lets convolution and noise do what a batch norm does to them; they come after it in `modules`."""
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None and variance is not None
    scale = norm.weight * torch.rsqrt(variance + norm.eps)
    bias = torch.zeros_like(mean) if step.conv.bias is None else step.conv.bias
    outputs = (1, -1, 1) if isinstance(step.conv, Upsample) else (-1, 1, 1)
    step.conv.weight = nn.Parameter(step.conv.weight * scale.view(outputs), requires_grad=False)
    step.conv.bias = nn.Parameter((bias - mean) * scale + norm.bias, requires_grad=False)
    step.noise.weight = nn.Parameter(step.noise.weight * scale[:, None], requires_grad=False)
    step.norm = None
