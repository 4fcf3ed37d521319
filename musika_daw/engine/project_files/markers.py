"""Markers of a take: its phrases, and the sections of its form where they begin."""

from __future__ import annotations

from collections.abc import Sequence

from musika_daw.engine.project_files.arrangement import Marker, phrase_markers
from musika_daw.music.form import Form
from musika_daw.music.grid import BEATS_PER_BAR


def take_markers(forms: Sequence[tuple[float, Form | None]], first_beat: float, last_beat: float) -> tuple[Marker, ...]:
    """Markers between two song positions, in order; a section's stands in place of a phrase's.

    Args:
        forms: (song position from which it holds, form), in order.
    """
    markers = {marker.beat: marker for marker in phrase_markers(first_beat, last_beat)}
    ends = [*(beat for beat, _ in forms[1:]), last_beat]
    for (begin, form), end in zip(forms, ends, strict=True):
        for section in (*form.sections, *form.fills) if form is not None else ():
            beat = float(section.first_bar * BEATS_PER_BAR)
            if max(begin, first_beat) <= beat < min(end, last_beat):
                markers[beat] = Marker(beat, f"{section.kind}, bar {section.first_bar + 1}")
    return tuple(markers[beat] for beat in sorted(markers))
