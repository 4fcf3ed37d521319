"""Control moves of a take as automation: lanes of the MIDI controllers that the shipped map `generic_8_knobs` knows.

Sent back to Musika DAW with that map, they move the same controls at the same places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from musika_daw.controls.move import Move
from musika_daw.controls.target import Target

CONTROLLERS: Mapping[tuple[Target, int], int] = {
    (Target("density"), 0): 70,
    (Target("brightness"), 0): 71,
    (Target("variation"), 0): 72,
    (Target("morph"), 0): 73,
    (Target("morph"), 1): 74,
    (Target("density", "drums"), 0): 75,
    (Target("density", "bass"), 0): 76,
    (Target("density", "lead"), 0): 77,
}
"""(control, which of its values) -> number of its controller; all of them go from 0 to 1."""

TRACK_NAME = "Musika controls"
CHANNEL = 1


@dataclass(frozen=True)
class Lane:
    """One controller over the take.

    Attributes:
        name: of the control.
        controller: its number.
        points: (song position in beats, value 0 to 1), in order; each holds until the next one.
    """

    name: str
    controller: int
    points: tuple[tuple[float, float], ...]


def lanes_of(moves: Iterable[tuple[float, Move]]) -> tuple[Lane, ...]:
    """The lanes of those moves that have a controller, in the order of the controllers.

    Args:
        moves: (song position in beats, move), in order.
    """
    points: dict[tuple[Target, int], dict[float, float]] = defaultdict(dict)
    for beat, move in moves:
        for place, value in enumerate(move.values):
            if (move.target, place) in CONTROLLERS and isinstance(value, int | float):
                points[move.target, place][beat] = min(max(float(value), 0.0), 1.0)  # the last one at a place counts
    return tuple(
        Lane(_name(target, place), number, tuple(points[target, place].items()))
        for (target, place), number in CONTROLLERS.items()
        if (target, place) in points
    )


def _name(target: Target, place: int) -> str:
    """`density`, `drums density`, `morph x`."""
    axis = ["xy"[place]] if target.control == "morph" else []
    return " ".join([*([target.stem] if target.stem else []), target.control, *axis])
