"""How well onsets that were found agree with those that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SAME_SECONDS = 0.02


def merge_onsets(seconds: Sequence[float]) -> NDArray[np.float64]:
    """Sorted, those closer than 20 ms taken as one."""
    merged: list[float] = []
    for at in sorted(seconds):
        if not merged or at - merged[-1] > _SAME_SECONDS:
            merged.append(at)
    return np.array(merged)


@dataclass(frozen=True)
class OnsetAgreement:
    precision: float
    recall: float
    f_measure: float


def onset_agreement(
    found: NDArray[np.float64], wanted: NDArray[np.float64], tolerance_seconds: float = 0.03
) -> OnsetAgreement:
    """One-to-one matching in order of time; an empty pair agrees."""
    hits, i, j = 0, 0, 0
    while i < len(found) and j < len(wanted):
        apart = found[i] - wanted[j]
        if abs(apart) <= tolerance_seconds:
            hits, i, j = hits + 1, i + 1, j + 1
        elif apart < 0:
            i += 1
        else:
            j += 1
    if not len(found) and not len(wanted):
        return OnsetAgreement(1.0, 1.0, 1.0)
    precision, recall = hits / max(len(found), 1), hits / max(len(wanted), 1)
    return OnsetAgreement(precision, recall, 2 * hits / (len(found) + len(wanted)))
