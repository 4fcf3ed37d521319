"""What a latent frame describes: bands of the long and the short spectra, and where each lies in a feature vector.

Long spectra (93 ms) hold pitch, short ones (12 ms) hold attacks. Of the mid every bin below 5.5 kHz is described by
itself: what lies above is heard as bands. The side is described in bands, with its correlation to the mid.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor

from musika_daw.model.stft import margin

SAMPLE_RATE = 44100
FRAME = 4096  # samples per latent frame
N, HOP = 4096, 1024  # long spectra
SHORT_N, SHORT_HOP = 512, 256  # short spectra
LONGS, SHORTS = FRAME // HOP, FRAME // SHORT_HOP
BINS, SHORT_BINS = N // 2 + 1, SHORT_N // 2 + 1
TONES = 512  # bins of the mid that stand for themselves, up to 5.5 kHz
EDGE = margin(N, HOP)  # samples of context on either side of what is encoded
_TOP = 1857  # bin of 20 kHz


def _edges(first: int, ratio: float) -> list[int]:
    """Edges of bands that are one bin wide at least and grow by `ratio`, from `first` to 20 kHz."""
    edges = [first]
    while edges[-1] < _TOP:
        edges.append(min(_TOP, max(edges[-1] + 1, round(edges[-1] * ratio))))
    return edges


HIGH_EDGES = _edges(TONES, 1.028)
SIDE_EDGES = [0, *_edges(1, 1.04)]
COSINE_EDGES = [0, 8, 16, 28, 44, 64, 90, 124, 168, 224, 300, 400, 540, 740, 1040, 1440, _TOP]
ATTACK_EDGES = [2, 4, 6, 9, 13, 19, 28, 41, 60, 90, 140, 234]  # of the short spectra, from 172 Hz
HIGHS, SIDES, COSINES, ATTACKS = (len(e) - 1 for e in (HIGH_EDGES, SIDE_EDGES, COSINE_EDGES, ATTACK_EDGES))
_PER_LONG = TONES + HIGHS + SIDES + COSINES
FEATURES = LONGS * _PER_LONG + SHORTS * ATTACKS
"""Numbers that describe a latent frame before it is encoded."""
LONG_SPLIT = [TONES, HIGHS, SIDES, COSINES]


def band_mean(edges: Sequence[int], bins: int) -> Tensor:
    """`[bins, bands]`: the mean over each band."""
    matrix = torch.zeros(bins, len(edges) - 1)
    for band, (low, high) in enumerate(itertools.pairwise(edges)):
        matrix[low:high, band] = 1.0 / (high - low)
    return matrix


def band_of_bin(edges: Sequence[int], bins: int) -> tuple[Tensor, Tensor]:
    """Band that each bin belongs to `[bins]`, and 1 where it belongs to any, else 0."""
    index = torch.zeros(bins, dtype=torch.long)
    inside = torch.zeros(bins)
    for band, (low, high) in enumerate(itertools.pairwise(edges)):
        index[low:high], inside[low:high] = band, 1.0
    return index, inside


def between_bands(edges: Sequence[int], bins: int) -> Tensor:
    """`[bands, bins]`: linear interpolation between the centres of bands; nothing below the first band."""
    centres = (torch.tensor(edges[:-1]) + torch.tensor(edges[1:])).float() / 2
    places = torch.arange(bins).float().clamp(float(centres[0]), float(centres[-1]))
    above = torch.searchsorted(centres, places).clamp(1, len(centres) - 1)
    share = (places - centres[above - 1]) / (centres[above] - centres[above - 1])
    matrix = torch.zeros(len(centres), bins)
    columns = torch.arange(bins)
    matrix[above - 1, columns] = 1 - share
    matrix[above, columns] += share
    matrix[:, : edges[0]] = 0.0
    return matrix
