"""Last results of a method, kept in its object and gone with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar
from weakref import WeakMethod

P = ParamSpec("P")
R = TypeVar("R")


def remember(method: Callable[P, R], most: int) -> Callable[P, R]:
    """A bound method that keeps its last results; to be assigned to an attribute of its object.

    A plain `lru_cache` of a bound method refers to the object that holds it, so that both live until the garbage
    collector comes: versions of a song pile up meanwhile, and collecting them stops every thread, the one that writes
    sound, too.

    Args:
        most: results that are kept.
    """
    bound = WeakMethod(method)

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        alive = bound()
        assert alive is not None, "called through its object"
        result: R = alive(*args, **kwargs)
        return result

    kept: Callable[P, R] = lru_cache(maxsize=most)(call)  # type: ignore[assignment]  # its arguments are hashable
    return kept
