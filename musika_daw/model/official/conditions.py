"""What a conditioned model of the official family is told of each latent, beside coordinates and style (section 5).

Rows are level-2 latents; one is described at its centre. A model knows some of the signals, in this order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CONDITION_SIGNALS = {"density": 1, "tempo": 1, "beat_phase": 4}
"""Signal -> channels; of density every stem has one."""
BEAT_SIGNALS = ("tempo", "beat_phase")
_MIDDLE_BPM = 120.0


def signal_channels(signals: Sequence[str], stems: int = 1) -> dict[str, int]:
    """Channels of each of the signals, for so many stems."""
    return {name: CONDITION_SIGNALS[name] * (stems if name == "density" else 1) for name in signals}


def condition_channels(signals: Sequence[str], stems: int = 1) -> int:
    """Channels that the signals take together."""
    return sum(signal_channels(signals, stems).values())


def condition_rows(
    signals: Sequence[str], density: NDArray[np.float64], bpm: NDArray[np.float64], beats: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Conditioning of rows: `[rows, condition_channels(signals, stems)]`.

    Args:
        density: 0..1 of each row and stem, `[rows, stems]`.
        bpm: tempo; NaN where there is no steady beat.
        beats: song position in beats; NaN where there is no steady beat. A phase of zeros then tells so.
    """
    angle = 2 * np.pi * beats
    phases = np.stack([f(k * angle) for k in (1, 2) for f in (np.sin, np.cos)], 1)
    columns = {
        "density": 2 * density - 1,
        "tempo": 2 * np.log2(bpm / _MIDDLE_BPM)[:, None],
        "beat_phase": phases,
    }
    known = [columns[name] for name in CONDITION_SIGNALS if name in signals]
    return np.asarray(np.nan_to_num(np.concatenate([np.empty((len(density), 0)), *known], 1)), np.float32)
