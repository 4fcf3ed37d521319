"""Drums of General MIDI and of electronic kits as those that the drum stem can play."""

from __future__ import annotations

import dataclasses

from musika_daw.music.notes import DRUM_PITCHES, Note

DRUM_CHANNEL = 10
_OWN = frozenset(DRUM_PITCHES.values())
# General MIDI 1 and 2; 22 and 26 are the edge and the open hat of Roland's kits.
_NEAREST = {
    other: DRUM_PITCHES[name]
    for name, others in {
        "kick": (35,),
        "snare": (31, 37, 40),
        "clap": (28,),
        "closed_hat": (22, 44),
        "open_hat": (26,),
        "ride": (49, 52, 53, 55, 57, 59),
        "tom": (41, 43, 47, 48, 50, 86, 87),
        "perc": (54, 56, 58, *range(60, 75), *range(76, 86)),
    }.items()
    for other in others
}


def nearest_drum(note: Note) -> Note:
    """The note as the drum of ours that is nearest to it; one that is near to none is as it was, and not heard."""
    return dataclasses.replace(note, pitch=_NEAREST.get(note.pitch, note.pitch))


def is_drum(note: Note) -> bool:
    """Whether the drum stem has a sound for it."""
    return note.pitch in _OWN
