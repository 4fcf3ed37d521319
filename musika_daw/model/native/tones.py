"""The oscillators, natively: the twin of what `excitation` does with numpy."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


class _Tone(ctypes.Structure):
    _fields_ = [
        ("age", ctypes.c_int64),
        ("held", ctypes.c_int64),
        ("choked", ctypes.c_int64),
        ("hz_low", ctypes.c_double),
        ("hz_high", ctypes.c_double),
        ("sample_rate", ctypes.c_double),
        ("attack", ctypes.c_float),
        ("ring", ctypes.c_float),
        ("choke", ctypes.c_float),
        ("glide_length", ctypes.c_int32),
        ("glide", ctypes.c_void_p),
        ("table", ctypes.c_void_p),
    ]


@dataclass(frozen=True)
class Tone:
    """A note as its oscillators see it; times in samples from its onset.

    Attributes:
        choked: from where on it is choked; None: it is not.
        hz: of both voices; of one alone, twice the same.
        attack, ring, choke: length of the rise, time constants.
        glide: seconds gained at each age, the last for good; None: it does not slide.
        table: one cycle, odd harmonics in the real part, even ones in the imaginary.
    """

    held: int
    choked: int | None
    hz: tuple[float, float]
    sample_rate: float
    attack: float
    ring: float
    choke: float
    glide: NDArray[np.float64] | None
    table: NDArray[np.complex64]


def add_tone(library: ctypes.CDLL, tone: Tone, age: int, out: NDArray[np.float32], first: int, last: int) -> None:
    """Adds a note, from its age on, to samples `[first, last)` of `out` `[3, samples]`."""
    told = _Tone(
        age,
        tone.held,
        -1 if tone.choked is None else tone.choked,
        *tone.hz,
        tone.sample_rate,
        tone.attack,
        tone.ring,
        tone.choke,
        0 if tone.glide is None else len(tone.glide),
        None if tone.glide is None else tone.glide.ctypes.data,
        tone.table.ctypes.data,
    )
    channels = [out.ctypes.data + channel * out.strides[0] + first * out.itemsize for channel in range(3)]
    library.add_tone(ctypes.addressof(told), last - first, *channels)
