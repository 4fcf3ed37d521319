"""Styles of a model of records: its songs, what lies between two of them, and what lies between four styles."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.presets.styles import slerp
from musika_daw.engine.score import Morph
from musika_daw.model.coordinates import STREAM_CHOICE, keyed_generator

Vector = NDArray[np.float32]


def find_style(style: str | Morph, songs: NDArray[np.float32]) -> Vector:
    """The style vector `[style]`; `songs`: `[songs, style]`.

    Numbers below the number of songs are those songs; larger ones lie somewhere between two. Names, which belong to
    other models, stand for a number each.
    """
    if isinstance(style, Morph):
        a, b, c, d = (find_style(name, songs) for name in style.anchors)
        return slerp(slerp(a, b, style.x), slerp(c, d, style.x), style.y)
    number = int(style) if style.isdigit() else zlib.crc32(style.encode())
    if number < len(songs):
        return np.asarray(songs[number], np.float32)
    generator = keyed_generator(number, STREAM_CHOICE, 0)
    one, other = generator.choice(len(songs), 2, replace=len(songs) < 2)
    return slerp(songs[one], songs[other], float(generator.uniform(0.2, 0.8)))
