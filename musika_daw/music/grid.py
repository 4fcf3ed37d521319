"""The pattern on its grid of sixteenths: every note a stem *could* play, ordered by salience.

Density picks how many of them sound: salience orders the candidates of a bar, and the first
`round(density * candidates)` are heard. So density is exact, monotone and instant, and moving it keeps the tune.
Pitches are degrees above the root of the chord that sounds at the time, so every pitched stem follows the harmony.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

STEPS_PER_BEAT = 4
BEATS_PER_BAR = 4
STEPS_PER_BAR = STEPS_PER_BEAT * BEATS_PER_BAR
DEGREES = 7
VOICINGS = 4
LATEST_BEATS = 0.5 / STEPS_PER_BEAT  # micro-timing at most, early or late


def bar_beats(metre: str) -> float:
    """How long a bar of a metre is: `7/8` -> 3.5 beats."""
    numerator, denominator = metre.split("/")
    return 4.0 * int(numerator) / int(denominator)


@dataclass(frozen=True, slots=True)
class GridNote:
    """One candidate note of the pattern.

    Attributes:
        stem: one of `STEMS`.
        step: sixteenth since the start of the song.
        salience: 0 < salience <= 1; in each bar the most salient notes are the last to vanish when density falls.
        strength: 0 < strength <= 1.
        timing: micro-timing and swing in steps, -0.5 <= timing < 0.5.
        length_steps: > 0; a pitched note is cut where the next sounding note of its stem starts.
        drum: class of `DRUM_CLASSES` (drums only).
        degree: 0-6, scale steps above the chord's root; 0, 2, 4, 6 are the chord's own tones (bass and lead only).
        octave: -1, 0, 1 (bass and lead only).
        voicing: 0-3: close, first inversion, second inversion, spread (chords only).
        slide: glides from the pitch of the note before it (bass and lead only).
        ratchet: struck twice, a thirty-second apart (drums only).
    """

    stem: str
    step: int
    salience: float
    strength: float = 0.8
    timing: float = 0.0
    length_steps: float = 1.0
    drum: str = ""
    degree: int = 0
    octave: int = 0
    voicing: int = 0
    slide: bool = False
    ratchet: bool = False

    @property
    def start_beat(self) -> float:
        return (self.step + self.timing) / STEPS_PER_BEAT

    @property
    def bar(self) -> int:
        return self.step // STEPS_PER_BAR


@dataclass(frozen=True, slots=True)
class Candidate:
    """A note and its place among the candidates of its bar.

    Attributes:
        rank: how many candidates of the bar are more salient; ties go to the earlier step.
        of: how many candidates the bar has.
    """

    note: GridNote
    rank: int
    of: int


def keeps_the_beat(note: GridNote) -> bool:
    """Whether it is a kick on a beat: what a dance floor misses first."""
    return note.drum == "kick" and note.step % STEPS_PER_BEAT == 0


def rank(
    notes: Iterable[GridNote], kept_longest: Callable[[GridNote], bool] = lambda note: False
) -> tuple[Candidate, ...]:
    """Ranks the notes of one stem, whole bars of them, by salience; in order of time.

    Args:
        kept_longest: notes that come before all others, whatever their salience.
    """
    bars: dict[int, list[GridNote]] = {}
    for note in notes:
        bars.setdefault(note.bar, []).append(note)
    ranked = []
    for candidates in bars.values():
        by_salience = sorted(candidates, key=lambda n: (not kept_longest(n), -n.salience, n.step, n.drum))
        ranked += [Candidate(note, place, len(by_salience)) for place, note in enumerate(by_salience)]
    return tuple(sorted(ranked, key=lambda c: (c.note.step, c.note.timing, c.note.drum)))


def thin(candidates: Iterable[Candidate], density: Callable[[float], float]) -> list[GridNote]:
    """The notes of one stem that sound at a density.

    Args:
        candidates: from `rank`.
        density: song position in beats -> 0..1.

    Returns:
        The notes whose rank is below `round(density * candidates of the bar)`, the density read where each note
        starts; in the order of the candidates.
    """
    return [c.note for c in candidates if c.rank < round(density(c.note.start_beat) * c.of)]
