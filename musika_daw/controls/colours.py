"""One colour a stem, wherever it is drawn: in the window, in project files, in controllers."""

from __future__ import annotations

STEM_COLOURS = {"drums": "#e8704f", "bass": "#4fa3e8", "chords": "#8f7ae5", "lead": "#e5c04f", "mix": "#9aa5b1"}
_OTHER_COLOURS = ("#5fc08a", "#d96aa5", "#6cc5c9", "#b58863")


def stem_colour(stem: str) -> str:
    """The stem's colour as `#rrggbb`; stems of other models share four more, by name."""
    return STEM_COLOURS.get(stem) or _OTHER_COLOURS[sum(stem.encode()) % len(_OTHER_COLOURS)]
