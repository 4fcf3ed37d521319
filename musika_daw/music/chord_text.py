"""Keys and chords as people write them, taken apart: names, qualities, bar lines. What they mean is in `harmony`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNICODE = str.maketrans({"♯": "#", "♭": "b", "−": "-", "–": "-", "—": "-", "Δ": "maj7", "△": "maj7", "°": "dim"})
_ROOT = r"[A-Ga-g][#b]?"
_NO_CHORD = re.compile(r"n\.?\s?c\.?", re.IGNORECASE)
_BEATS = re.compile(r"(.*):(\d+)")
_NO_CHORD_IN_TEXT = re.compile(r"(?<![A-Za-z#])n\.?c\.?(?![A-Za-z#])", re.IGNORECASE)
_QUALITY_APART = re.compile(rf"(?<![A-Za-z#])({_ROOT})[ \t]+(m|min|minor|maj|major|dim|aug)(?![A-Za-z#])")
# Spaces, commas, arrows; a dash before a root, which else is part of a chord: C-7.
_BETWEEN = re.compile(r"[\s,;>→]+(?:-+[\s>]+)?|-+>|(?<=\S)-(?=[A-GN]|[a-g][#b]?(?:m|-|$|[\s,;]))")
_REPEAT = "%"  # the chord before, as lead sheets have it
NO_CHORD = "N.C."

# Modes by the words that people use for them.
_MODES = {
    "m": "minor", "min": "minor", "mi": "minor", "-": "minor", "minor": "minor", "moll": "minor", "aeolian": "minor",
    "": "major", "M": "major", "maj": "major", "ma": "major", "major": "major", "dur": "major", "ionian": "major",
    "dor": "dorian", "phryg": "phrygian", "phr": "phrygian", "mixo": "mixolydian", "mix": "mixolydian",
}  # fmt: skip

# Qualities that are other spellings of those that `harmony` knows, and the additions of jazz.
_SPELLINGS = (
    (r"^(?:minor|min|mi|-)", "m"),
    (r"^(?:major|maj|ma|M|j)(?=7|9|13|$)", "maj"),
    (r"^maj$", ""),
    (r"^m\(?(?:maj|ma|M)7?\)?$", "mmaj7"),
    (r"^(?:o|dim)(?=7?$)", "dim"),
    (r"^(?:ø7?|m7-5|m7\(b5\)|h7?)$", "m7b5"),
    (r"^\+(?=7?$)", "aug"),
    (r"^sus$", "sus4"),
    (r"^dom7?$", "7"),
    (r"^2$", "add9"),
    (r"^(m?)add2$", r"\1add9"),
    (r"^(m?)(?:6/9|69)$", r"\g<1>69"),
    (r"^7sus$", "7sus4"),
)


def split_key(text: str) -> tuple[str, str] | None:
    """`Am`, `A min`, `Bb-minor`, `D dorian`, `8A` -> root and mode as `harmony` calls it, or as it was written; None
    for what does not begin with a root."""
    text = _plain(text)
    if camelot := re.fullmatch(r"(1[0-2]|[1-9])([ABab])", text):
        return _camelot(int(camelot[1]), camelot[2].upper() == "A")
    match = re.fullmatch(rf"({_ROOT})(?:\s*[-_]\s*|\s*)([A-Za-z]*|-)", text)
    if match is None:
        return None
    word = match[2]
    return _capital(match[1]), _MODES.get(word, _MODES.get(word.lower(), word.lower()))


def _camelot(number: int, minor: bool) -> tuple[str, str]:
    """The wheel of DJs: 8A is A minor, 8B C major, each number more a fifth up."""
    fifths = ("C", "G", "D", "A", "E", "B", "F#", "C#", "Ab", "Eb", "Bb", "F")
    return (fifths[(number - 8 + 3) % 12], "minor") if minor else (fifths[(number - 8) % 12], "major")


def split_chord(text: str) -> tuple[str, str, str] | None:
    """`C#m7/G#` -> root, quality in the spelling of `harmony`, bass note (empty without one); None for no chord."""
    text = _plain(text)
    match = re.fullmatch(rf"({_ROOT})(.*?)(?:/({_ROOT}))?", text)
    if match is None:
        return None
    return _capital(match[1]), quality_name(match[2]), _capital(match[3] or "")


def quality_name(written: str) -> str:
    """`min7`, `Maj7`, `-`, `(b9)` -> `m7`, `maj7`, `m`, `b9`."""
    name = written.replace(" ", "")
    if not name.startswith("M"):
        name = name[:1].lower() + name[1:]
    elif re.match(r"(?:Maj|MAJ|Min|MIN|Ma|Mi)", name):
        name = name.lower()
    for pattern, spelling in _SPELLINGS:
        name = re.sub(pattern, spelling, name)
    return re.sub(r"[()]", "", name)


def split_progression(text: str) -> Iterator[list[tuple[str, int | None]]]:
    """`Am7 | F G | C/E:2` -> bars of chords, each with its length in beats where that is written.

    Chords are apart from each other by spaces, commas, semicolons or dashes; without bar lines each is a bar of its own
    and comes in a list of its own. `%` is the chord before, `N.C.` none.
    """
    text = _NO_CHORD_IN_TEXT.sub(f" {NO_CHORD}", _plain(text))
    text = re.sub(r"\|:|:\|", "|", text)
    text = re.sub(r"\s+:\s*(?=\d)", ":", text)
    text = _QUALITY_APART.sub(r"\1\2", text)
    before = ""
    for bar in text.split("|"):
        chords = []
        for word in _BETWEEN.split(bar):
            if not word:
                continue
            match = _BEATS.fullmatch(word)
            name, beats = (match[1], int(match[2][:9])) if match else (word, None)
            before = name = before if name == _REPEAT and before else name
            chords.append((name, beats))
        if "|" in text:
            if chords:
                yield chords
        else:
            yield from ([chord] for chord in chords)


def is_no_chord(name: str) -> bool:
    """Whether it says that nothing sounds: `N.C.`, `NC`."""
    return _NO_CHORD.fullmatch(name) is not None


def _plain(text: str) -> str:
    """The same with the letters of keyboards."""
    return text.replace("Δ7", "Δ").replace("△7", "△").translate(_UNICODE).strip()


def _capital(note: str) -> str:
    return note[:1].upper() + note[1:]
