"""The form of a song: its sections, from which bar on each sounds, and where in it a place lies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from musika_daw.errors import UserError
from musika_daw.near_names import did_you_mean, same_name

KINDS = ("intro", "build", "drop", "break", "outro", "groove", "fill")
"""What a section can be; `groove` is as the controls stand."""
OPEN_BARS = 16
"""Over which a section without an end develops."""
MOST_BARS = 4096
_MOST_SECTIONS = 256
_OFF = "off"
_START = re.compile(r"\s*from\s+(?:bar\s+)?(\d+)\s*:\s*", re.IGNORECASE)
_SECTION = re.compile(r"\s*([A-Za-z]+)(?:\s+(\d+))?(?:\s*bars?)?\s*")
_EXAMPLE = "intro 8, build 8, drop 32, break 16, drop 32, outro 8"


@dataclass(frozen=True)
class Section:
    """A stretch of whole bars.

    Attributes:
        kind: one of `KINDS`.
        first_bar: from 0.
        bars: length; 0: until the song ends.
    """

    kind: str
    first_bar: int
    bars: int

    @property
    def end_bar(self) -> int | None:
        """The bar that follows it; None for the last one of a song."""
        return self.first_bar + self.bars if self.bars else None

    def share(self, bar: float) -> float:
        """How much of it lies behind a place, 0-1."""
        return min(1.0, max(0.0, (bar - self.first_bar) / (self.bars or OPEN_BARS)))


@dataclass(frozen=True)
class Form:
    """Sections one after the other. Before them, and after them, the song is as its controls stand, but after an outro
    it is over.

    Attributes:
        fills: that lie over the sections, or where there are none.
    """

    sections: tuple[Section, ...] = ()
    fills: tuple[Section, ...] = ()

    def at(self, bar: int) -> Section | None:
        """The section that a bar lies in, fills first."""
        for section in (*self.fills, *self.sections):
            if section.first_bar <= bar and (section.end_bar is None or bar < section.end_bar):
                return section
        return None

    def is_over(self, bar: int) -> bool:
        """Whether a bar lies behind the song's end."""
        end = self.end_bar
        return end is not None and self.sections[-1].kind == "outro" and bar >= end

    @property
    def end_bar(self) -> int | None:
        """The bar that follows the last section; None if there is none, or none with an end."""
        return self.sections[-1].end_bar if self.sections else None

    def then(self, first_bar: int, sections: Sequence[tuple[str, int]]) -> Form:
        """The same until a bar, and from there on other sections."""
        kept = [
            section if section.end_bar is not None and section.end_bar <= first_bar else _cut(section, first_bar)
            for section in self.sections
            if section.first_bar < first_bar
        ]
        fills = tuple(fill for fill in self.fills if fill.first_bar < first_bar)
        return Form((*kept, *_in_a_row(first_bar, sections)), fills)

    def with_fill(self, bar: int) -> Form:
        """The same with a bar that is a fill."""
        fills = {fill.first_bar: fill for fill in (*self.fills, Section("fill", bar, 1))}
        return Form(self.sections, tuple(fills[first] for first in sorted(fills)))

    def since(self, bar: int) -> Form:
        """The same without what lies behind a bar."""
        sections, fills = (
            tuple(s for s in some if s.end_bar is None or s.end_bar > bar) for some in (self.sections, self.fills)
        )
        # An outro that is over leaves the song over.
        return Form(sections or self.sections[-1:], fills)

    def __str__(self) -> str:
        parts, at = [], 0
        for section in self.sections:
            start = "" if section.first_bar == at else f"from {section.first_bar + 1}: "
            parts.append(f"{start}{section.kind}{f' {section.bars}' if section.bars else ''}")
            at = section.end_bar or at
        parts += [f"from {fill.first_bar + 1}: fill {fill.bars}" for fill in self.fills]
        return ", ".join(parts) or _OFF


def _cut(section: Section, bar: int) -> Section:
    return replace(section, bars=bar - section.first_bar)


def _in_a_row(first_bar: int, sections: Sequence[tuple[str, int]]) -> tuple[Section, ...]:
    made = []
    for kind, bars in sections:
        made.append(Section(kind, first_bar, bars))
        first_bar += bars
    return tuple(made)


def parse_form(text: str) -> Form | None:
    """`intro 8, build 8, drop 32`: kinds and lengths in bars; `from 33: break 16` begins at bar 33, `from 33: fill 1`
    lies over what is there; the last section may have no length. `off`: None.

    Raises:
        UserError: one line that says what is possible.
    """
    if text.strip().lower() in (_OFF, ""):
        return None
    sections: list[Section] = []
    fills: list[Section] = []
    at = 0
    for part in text.split(","):
        start = _START.match(part)
        place = int(start[1]) - 1 if start else at
        section = _section(part[start.end() :] if start else part, place)
        if start and section.kind == "fill" and section.bars:
            fills.append(section)
            continue
        if sections and not sections[-1].bars:
            raise UserError(f"{sections[-1].kind} has no length, so nothing can follow it, e.g. {_EXAMPLE}")
        if place < at:
            raise UserError(f"bar {place + 1} lies before the end of the section before: expected from {at + 1}")
        sections.append(section)
        at = section.end_bar or at
    if at > MOST_BARS or len(sections) + len(fills) > _MOST_SECTIONS:
        raise UserError(f"the form is too long: expected {MOST_BARS} bars and {_MOST_SECTIONS} sections at most")
    return Form(tuple(sections), tuple(fills))


def _section(part: str, at: int) -> Section:
    found = _SECTION.fullmatch(part)
    kind = same_name(found[1], KINDS) if found else None
    if found is None or kind is None:
        hint = did_you_mean(found[1], KINDS) if found else ""
        shown = part.strip()[:40]
        raise UserError(
            f"{shown!r} is no section of a form: {hint}expected {', '.join(KINDS)} and bars, e.g. {_EXAMPLE}"
        )
    if found[2] and not 1 <= int(found[2]) <= MOST_BARS:
        raise UserError(f"{kind} {found[2]} is out of range: expected 1 to {MOST_BARS} bars")
    return Section(kind, at, int(found[2] or 0))
