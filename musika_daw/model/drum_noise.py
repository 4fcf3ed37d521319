"""The noise of drums, in bands: a table that repeats every `PERIOD` samples of the song.

The same position always gets the same noise, whatever is made before or after, and no two moments of a hit are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from musika_daw.model.native import kernels_for

PERIOD = 131072  # samples, 2.97 s
SAMPLE_RATE = 44100
BLOCK = 64  # samples between two levels of the noise
_LOWEST_HZ, _HIGHEST_HZ = 200.0, 19000.0
_AFTER, _BEFORE = 6, 8  # blocks around a stroke in which networks may be wrong about its time


def place_in_bands(hz: NDArray[np.float64], bands: int) -> NDArray[np.float64]:
    """Frequencies -> numbers of bands, between two of them where a frequency lies between their centres."""
    centres = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, bands)
    return np.asarray(np.interp(np.log2(np.maximum(hz, 1.0)), np.log2(centres), np.arange(bands)), np.float64)


@cache
def noise_bands(bands: int) -> Tensor:
    """White noise in bands of equal steps in log frequency: `[PERIOD / BLOCK, bands, BLOCK]`.

    The bands are triangles cut out of the same noise: equal levels give white noise of standard deviation 1 times them.
    Transformed by numpy in double precision: the last bits of torch's transforms depend on how many threads it has.
    """
    generator = torch.Generator("cpu").manual_seed(21)
    spectrum = np.fft.rfft(torch.randn(PERIOD, generator=generator, device="cpu").numpy().astype(np.float64))
    hz = np.asarray(np.fft.rfftfreq(PERIOD, 1 / SAMPLE_RATE), np.float64)
    place = place_in_bands(hz, bands)
    shapes = np.maximum(0.0, 1.0 - np.abs(place[None] - np.arange(bands)[:, None]))
    # Below the first band: a slope of 12 dB an octave.
    shapes[0] *= np.minimum(1.0, (hz / _LOWEST_HZ) ** 2)
    filtered = np.fft.irfft(spectrum * shapes, PERIOD).astype(np.float32)
    return torch.from_numpy(filtered).view(bands, PERIOD // BLOCK, BLOCK).transpose(0, 1).contiguous()


def shape_noise(table: Tensor, levels: Tensor, first_block: int) -> Tensor:
    """Noise at `levels` `[B, 2, K, bands]` (mid and side, one for every `BLOCK` samples, joined by straight lines)
    -> `Tensor[B, 2, K * BLOCK]`; `first_block`: position in the song. The side reads half a period further on."""
    library = kernels_for(levels)
    if library is None:
        return _shape_noise(table, levels, first_block)
    batch, _, count, bands = levels.shape
    ends = torch.cat([levels, levels[:, :, -1:]], 2).contiguous()
    out = torch.empty(batch, 2, count * BLOCK)
    for one in range(batch):
        for side, apart in enumerate((0, len(table) // 2)):
            place = (first_block + apart) % len(table)
            arguments = ends[one, side].data_ptr(), table.data_ptr(), len(table), bands, count, place
            library.noise_in_bands(*arguments, out[one, side].data_ptr())
    return out


def _shape_noise(table: Tensor, levels: Tensor, first_block: int) -> Tensor:
    """The kernel's twin, through which gradients go; the two agree to -120 dB."""
    batch, _, count, bands = levels.shape
    following = torch.cat([levels[:, :, 1:], levels[:, :, -1:]], 2)
    both = torch.stack([levels, following], 4)  # [B, 2, K, bands, this/next]
    rise = (torch.arange(BLOCK, device=levels.device) + 0.5) / BLOCK
    index = torch.arange(count, device=levels.device) + first_block
    sides = []
    for side, apart in enumerate((0, len(table) // 2)):
        noise = table[(index + apart) % len(table)]  # [K, bands, BLOCK]
        rows = both[:, side].permute(1, 0, 3, 2).reshape(count, 2 * batch, bands)
        now, soon = torch.bmm(rows, noise).view(count, batch, 2, BLOCK).unbind(2)
        sides.append(torch.lerp(now, soon, rise).transpose(0, 1).reshape(batch, count * BLOCK))
    return torch.stack(sides, 1)


def levels_of_blocks(levels: Tensor, blocks: int) -> Tensor:
    """A level for every block by straight lines between the middles of frames: `[..., K, bands]` -> `[..., blocks * K,
    bands]`. So nothing can ripple at the rate of the frames while a level stays."""
    before, after = levels[..., :1, :], levels[..., -1:, :]
    around = torch.cat([before, levels, after], -2)
    # The level of a block is that of its start: half a frame lies before the middle of the first.
    share = (torch.arange(blocks, device=levels.device) / blocks + 0.5)[:, None]
    early = torch.lerp(around[..., :-2, None, :], around[..., 1:-1, None, :], share)
    late = torch.lerp(around[..., 1:-1, None, :], around[..., 2:, None, :], share - 1)
    return torch.where(share < 1, early, late).flatten(-3, -2)


def strike(levels: Tensor, strokes: Sequence[NDArray[np.int64]], first_block: int) -> Tensor:
    """Levels `[B, C, K, bands]` that jump where a stroke falls; a network only knows that to some milliseconds.

    From a stroke on the level is at once as high as it will become within `_AFTER` blocks, and until then as low as it
    was within `_BEFORE`: what rings through a stroke stays as it is.

    Args:
        strokes: of each item, samples of the song.
        first_block: position in the song.
    """
    windows = [_windows(-(-samples // BLOCK) - first_block, levels.shape[2]) for samples in strokes]
    item = np.repeat(np.arange(len(windows)), [len(of_item) for of_item in windows])
    if not len(item):
        return levels
    block, first, end, highest = np.concatenate(windows).T
    index = np.minimum(first[:, None] + np.arange(max(_AFTER, _BEFORE)), end[:, None] - 1)
    items, blocks, rising = (torch.from_numpy(x).to(levels.device) for x in (item, block, highest == 1))
    around = levels.transpose(1, 2)[items[:, None], torch.from_numpy(index).to(levels.device)]
    taken = torch.where(rising[:, None, None], around.amax(1), around.amin(1))
    return levels.transpose(1, 2).index_put((items, blocks), taken).transpose(1, 2)


def _windows(places: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Blocks of `count` whose level changes as strokes fall in the blocks `places`: `[changed, 4]` of the block, the
    first and the end of those it takes its level from, and whether it takes the highest of them (1) or the lowest."""
    places = np.unique(places[(places > 0) & (places < count + _BEFORE)])
    found: dict[int, tuple[int, int, int, int]] = {}
    for place in places.tolist():
        end = min(place + _AFTER, count)
        found |= {block: (block, block, end, 1) for block in range(place, end)}
    for place in places.tolist():
        start = max(0, place - _BEFORE)
        found |= {block: (block, start, block + 1, 0) for block in range(start, min(place, count))}
    return np.array(list(found.values()), np.int64).reshape(-1, 4)
