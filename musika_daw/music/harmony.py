"""Keys, chords and the pitches that a pattern's degrees become."""

from __future__ import annotations

import re
from dataclasses import dataclass

from musika_daw.errors import UsageError
from musika_daw.music.grid import BEATS_PER_BAR, DEGREES

PITCH_CLASS_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

MODES = {
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "major": (0, 2, 4, 5, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}

# Semitones above the root, lowest first; what "chord tone" means for a quality.
QUALITIES = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "5": (0, 7, 12),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "m7b5": (0, 3, 6, 10),
    "add9": (0, 4, 7, 14),
    "m9": (0, 3, 7, 14),
}
# How the pattern net colours a diatonic chord: which degrees of the scale, counted from its root, sound.
COLOURS = {"triad": (0, 2, 4), "seventh": (0, 2, 4, 6), "sus": (0, 3, 4), "ninth": (0, 2, 4, 8)}


def _pitch_class(letter: str, accidental: str) -> int:
    return (_LETTERS[letter] + {"": 0, "#": 1, "b": -1}[accidental]) % 12


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic pitch class 0-11 (C = 0) and a mode of `MODES`."""

    tonic: int
    mode: str = "minor"

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven pitch classes of the key, tonic first."""
        return tuple((self.tonic + s) % 12 for s in MODES[self.mode])

    def __str__(self) -> str:
        name = PITCH_CLASS_NAMES[self.tonic]
        if self.mode in ("minor", "major"):
            return name + ("m" if self.mode == "minor" else "")
        return f"{name} {self.mode}"


def parse_key(text: str) -> Key | None:
    """`Am`, `F#`, `Bb minor`, `D dorian` -> Key; `off` -> None (the model chooses).

    Raises:
        UsageError: the text names no key.
    """
    text = text.strip()
    if text.lower() == "off":
        return None
    match = re.fullmatch(r"([A-Ga-g])([#b]?)(m?)(?:\s+(\w+))?", text)
    mode = (match[4] or ("minor" if match[3] else "major")).lower() if match else ""
    if not match or mode not in MODES or (match[3] and mode != "minor"):
        raise UsageError(f"key {text!r} is not a key: expected e.g. Am, F#, Bb, 'D dorian' ({', '.join(MODES)}) or off")
    return Key(_pitch_class(match[1].upper(), match[2]), mode)


@dataclass(frozen=True, slots=True)
class Chord:
    """A root pitch class and the semitones above it that sound (lowest first, root = 0)."""

    root: int
    tones: tuple[int, ...]
    name: str

    def __str__(self) -> str:
        return self.name


def parse_chord(text: str) -> Chord:
    """`Am`, `F`, `C#m7`, `Bbmaj7`, `Gsus4` -> Chord."""
    match = re.fullmatch(r"([A-Ga-g])([#b]?)(.*)", text.strip())
    if not match or match[3] not in QUALITIES:
        known = " ".join(q or "(major)" for q in QUALITIES)
        raise UsageError(f"chord {text!r} is not known: expected a root and one of {known}, e.g. Am, F, C#m7, Gsus4")
    name = match[1].upper() + match[2] + match[3]
    return Chord(_pitch_class(match[1].upper(), match[2]), QUALITIES[match[3]], name)


def diatonic_chord(key: Key, degree: int, colour: str) -> Chord:
    """The chord of a key on scale degree 0-6, in a colour of `COLOURS`."""
    scale = MODES[key.mode]
    root = scale[degree]
    tones = tuple(scale[(degree + d) % DEGREES] + 12 * ((degree + d) // DEGREES) - root for d in COLOURS[colour])
    spelled = f"({' '.join(map(str, tones))})"
    quality = next((q for q, semitones in QUALITIES.items() if semitones == tones), spelled)
    return Chord((key.tonic + root) % 12, tones, PITCH_CLASS_NAMES[(key.tonic + root) % 12] + quality)


@dataclass(frozen=True, slots=True)
class ChordTrack:
    """Given harmony: chords with their lengths in beats, repeated for ever from the start of the song."""

    chords: tuple[Chord, ...]
    lengths_beats: tuple[int, ...]

    def at(self, beat: float) -> Chord:
        position = beat % sum(self.lengths_beats)
        for chord, length in zip(self.chords, self.lengths_beats, strict=True):
            if position < length:
                return chord
            position -= length
        return self.chords[-1]

    def __str__(self) -> str:
        return " ".join(
            f"{c}" if n == BEATS_PER_BAR else f"{c}:{n}" for c, n in zip(self.chords, self.lengths_beats, strict=True)
        )


def parse_chords(text: str) -> ChordTrack | None:
    """`Am F C G` (one a bar), `Am:2 E7:2` (in beats) -> ChordTrack; `off` -> None."""
    if text.strip().lower() == "off":
        return None
    chords, lengths = [], []
    for word in text.split():
        name, _, beats = word.partition(":")
        if beats and not (beats.isdigit() and 1 <= int(beats) <= 64):
            raise UsageError(f"chord {word!r}: the length after ':' must be whole beats from 1 to 64")
        chords.append(parse_chord(name))
        lengths.append(int(beats) if beats else BEATS_PER_BAR)
    if not chords:
        raise UsageError("no chords given: expected e.g. 'Am F C G', 'Am:2 E7:2' or off")
    return ChordTrack(tuple(chords), tuple(lengths))


@dataclass(frozen=True, slots=True)
class HarmonyStep:
    """Which chord of the key sounds in one beat: scale degree of its root 0-6, colour of `COLOURS`."""

    degree: int
    colour: str


def degree_offset(chord: Chord, key: Key, degree: int) -> int:
    """Semitones above the chord's root of a scale degree counted from that root.

    Even degrees are the chord's own tones where it has them; the others are steps of the key's scale, so a chord
    from outside the key keeps its own third, fifth and seventh and borrows the steps between.
    """
    in_chord = {0: 0, 2: 1, 4: 2, 6: 3}.get(degree)
    if in_chord is not None and in_chord < len(chord.tones) and chord.tones[in_chord] < 12:
        return chord.tones[in_chord]
    low, high = (0, 1, 3, 5, 7, 8, 10)[degree], (0, 2, 4, 6, 7, 9, 11)[degree]
    steps = sorted((pc - chord.root) % 12 for pc in key.scale)
    inside = [s for s in steps if low <= s <= high]
    return inside[0] if inside else low


def place(pitch_class: int, lowest: int) -> int:
    """The lowest MIDI pitch >= `lowest` with this pitch class."""
    return lowest + (pitch_class - lowest) % 12


def voice_chord(chord: Chord, voicing: int, lowest: int) -> tuple[int, ...]:
    """MIDI pitches of a chord, lowest first.

    Inversions are chosen so that the lowest voice stays within the octave above `lowest`: neighbouring chords
    then move by small steps. Voicing 0 close, 1 and 2 turned once and twice, 3 spread (its second voice an octave up).
    """
    pitches = sorted(place(chord.root + tone, lowest) for tone in {t % 12 for t in chord.tones})
    for _ in range(voicing if voicing < 3 else 0):
        pitches = [*pitches[1:], pitches[0] + 12]
    if voicing == 3 and len(pitches) > 2:
        pitches = sorted([pitches[0], *pitches[2:], pitches[1] + 12])
    return tuple(pitches)


def fit_key(chords: ChordTrack) -> Key:
    """The key that given chords belong to: most chord tones in its scale, tonic on the first chord where it ties."""

    def fitness(key: Key) -> tuple[float, bool, bool, int]:
        scale = set(key.scale)
        inside = sum(
            length * ((chord.root + tone) % 12 in scale)
            for chord, length in zip(chords.chords, chords.lengths_beats, strict=True)
            for tone in chord.tones
        )
        first = chords.chords[0]
        own_third = (first.root + (3 if 3 in first.tones else 4)) % 12 in scale
        return inside, key.tonic == first.root, own_third, -tuple(MODES).index(key.mode)

    return max((Key(tonic, mode) for tonic in range(12) for mode in MODES), key=fitness)


def harmony_step(chord: Chord, key: Key) -> HarmonyStep:
    """The diatonic chord that a given one is closest to: how the pattern net is told of it."""
    scale = key.scale
    degree = min(range(DEGREES), key=lambda d: min((scale[d] - chord.root) % 12, (chord.root - scale[d]) % 12))
    if len(chord.tones) > 3:
        colour = "seventh"
    elif chord.tones[-1] > 12:
        colour = "ninth"
    else:
        colour = "triad" if chord.tones[1] in (3, 4) else "sus"
    return HarmonyStep(degree, colour)
