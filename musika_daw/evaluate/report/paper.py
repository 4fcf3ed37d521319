"""What the paper printed (Pasini & Schlüter 2022): other music, other hardware, another embedding than ours."""

from __future__ import annotations

from dataclasses import dataclass

DENSITIES = (0.15, 0.30, 0.45, 0.60, 0.75)
"""The constant values of table 2."""

FAD_UNCONDITIONED = 1.641
FAD_RANDOM = 2.150
FAD_CONSTANT = dict(zip(DENSITIES, (2.584, 3.400, 4.389, 4.839, 5.434), strict=True))
FAD_UNAGAN = 11.183
FAD_ABOUT = "VGGish, 22.05 kHz piano (MAESTRO)"

TEMPOS = (120.0, 160.0)
"""Of the techno samples in figure 3."""

FIGURE_SECONDS = 23.0


@dataclass(frozen=True)
class PaperSpeed:
    """A row of table 1: seconds of music made in a second."""

    name: str
    gpu: int
    cpu: int


SPEEDS = (
    PaperSpeed("Musika, unconditional, piano", 972, 40),
    PaperSpeed("Musika, conditional, piano", 921, 40),
    PaperSpeed("UNAGAN, piano", 28, 11),
    PaperSpeed("Musika, unconditional, techno", 994, 39),
    PaperSpeed("Musika, conditional, techno", 917, 39),
)
SPEED_HARDWARE = "RTX 2080 Ti, Ryzen 3950x (16 cores), mean of 100 trials"
