"""Address patterns of OSC 1.0: `?`, `*`, `[a-f]`, `[!0-9]` and `{bass,lead}`, each within one part of an address.

Matching steps through the text with the set of places a match can have reached, so its cost is bounded by
pattern times text; there is no pattern that makes it explode, as there is of regular expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

_SPECIAL = frozenset("?*[]{}")
_LONGEST = 128
_Step = Callable[[str, set[int]], set[int]]


class PatternError(ValueError):
    """A pattern whose brackets do not close, or that is too long."""


def is_pattern(address: str) -> bool:
    """Whether an address stands for several."""
    return not _SPECIAL.isdisjoint(address)


def matching(pattern: str, addresses: Iterable[str]) -> list[str]:
    """Those of the addresses that a pattern stands for, in their order.

    Raises:
        PatternError: it is none.
    """
    if len(pattern) > _LONGEST:
        raise PatternError(f"a pattern of {len(pattern)} characters: expected at most {_LONGEST}")
    parts = [_compile(part) if is_pattern(part) else part for part in pattern.split("/")]
    found = []
    for address in addresses:
        texts = address.split("/")
        if len(texts) == len(parts) and all(map(_matches, parts, texts)):
            found.append(address)
    return found


def _matches(part: str | list[_Step], text: str) -> bool:
    if isinstance(part, str):
        return part == text
    places = {0}
    for step in part:
        places = step(text, places)
        if not places:
            return False
    return len(text) in places


def _compile(part: str) -> list[_Step]:
    steps: list[_Step] = []
    place = 0
    while place < len(part):
        character = part[place]
        if character in "[{":
            end = part.find("]" if character == "[" else "}", place)
            if end < 0:
                raise PatternError(f"{character} is not closed in {part}")
            inside = part[place + 1 : end]
            steps.append(_one_of(inside) if character == "[" else _alternatives(inside.split(",")))
            place = end
        elif character == "*":
            steps.append(_anything)
        elif character == "?":
            steps.append(_one_character)
        else:
            steps.append(_alternatives([character]))
        place += 1
    return steps


def _anything(text: str, places: set[int]) -> set[int]:
    return set(range(min(places), len(text) + 1))


def _one_character(text: str, places: set[int]) -> set[int]:
    return {place + 1 for place in places if place < len(text)}


def _alternatives(texts: list[str]) -> _Step:
    return lambda text, places: {p + len(each) for p in places for each in texts if text.startswith(each, p)}


def _one_of(inside: str) -> _Step:
    """`abc`, `a-f` or, with `!` first, none of them; a minus sign at the end is one."""
    without = inside.startswith("!")
    rest = inside[1:] if without else inside
    ranges = []
    place = 0
    while place < len(rest):
        width = 3 if rest[place + 1 : place + 2] == "-" and place + 2 < len(rest) else 1
        ranges.append((rest[place], rest[place + width - 1]))
        place += width

    def step(text: str, places: set[int]) -> set[int]:
        return {p + 1 for p in places if p < len(text) and any(a <= text[p] <= z for a, z in ranges) is not without}

    return step
