"""The coordinates of an official model: anchors at fixed distances, straight lines between them (paper, section 3.2).

Rows are level-2 latents counted from the start of a song. An anchor depends on seed and number alone, so any stretch
of an endless song can be made without the ones before it. Before it starts, a song has the anchors that it needs there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musika_daw.model.coordinates import keyed_generator
from musika_daw.model.official.sizes import OfficialSize

# Apart from the streams that our own models use.
STREAM_ANCHOR, STREAM_STYLE, STREAM_GENERATOR_NOISE, STREAM_DECODER_NOISE = range(16, 20)
DEFAULT_TRUNCATION = 2.0
LOWEST_TRUNCATION = 0.05
_ANCHOR_TRUNCATION_22K = 1.75  # anchors of the paper's code are never drawn from less
Row = NDArray[np.float32]


def truncated_normal(random: np.random.Generator, count: int, limit: float) -> NDArray[np.float32]:
    """Standard normal values within ±limit; what falls outside is drawn anew."""
    values = random.standard_normal(count)
    while (outside := np.abs(values) > limit).any():
        values[outside] = random.standard_normal(int(outside.sum()))
    return values.astype(np.float32)


def anchor_rows(size: OfficialSize) -> int:
    """Rows from one anchor to the next: three patches in the later code, two in the paper's."""
    return 3 * size.patch if size.is_44k else 2 * size.patch


def first_row(size: OfficialSize) -> float:
    """Where the song's row 0 lies behind anchor 0.

    The later code means neighbouring rows and drops half a patch: anchors then fall into the middle of patches.
    """
    return size.patch / 2 + 0.5 if size.is_44k else 0.0


def interpolate(anchors: NDArray[np.float32], rows: NDArray[np.float64], size: OfficialSize) -> NDArray[np.float32]:
    """Coordinates at rows of the song, between anchors that are given: `[anchors, C]` -> `[len(rows), C]`."""
    position = (rows + first_row(size)) / anchor_rows(size)
    index = np.floor(position).astype(np.int64)
    share = (position - index)[:, None]
    return np.asarray((1 - share) * anchors[index] + share * anchors[index + 1], np.float32)


def style_vector(seed: int, truncation: float, size: OfficialSize) -> NDArray[np.float32]:
    """The style vector of a seed, `[coordinates]`."""
    return truncated_normal(keyed_generator(seed, STREAM_STYLE, 0), size.coordinates, truncation)


def coordinates_at(seed: int, rows: NDArray[np.int64], truncation: float, size: OfficialSize) -> NDArray[np.float32]:
    """Coordinates of a seed at rows of the song: `[len(rows), coordinates]`."""
    spacing = anchor_rows(size)
    position = rows + first_row(size)
    first = int(np.floor(position.min() / spacing))
    last = int(np.floor(position.max() / spacing)) + 1
    limit = truncation if size.is_44k else max(truncation, _ANCHOR_TRUNCATION_22K)
    sources = (keyed_generator(seed, STREAM_ANCHOR, number) for number in range(first, last + 1))
    anchors = np.stack([truncated_normal(source, size.coordinates, limit) for source in sources])
    return interpolate(anchors, (rows - first * spacing).astype(np.float64), size)
