"""Kernels in C for what lies between the large products: one pass over memory where tensors would take several.

Whatever they compute has a twin in torch or numpy, which plays where there is neither a library nor a compiler for it;
the two agree to what each caller states. Kernels give the same bits on every processor. A process uses one of the two
ways from its start to its end, so that a stretch of a song is the same bits whenever it is made.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from musika_daw.compiled import NativePart
from musika_daw.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

NATIVE_VARIABLE = "MUSIKA_DAW_NATIVE"
"""`off` in this variable of the environment: the twins play."""

_HERE = Path(__file__).parent
PART = NativePart(
    "kernels",
    tuple(_HERE / name for name in ("spectra.c", "excitation.c", "rows.c", "drums.c")),
    (_HERE / "vector.h",),
    # Neither contraction nor reassociation: the same bits everywhere.
    ("-O3", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off"),
)

_POINTER, _INT, _LONG = ctypes.c_void_p, ctypes.c_int32, ctypes.c_int64
_SIGNATURES = {
    "band_features": [_POINTER, _POINTER, _POINTER, _LONG, _LONG, _INT, _INT, _POINTER],
    "pitched_spectra": [_POINTER, _POINTER, _INT, _POINTER, _LONG, _LONG, _POINTER, _INT, _LONG, _POINTER, _INT],
    "overlap_add": [_POINTER, _POINTER, _INT, _INT, _INT, _INT, _POINTER],
    "add_tone": [_POINTER, _LONG, _POINTER, _POINTER, _POINTER],
    "noise_in_bands": [_POINTER, _POINTER, _INT, _INT, _INT, _INT, _POINTER],
    "norm_rows": [_POINTER, _POINTER, _LONG, _INT, _POINTER],
    "norm_rows_bfloat16": [_POINTER, _POINTER, _INT, _INT, _INT, _INT, _POINTER],
    "silu_rows_bfloat16": [_POINTER, _POINTER, _LONG, _INT],
    "winograd_in": [_POINTER, _POINTER, _INT, _INT, _INT, _INT, _INT, _POINTER, _POINTER, _POINTER],
    "winograd_out": [_POINTER, _POINTER, _POINTER, _INT, _INT, _INT, _INT, _INT, _INT, _POINTER],
}


def kernels_for(tensor: Tensor) -> ctypes.CDLL | None:
    """The library for what is made of a tensor; None where the twin is needed: gradients go through it, or it lies on
    another device."""
    return None if tensor.requires_grad or tensor.device.type != "cpu" else kernels()


@cache
def kernels() -> ctypes.CDLL | None:
    """The compiled library, its functions typed (they release Python's lock); None where the twins are to play."""
    if os.environ.get(NATIVE_VARIABLE, "").lower() in ("off", "0"):
        return None
    try:
        library = PART.load()
    except UserError:
        return None
    for name, arguments in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = None, arguments
    return library
