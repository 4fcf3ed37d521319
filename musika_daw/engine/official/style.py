"""Styles of the official family: a number each, and what lies between four of them."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.presets.styles import slerp
from musika_daw.engine.score import Morph
from musika_daw.model.official.coordinates import style_vector
from musika_daw.model.official.sizes import OfficialSize

Vector = NDArray[np.float32]


def style_number(style: str) -> int:
    """A style's number; named styles, which belong to our own models, stand for one each."""
    return int(style) if style.isdigit() else zlib.crc32(style.encode())


def find_style(style: str | Morph, truncation: float, size: OfficialSize) -> Vector:
    """The style vector, `[coordinates]`."""
    if not isinstance(style, Morph):
        return style_vector(style_number(style), truncation, size)
    a, b, c, d = (style_vector(style_number(name), truncation, size) for name in style.anchors)
    return slerp(slerp(a, b, style.x), slerp(c, d, style.x), style.y)
