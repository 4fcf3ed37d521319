"""Names that were meant: what is nearest to a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_ALIKE = 0.6  # share of letters in common, as difflib counts it


def same_name(word: str, names: Iterable[str]) -> str | None:
    """The name that a word stands for if capitals, spaces, dashes and underscores do not matter; None for none or two.

    A name that is written exactly so comes before others.
    """
    names = tuple(names)
    if word in names:
        return word
    found = [name for name in names if _letters(name) == _letters(word)]
    return found[0] if len(found) == 1 else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """`did you mean fathom? `, or nothing where no name is near: to be put before `expected`."""
    by_letters = {_letters(name): name for name in names if name}
    near = difflib.get_close_matches(_letters(word[:80]), by_letters, 1, _ALIKE)
    return f"did you mean {by_letters[near[0]]}? " if near else ""


def _letters(name: str) -> str:
    return "".join(name.casefold().replace("-", "_").replace(" ", "_").split())
