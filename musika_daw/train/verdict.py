"""What figures of a training mean, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WELL, _SOMEWHAT = 0.7, 0.4
_CLEARLY_BETTER = 0.6  # share of the shuffled grid's error
_HEARD = 1.3  # beat contrast
_COLLAPSED = 0.6  # spread
_BLURRED = 0.05  # more chroma than shuffled frames


def verdict(figures: Mapping[str, Any]) -> list[str]:
    """Lines about notes and hits, density, beats and variety; of what was not measured nothing is said."""
    return [line for line in (_notes(figures), *_density(figures), _beats(figures), _variety(figures)) if line]


def _notes(figures: Mapping[str, Any]) -> str:
    if "decoded_chroma" not in figures:
        return ""
    kept, nothing = figures["decoded_chroma"], figures["decoded_chroma_shuffled"]
    said = f"(chroma similarity {kept:.2f}; frames in random order reach {nothing:.2f})"
    if kept - nothing < _BLURRED:
        return f"the autoencoder keeps no notes of this music {said}: train one of its own (--autoencoder own)"
    return f"the autoencoder keeps the notes of this music {said}"


def _density(figures: Mapping[str, Any]) -> list[str]:
    found = figures.get("density_rho")
    if found is None:
        return []
    by_stem = found if isinstance(found, Mapping) else {"the model": found}
    return [f"{stem} {_follows(rho)} (rank correlation {rho:.2f})" for stem, rho in by_stem.items()]


def _follows(rho: float) -> str:
    if rho >= _WELL:
        return "follows density"
    if rho >= _SOMEWHAT:
        return "follows density roughly: more time helps"
    return "does not follow density: more music or time"


def _beats(figures: Mapping[str, Any]) -> str:
    if "beat_contrast" not in figures:
        return ""
    contrast, error = figures["beat_contrast"], figures["beat_error_ms"]
    shuffled = figures["beat_error_ms_shuffled"]
    said = f"(onsets at the beats asked for {contrast:.1f} times those elsewhere"
    if error == error and shuffled == shuffled:
        said += f"; beats {error:.0f} ms from the grid, {shuffled:.0f} ms from grids moved at random"
    near = error <= _CLEARLY_BETTER * shuffled
    if contrast >= _HEARD and near:
        return f"a beat is heard, and it is on the grid {said})"
    if near:
        return f"what beat there is is on the grid, but it is hardly heard {said}): more music or time"
    return f"no beat follows the grid {said}): more music with a steady beat, or more time"


def _variety(figures: Mapping[str, Any]) -> str:
    spread = figures.get("spread")
    if spread is None or spread >= _COLLAPSED:
        return ""
    return (
        f"what it makes varies {spread:.2f} times as much as the music: it has collapsed, start again with more music"
    )
