"""The chord that is held on a keyboard, as text for `/musika/chords`."""

from __future__ import annotations

from collections.abc import Collection

from musika_daw.music.harmony import PITCH_CLASS_NAMES, QUALITIES

# What three and four fingers mean. Where inversions share their notes (Am7, C6), the bass decides, then this order.
_QUALITIES = ("", "m", "7", "maj7", "m7", "dim", "m7b5", "aug", "sus4", "sus2", "add9", "m9")


def chord_name(pitches: Collection[int]) -> str | None:
    """`Am`, `F`, `C#m7` ... of MIDI notes held together; None if they are no chord.

    Two notes are one if they are root and fifth (`A5`); the root may be anywhere, but the lowest note is asked first.
    """
    if not pitches:
        return None
    held = {pitch % 12 for pitch in pitches}
    lowest = min(pitches) % 12
    roots = [lowest, *sorted(held - {lowest})]
    for quality in _QUALITIES if len(held) > 2 else ("5",):
        shape = {tone % 12 for tone in QUALITIES[quality]}
        for root in roots:
            if {(pitch - root) % 12 for pitch in held} == shape and _prefers(quality, root, lowest, held):
                return PITCH_CLASS_NAMES[root] + quality
    return None


def _prefers(quality: str, root: int, lowest: int, held: Collection[int]) -> bool:
    """Whether no reading with the lowest note as its root would be as good."""
    if root == lowest:
        return True
    shapes = [{tone % 12 for tone in QUALITIES[other]} for other in _QUALITIES if other != quality]
    return {(pitch - lowest) % 12 for pitch in held} not in shapes


class HeldChord:
    """Keys down; a chord stays in force when the keys are let go, until another is held or all is let go."""

    def __init__(self) -> None:
        self._down: set[int] = set()
        self._name: str | None = None

    def let_go(self) -> bool:
        """All keys are up and no chord is in force any more; whether one was."""
        held, self._name = self._name is not None, None
        self._down.clear()
        return held

    def key(self, pitch: int, down: bool) -> str | None:
        """A key, MIDI note 0-127, went down or up: the chord if it is another one now, else None."""
        if not down:
            self._down.discard(pitch)
            return None  # fingers leave one after another: what remains is not meant
        self._down.add(pitch)
        name = chord_name(self._down)
        if name is None or name == self._name:
            return None
        self._name = name
        return name
