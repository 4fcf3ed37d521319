"""Soft take-over: a knob that stands elsewhere than its value moves nothing until it passes by there."""

from __future__ import annotations

_NEAR = 1.5 / 127  # of the way: closer is passing by, as knobs have steps


class TakeOver:
    """One knob and the value it moves, both as ways 0-1."""

    def __init__(self) -> None:
        self._last: float | None = None  # way of the knob
        self._held: float | None = None  # way of the value since the knob holds it

    def holds(self, way: float, current: float) -> bool:
        """The knob is at `way` now and its value at `current`: may it move the value?"""
        last, self._last = self._last, way
        if self._held is not None and abs(current - self._held) > _NEAR:
            self._held = None  # somebody else moved it
        if self._held is None:
            passed = last is not None and min(last, way) <= current <= max(last, way)
            if not passed and abs(way - current) > _NEAR:
                return False
        self._held = way
        return True
