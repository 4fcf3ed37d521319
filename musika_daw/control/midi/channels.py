"""On which MIDI channel the notes of each stem come and go."""

from __future__ import annotations

from collections.abc import Mapping

from musika_daw.music.general_midi import DRUM_CHANNEL

STEM_CHANNELS: Mapping[str, int] = {"drums": DRUM_CHANNEL, "bass": 11, "chords": 12, "lead": 13}
"""Where a MIDI map does not say otherwise: the drums where General MIDI has them, the rest where controllers rarely
send by themselves."""
