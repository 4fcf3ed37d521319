"""Results are kept as long as their object, which needs no garbage collector to go."""

from __future__ import annotations

import gc
import weakref

from musika_daw.remember import remember


class Squares:
    def __init__(self) -> None:
        self.asked: list[int] = []
        self.of = remember(self._make, 2)

    def _make(self, number: int) -> int:
        self.asked.append(number)
        return number**2


def test_the_last_results_are_kept() -> None:
    squares = Squares()
    assert [squares.of(number) for number in (3, 3, 4, 3, 5, 4)] == [9, 9, 16, 9, 25, 16]
    assert squares.asked == [3, 4, 5, 4]


def test_the_object_goes_when_nobody_holds_it() -> None:
    gc.disable()
    try:
        squares = Squares()
        squares.of(3)
        gone = weakref.ref(squares)
        del squares
        assert gone() is None
    finally:
        gc.enable()
