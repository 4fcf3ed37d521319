"""What sections do to the music: which stems sound, how dense and bright they are, how one leads to the next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from musika_daw.music.form import Section
from musika_daw.music.grid import BEATS_PER_BAR, STEPS_PER_BEAT
from musika_daw.music.notes import DRUM_PITCHES, Note

Points = Sequence[tuple[float, float]]
"""(share of the section, value), in lines between."""

_AS_SET: Points = ((0.0, 1.0),)
_FILL_EVERY_BARS = 8  # of long sections
_SHORTEST_WITH_FILL = 4  # bars
_ROLL_SHARE = 0.5  # of a build is a roll, eight bars of it at most
_HEAVY = frozenset(DRUM_PITCHES[drum] for drum in ("kick", "snare", "clap", "tom"))
_KICK = DRUM_PITCHES["kick"]


@dataclass(frozen=True)
class Profile:
    """What a kind of section does.

    Attributes:
        density: stem -> factor over the section; 0: silent.
        brightness: what is added to that of all stems.
        light: only hats, rides and percussion of the drums.
    """

    density: Mapping[str, Points] = field(default_factory=dict)
    brightness: Points = ((0.0, 0.0),)
    light: bool = False


_SILENT_UNTIL = {share: ((0.0, 0.0), (share, 0.0), (share, 0.8), (1.0, 1.0)) for share in (0.25, 0.5, 0.75)}
_SILENT_FROM = {share: ((0.0, 1.0), (share, 0.8), (share, 0.0), (1.0, 0.0)) for share in (0.25, 0.5, 0.75)}
_SILENT: Points = ((0.0, 0.0),)

PROFILES: Mapping[str, Profile] = {
    "intro": Profile(
        {
            "drums": ((0.0, 0.45), (1.0, 0.85)),
            "bass": _SILENT_UNTIL[0.5],
            "chords": _SILENT_UNTIL[0.75],
            "lead": _SILENT,
        },
        ((0.0, -0.3), (1.0, 0.0)),
    ),
    "build": Profile(
        {
            "drums": ((0.0, 0.7), (1.0, 1.2)),
            "bass": _SILENT_FROM[0.75],
            "chords": ((0.0, 0.7), (1.0, 1.4)),
            "lead": ((0.0, 0.7), (1.0, 1.4)),
        },
        ((0.0, -0.2), (1.0, 0.4)),
    ),
    "drop": Profile({"drums": ((0.0, 1.2),), "bass": ((0.0, 1.15),)}, ((0.0, 0.12),)),
    "break": Profile(
        {
            "drums": ((0.0, 0.5), (1.0, 0.9)),
            "bass": _SILENT,
            "chords": ((0.0, 0.9), (1.0, 1.2)),
            "lead": ((0.0, 0.8), (1.0, 1.3)),
        },
        ((0.0, -0.25), (1.0, 0.2)),
        light=True,
    ),
    "outro": Profile(
        {
            "drums": ((0.0, 0.9), (1.0, 0.4)),
            "bass": _SILENT_FROM[0.75],
            "chords": _SILENT_FROM[0.5],
            "lead": _SILENT_FROM[0.25],
        },
        ((0.0, 0.0), (1.0, -0.35)),
    ),
    "groove": Profile(),
    "fill": Profile(),
}

# What leads to the next section over the last half bar: drum -> digits of strength for the sixteenths; R strikes twice.
_FILLS: tuple[Mapping[str, str], ...] = (
    {"snare": "4.5.567R"},
    {"tom": "7..6.566", "clap": "......78"},
    {"snare": "..5..678", "open_hat": "......8."},
    {"clap": "5..6..78"},
)
_WHOLE_BAR: tuple[Mapping[str, str], ...] = (
    {"snare": "4...4.4.5.5.567R", "tom": "..6..6..........", "open_hat": "..............9."},
    {"tom": "7..7..6..6..5.56", "snare": "........4.5.6.7R"},
    {"clap": "5...5...6.6.7.78", "snare": "............567R"},
)


def density_factor(section: Section, stem: str, bar: int) -> float:
    """By how much the section moves the density of a stem in a bar."""
    return _at(PROFILES[section.kind].density.get(stem, _AS_SET), section.share(bar))


def brightness_offset(section: Section, bar: float) -> float:
    """What it adds to the brightness at a place, in bars."""
    return _at(PROFILES[section.kind].brightness, section.share(bar))


def drums_of(section: Section, following: Section | None, bar: int, notes: Sequence[Note], choice: int) -> list[Note]:
    """The drums of a bar as the section has them: light ones only, rolls and fills that lead to what follows.

    Args:
        following: the section that begins with the next bar, if one does.
        choice: which of several fills is played.
    """
    kept = [note for note in notes if note.pitch not in _HEAVY] if PROFILES[section.kind].light else list(notes)
    if section.kind == "build":
        return _roll(section, bar, kept)
    if section.kind == "fill":
        return _played_over(kept, bar, _WHOLE_BAR[choice % len(_WHOLE_BAR)])
    if _leads_on(section, following, bar):
        return _played_over(kept, bar, _FILLS[choice % len(_FILLS)])
    return kept


def _leads_on(section: Section, following: Section | None, bar: int) -> bool:
    place = bar - section.first_bar + 1
    if section.bars and section.bars < _SHORTEST_WITH_FILL:
        return False
    ends = following is not None and following.kind not in ("build", "outro", "fill")
    return ends or (section.kind in ("drop", "groove") and place % _FILL_EVERY_BARS == 0)


def _roll(section: Section, bar: int, notes: list[Note]) -> list[Note]:
    """A snare that gets faster and louder until the end, where the kick is left out."""
    bars = section.bars or _FILL_EVERY_BARS
    length = min(_FILL_EVERY_BARS, max(1, round(bars * _ROLL_SHARE)))
    left = section.first_bar + bars - bar
    if not 0 < left <= length:
        return notes
    share = 1.0 - left / length  # of the roll that lies behind
    every = 4 if share < 0.5 and left > 2 else 2 if left > 1 else 1  # sixteenths between two strokes
    steps = range(0, BEATS_PER_BAR * STEPS_PER_BEAT, every)
    start = bar * BEATS_PER_BAR
    rolled = [
        Note(
            start + step / STEPS_PER_BEAT,
            0.25,
            DRUM_PITCHES["snare"],
            0.35 + 0.5 * min(1.0, share + step / 16 / length),
        )
        for step in steps
    ]
    others = [note for note in notes if note.pitch != DRUM_PITCHES["snare"] and (left > 1 or note.pitch != _KICK)]
    return sorted((*others, *rolled), key=lambda note: note.start_beat)


def _played_over(notes: list[Note], bar: int, fill: Mapping[str, str]) -> list[Note]:
    """A fill at the end of a bar; the kick makes room for it."""
    end = (bar + 1) * BEATS_PER_BAR
    made = []
    for drum, digits in fill.items():
        for place, digit in enumerate(digits):
            at = end - (len(digits) - place) / STEPS_PER_BEAT
            if digit == "R":
                made += [Note(at, 0.125, DRUM_PITCHES[drum], 0.8), Note(at + 0.125, 0.125, DRUM_PITCHES[drum], 0.6)]
            elif digit != ".":
                made.append(Note(at, 0.25, DRUM_PITCHES[drum], 0.1 * int(digit)))
    first = end - max(map(len, fill.values())) / STEPS_PER_BEAT
    taken = {DRUM_PITCHES[drum] for drum in fill}
    kept = [n for n in notes if n.start_beat < first - 0.1 or n.pitch not in (_KICK, *taken)]
    return sorted((*kept, *made), key=lambda note: note.start_beat)


def _at(points: Points, share: float) -> float:
    """The value of a line at a share; where two points stand at one share, that of the later one."""
    after = bisect_right([place for place, _ in points], share)
    if after == 0:
        return points[0][1]
    if after == len(points):
        return points[-1][1]
    (left, low), (right, high) = points[after - 1], points[after]
    return low + (high - low) * (share - left) / (right - left)
