"""Keys, chords and the pitches that a pattern's degrees become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from musika_daw.errors import UsageError
from musika_daw.music.chord_text import NO_CHORD, is_no_chord, split_chord, split_key, split_progression
from musika_daw.music.grid import BEATS_PER_BAR, DEGREES
from musika_daw.near_names import did_you_mean

PITCH_CLASS_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
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
# More that a chord may be written with; no chord of a key is called so.
_RICHER = {
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "69": (0, 4, 7, 9, 14),
    "m69": (0, 3, 7, 9, 14),
    "dim7": (0, 3, 6, 9),
    "mmaj7": (0, 3, 7, 11),
    "aug7": (0, 4, 8, 10),
    "7sus4": (0, 5, 7, 10),
    "7b5": (0, 4, 6, 10),
    "7#5": (0, 4, 8, 10),
    "7b9": (0, 4, 7, 10, 13),
    "7#9": (0, 4, 7, 10, 15),
    "9": (0, 4, 7, 10, 14),
    "9sus4": (0, 5, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "madd9": (0, 3, 7, 14),
    "11": (0, 7, 10, 14, 17),  # its third would rub against the eleventh
    "m11": (0, 3, 7, 10, 17),
    "maj7#11": (0, 4, 7, 11, 18),
    "13": (0, 4, 7, 10, 21),
    "m13": (0, 3, 7, 10, 21),
    "maj13": (0, 4, 7, 11, 21),
}
_ALL_QUALITIES = {**QUALITIES, **_RICHER}
_MAX_CHORDS, _MAX_CHORD_BEATS = 1000, 64
_OFF = ("off", "none", "auto")
_IN_KEY = 0.6  # of the notes of chords that go with a key, at least
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

    @property
    def file_name(self) -> str:
        """Without sharps, which cut links short, and without spaces: `Gbm` for F# minor, `Ddorian`."""
        name = _FLAT_NAMES[self.tonic]
        return name + {"minor": "m", "major": ""}.get(self.mode, self.mode)

    def __str__(self) -> str:
        name = PITCH_CLASS_NAMES[self.tonic]
        if self.mode in ("minor", "major"):
            return name + ("m" if self.mode == "minor" else "")
        return f"{name} {self.mode}"


def parse_key(text: str) -> Key | None:
    """`Am`, `A min`, `F#`, `Bb minor`, `D dorian`, `8A` (the wheel of DJs) -> Key; `off` -> None (the model chooses).

    Raises:
        UsageError: the text names no key.
    """
    text = text.strip()
    if text.lower() in _OFF:
        return None
    parts = split_key(text)
    if parts is None or parts[1] not in MODES:
        hint = did_you_mean(parts[1], tuple(MODES)) if parts else ""
        raise UsageError(
            f"key {text!r} is not a key: {hint}expected e.g. Am, F#, Bb, 'D dorian' ({', '.join(MODES)}) or off"
        )
    return Key(_pitch_class(parts[0][0], parts[0][1:]), parts[1])


@dataclass(frozen=True, slots=True)
class Chord:
    """A root pitch class and the semitones above it that sound.

    Attributes:
        tones: lowest first, root = 0; none where no chord is wanted: bass, chords and lead rest then.
        bass: pitch class that the bass plays in place of the root (C/E).
    """

    root: int
    tones: tuple[int, ...]
    name: str
    bass: int | None = None

    def __str__(self) -> str:
        return self.name


def parse_chord(text: str) -> Chord:
    """`Am`, `A min`, `F`, `C#m7`, `Bbmaj7`, `G9`, `C/E`, `N.C.` -> Chord.

    Raises:
        UsageError: the text names no chord.
    """
    if is_no_chord(text.strip()):
        return Chord(0, (), NO_CHORD)
    parts = split_chord(text)
    if parts is None or parts[1] not in _ALL_QUALITIES:
        known = " ".join(q or "(major)" for q in _ALL_QUALITIES)
        hint = did_you_mean(parts[1], tuple(_ALL_QUALITIES)) if parts else ""
        raise UsageError(
            f"chord {text[:40]!r} is not known: {hint}expected a root and one of {known}, e.g. Am, F, C#m7, Gsus4, C/E"
        )
    root, quality, bass = parts
    name = root + quality + (f"/{bass}" if bass else "")
    lowest = _pitch_class(bass[0], bass[1:]) if bass else None
    return Chord(_pitch_class(root[0], root[1:]), _ALL_QUALITIES[quality], name, lowest)


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


STILL = "still"
"""Harmony that is not given, and left to the pattern net alone: it hardly leaves the tonic."""


def parse_chords(text: str) -> ChordTrack | None:
    """`Am F C G` (one a bar), `Am7 | F G | C/E` (bars), `Am:2 E7:2` (in beats) -> ChordTrack; `off`, `still` -> None.

    Raises:
        UsageError: a chord is not known, or a bar or the whole is too long.
    """
    if text.strip().lower() in (*_OFF, STILL):
        return None
    chords: list[Chord] = []
    lengths: list[int] = []
    for bar in split_progression(text):
        chords += [parse_chord(name) for name, _ in bar]
        lengths += _beats_of_bar(bar)
        if len(chords) > _MAX_CHORDS:
            raise UsageError(f"more than {_MAX_CHORDS} chords are too many: expected fewer, they repeat by themselves")
    if not chords:
        raise UsageError("no chords given: expected e.g. 'Am F C G', 'Am7 | F G | C/E', 'Am:2 E7:2' or off")
    return ChordTrack(_with_roots(chords), tuple(lengths))


def _beats_of_bar(bar: Sequence[tuple[str, int | None]]) -> list[int]:
    """How long the chords of a bar are; those without a length share what is left of it."""
    for name, beats in bar:
        if beats is not None and not 1 <= beats <= _MAX_CHORD_BEATS:
            raise UsageError(
                f"chord '{name}:{beats}': the length after ':' must be whole beats from 1 to {_MAX_CHORD_BEATS}"
            )
    free = sum(beats is None for _, beats in bar)
    left = BEATS_PER_BAR - sum(beats or 0 for _, beats in bar)
    if free and left < free:
        names = " ".join(name for name, _ in bar)
        raise UsageError(f"the bar '{names}' has more chords than beats: expected {BEATS_PER_BAR} at most")
    share, more = divmod(left, free) if free else (0, 0)
    shares = iter([share + (i < more) for i in range(free)])
    return [next(shares) if beats is None else beats for _, beats in bar]


def _with_roots(chords: Sequence[Chord]) -> tuple[Chord, ...]:
    """Where no chord is wanted, the root of the one before goes on: who asks for the harmony finds one."""
    root, found = next((chord.root for chord in chords if chord.tones), 0), []
    for chord in chords:
        root = chord.root if chord.tones else root
        found.append(replace(chord, root=root))
    return tuple(found)


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
    for _ in range(voicing if voicing < 3 and pitches else 0):
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


def key_contradiction(chords: ChordTrack, key: Key) -> str | None:
    """One line if most of what the chords hold lies outside the key; None if they go together."""
    scale = key.scale
    tones = [(chord.root + tone) % 12 in scale for chord in chords.chords for tone in chord.tones]
    if not tones or sum(tones) >= _IN_KEY * len(tones):
        return None
    return (
        f"the chords {str(chords)[:60]} lie outside of {key}: {sum(tones)} of their {len(tones)} notes are in it; "
        f"they would fit {fit_key(chords)}"
    )


def harmony_step(chord: Chord, key: Key) -> HarmonyStep:
    """The diatonic chord that a given one is closest to: how the pattern net is told of it."""
    scale = key.scale
    degree = min(range(DEGREES), key=lambda d: min((scale[d] - chord.root) % 12, (chord.root - scale[d]) % 12))
    if not chord.tones:
        colour = "triad"
    elif len(chord.tones) > 3:
        colour = "seventh"
    elif chord.tones[-1] > 12:
        colour = "ninth"
    else:
        colour = "triad" if chord.tones[1] in (3, 4) else "sus"
    return HarmonyStep(degree, colour)
