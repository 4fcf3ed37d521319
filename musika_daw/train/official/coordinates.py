"""Random coordinates for training: two neighbouring patches of a line through three anchors (paper, section 3.2)."""

from __future__ import annotations

import torch
from torch import Tensor

from musika_daw.model.official.coordinates import anchor_rows
from musika_daw.model.official.sizes import OfficialSize


def crop_starts(size: OfficialSize) -> tuple[int, ...]:
    """Rows at which the later code cuts: its generator then sees anchors at a patch's middle, or none."""
    return tuple(size.patch // 2 + size.patch * crop for crop in range(3))


def centred_line(anchors: Tensor, size: OfficialSize) -> Tensor:
    """The whole line through anchors `[3, B, C]`, halfway between its rows: `[B, C, 2 * anchor_rows]`."""
    rows = anchor_rows(size)
    share = (torch.arange(rows, device=anchors.device) + 0.5) / rows
    left, middle, right = (anchor[:, :, None] for anchor in anchors)
    return torch.cat([left + (middle - left) * share, middle + (right - middle) * share], 2)


def _line(anchors: Tensor, size: OfficialSize) -> Tensor:
    """The line of the paper's code, on its rows: `[B, C, 2 * anchor_rows - 1]`."""
    rows = anchor_rows(size)
    first = torch.arange(rows - 1, device=anchors.device) / (rows - 1)
    left, middle, right = (anchor[:, :, None] for anchor in anchors)
    last = torch.arange(rows, device=anchors.device) / (rows - 1)
    return torch.cat([left + (middle - left) * first, middle + (right - middle) * last], 2)


def random_inputs(batch: int, size: OfficialSize, generator: torch.Generator) -> Tensor:
    """Inputs of two neighbouring patches each: `[2 B, inputs, patch]`, all first ones before all second ones.

    One crop for the batch; extra inputs are zero. Conditioning is not among them: it comes from the music.
    """
    anchors = torch.randn(3, batch, size.coordinates, generator=generator)
    style = torch.randn(batch, size.coordinates, 1, generator=generator)
    width = 2 * size.patch
    if size.is_44k:
        starts = crop_starts(size)
        start = starts[int(torch.randint(len(starts), (), generator=generator))]
        line = centred_line(anchors, size)
    else:
        line = _line(anchors, size)
        start = int(torch.randint(line.shape[2] - width + 1, (), generator=generator))
    parts = [line[:, :, start : start + width], style.expand(-1, -1, width)]
    parts.append(line.new_zeros(batch, size.extra_inputs, width))
    return split_patches(torch.cat(parts, 1))


def split_patches(x: Tensor) -> Tensor:
    """`[B, C, 2 T]` -> `[2 B, C, T]`: all first patches before all second ones."""
    return torch.cat(x.chunk(2, 2), 0)


def join_patches(x: Tensor) -> Tensor:
    """The way back: `[2 B, C, T]` -> `[B, C, 2 T]`."""
    return torch.cat(x.chunk(2, 0), 2)


def swap_channels(latents: Tensor, generator: torch.Generator, stems: int = 1) -> Tensor:
    """Left and right of every stem's latents `[B, 2 depth stems, T]` exchanged, with a probability of one half for the
    batch."""
    if int(torch.randint(2, (), generator=generator)):
        swapped: Tensor = latents.unflatten(1, (stems, 2, -1)).flip(2).flatten(1, 3)
        return swapped
    return latents
