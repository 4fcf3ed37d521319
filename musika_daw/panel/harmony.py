"""A row of chords as text, and what a person may want to put into it."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QObject, Slot

_BEATS_PER_BAR = 4.0
_NOTES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_MODES = {
    "major": ((0, ""), (2, "m"), (4, "m"), (5, ""), (7, ""), (9, "m"), (10, "")),
    "minor": ((0, "m"), (3, ""), (5, "m"), (7, "m"), (8, ""), (10, ""), (7, "")),
    "dorian": ((0, "m"), (2, "m"), (3, ""), (5, ""), (7, "m"), (10, ""), (9, "m")),
    "phrygian": ((0, "m"), (1, ""), (3, ""), (5, "m"), (8, ""), (10, "m"), (7, "m")),
}
_KEY = re.compile(r"^([A-Ga-g])([#b]?)\s*(.*)$")


def parse_row(text: str) -> list[dict[str, Any]]:
    """The chords of `Am F C G`, `Am:2 E7:2` or `Am | F G`: `name`, `start` and `beats` of each."""
    if text in ("", "off", "still"):
        return []
    bars = [bar.split() for bar in text.split("|")] if "|" in text else [[word] for word in text.split()]
    row: list[dict[str, Any]] = []
    start = 0.0
    for bar in filter(None, bars):
        for word in bar:
            name, colon, given = word.partition(":")
            try:
                beats = float(given) if colon else _BEATS_PER_BAR / len(bar)
            except ValueError:
                beats = _BEATS_PER_BAR
            row.append({"name": name, "start": start, "beats": beats})
            start += beats
    return row


def row_text(chords: list[dict[str, Any]]) -> str:
    """The text of a row; `off` for an empty one."""
    words = [c["name"] if c["beats"] == _BEATS_PER_BAR else f"{c['name']}:{c['beats']:g}" for c in chords]
    return " ".join(words) or "off"


def chords_of(key: str) -> list[str]:
    """The chords that lie near in a key; those of A minor where none is given."""
    found = _KEY.match(key.strip()) if key not in ("", "off") else None
    letter, accidental, mode = found.groups() if found else ("A", "", "minor")
    root = _LETTERS[letter.upper()] + {"#": 1, "b": -1}.get(accidental, 0)
    mode = mode.strip().lower()
    name = "minor" if mode in ("m", "min", "minor", "aeolian") else "major" if mode in ("", "maj", "major") else mode
    return [_NOTES[(root + step) % 12] + quality for step, quality in _MODES.get(name, _MODES["minor"])]


class Harmony(QObject):
    """For QML."""

    @Slot(str, result=list)
    def row(self, text: str) -> list[dict[str, Any]]:
        """The chords of a text."""
        return parse_row(text)

    @Slot(str, int, str, result=str)
    def replaced(self, text: str, place: int, name: str) -> str:
        """The text with another chord at a place; behind the last one, with one more; without it for an empty name."""
        row = parse_row(text)
        if place >= len(row):
            row.append({"name": name, "beats": _BEATS_PER_BAR})
        else:
            row[place : place + 1] = [{**row[place], "name": name}] if name else []
        return row_text(row)

    @Slot(str, result=list)
    def offered(self, key: str) -> list[str]:
        """Chords that lie near in a key."""
        return chords_of(key)

    @Slot(str, float, result=int)
    def sounding(self, text: str, beat: float) -> int:
        """Place of the chord that sounds at a song position; -1 where the model chooses."""
        row = parse_row(text)
        whole = sum(chord["beats"] for chord in row)
        if whole <= 0.0:
            return -1
        here = beat % whole
        return max(place for place, chord in enumerate(row) if chord["start"] <= here)
