"""The notes of a MusicXML file; what is not about notes and loudness is passed over, and repeats are not played."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from musika_daw.errors import UserError

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_GRACE_BEATS = 0.125
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_LOUDNESS = {"ppp": 0.1, "pp": 0.2, "p": 0.35, "mp": 0.45, "mf": 0.55, "f": 0.7, "ff": 0.85, "fff": 0.95}


@dataclass(frozen=True)
class ScoreNote:
    """A note as it is written.

    Attributes:
        beat: quarter notes since the score's beginning.
        length: in quarter notes.
        pitch: MIDI number.
        part: 0 is the top one; a piano's hands are two.
    """

    beat: float
    length: float
    pitch: int
    part: int


@dataclass(frozen=True)
class Score:
    """A score's notes.

    Attributes:
        notes: by beat; tied ones are one.
        beats: its length in quarter notes.
        loudness: marks, `(beat, 0..1)`, by beat.
    """

    notes: tuple[ScoreNote, ...]
    beats: float
    loudness: tuple[tuple[float, float], ...]


def read_xml(path: Path) -> str:
    """The text of a MusicXML file, packed (.mxl) or plain.

    Raises:
        UserError: it cannot be read.
    """
    try:
        if path.suffix != ".mxl":
            return _decoded(path.read_bytes())
        with zipfile.ZipFile(path) as packed:
            inner = [name for name in packed.namelist() if name.endswith("xml") and not name.startswith("META-INF")]
            return _decoded(packed.read(inner[0]))
    except (OSError, zipfile.BadZipFile, IndexError) as error:
        raise UserError(f"score {path} cannot be read ({error})") from error


def _decoded(raw: bytes) -> str:
    """Text without its declaration, which may name an encoding that a text no longer has."""
    wide = raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    text = raw.decode("utf-16" if wide else "utf-8-sig", "replace")
    return _DECLARATION.sub("", text, count=1)


def read_score(path: Path) -> Score:
    """The notes of a MusicXML file.

    Raises:
        UserError: it is none.
    """
    try:
        # Scores come with an installed package; entities that expand without end are refused by the parser itself.
        root = ElementTree.fromstring(read_xml(path))  # noqa: S314
    except ElementTree.ParseError as error:
        raise UserError(f"score {path} is no MusicXML ({error})") from error
    notes: list[ScoreNote] = []
    marks: list[tuple[float, float]] = []
    parts = 0
    for part in root.findall("part"):
        reading = _Reading(parts)
        for measure in part.findall("measure"):
            reading.read_measure(measure)
        parts += reading.staves
        notes += reading.notes
        marks += reading.marks
    notes.sort(key=lambda note: (note.beat, note.part, note.pitch))
    beats = max((note.beat + note.length for note in notes), default=0.0)
    return Score(tuple(notes), beats, _mean_marks(marks))


@dataclass
class _Reading:
    """Where the reading of one part has come to; beats are quarter notes."""

    first_part: int
    staves: int = 1
    notes: list[ScoreNote] = field(default_factory=list)
    marks: list[tuple[float, float]] = field(default_factory=list)
    _divisions: float = 1.0
    _transpose: int = 0
    _at: float = 0.0
    _reached: float = 0.0
    _chord: float = 0.0  # where the last note began
    _tied: dict[tuple[int, int], int] = field(default_factory=dict)  # pitch, part -> place in `notes`

    def read_measure(self, measure: Element) -> None:
        self._at = self._reached
        for element in measure:
            if element.tag == "attributes":
                self._read_attributes(element)
            elif element.tag == "backup":
                self._at -= self._duration(element)
            elif element.tag == "forward":
                self._at += self._duration(element)
            elif element.tag == "note":
                self._read_note(element)
            elif element.tag == "direction":
                self._read_direction(element)
            self._reached = max(self._reached, self._at)

    def _read_attributes(self, element: Element) -> None:
        self._divisions = float(element.findtext("divisions") or self._divisions)
        transpose = element.find("transpose")
        if transpose is not None:
            octaves = int(transpose.findtext("octave-change") or 0)
            self._transpose = int(transpose.findtext("chromatic") or 0) + 12 * octaves

    def _duration(self, element: Element) -> float:
        return float(element.findtext("duration") or 0) / self._divisions

    def _read_note(self, element: Element) -> None:
        length = self._duration(element)
        beat = self._chord if element.find("chord") is not None else self._at
        self._chord = beat
        self._at = max(self._at, beat + length)
        pitch = element.find("pitch")
        if pitch is None or element.find("cue") is not None:
            return
        staff = int(element.findtext("staff") or 1)
        self.staves = max(self.staves, staff)
        self._add(ScoreNote(beat, length or _GRACE_BEATS, self._number(pitch), self.first_part + staff - 1), element)

    def _add(self, note: ScoreNote, element: Element) -> None:
        """A note, or what lengthens the one it is tied to."""
        ties, key = {tie.get("type") for tie in element.findall("tie")}, (note.pitch, note.part)
        place = self._tied.pop(key, None) if "stop" in ties else None
        if place is None:
            place = len(self.notes)
            self.notes.append(note)
        else:
            before = self.notes[place]
            self.notes[place] = replace(before, length=note.beat + note.length - before.beat)
        if "start" in ties:
            self._tied[key] = place

    def _number(self, pitch: Element) -> int:
        alter = round(float(pitch.findtext("alter") or 0))
        octave = int(pitch.findtext("octave") or 4)
        return 12 * (octave + 1) + _STEPS[pitch.findtext("step") or "C"] + alter + self._transpose

    def _read_direction(self, element: Element) -> None:
        for mark in element.findall("direction-type/dynamics/*"):
            if mark.tag in _LOUDNESS:
                self.marks.append((self._at, _LOUDNESS[mark.tag]))


def _mean_marks(marks: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """One mark a place: the parts' mean."""
    places = sorted({beat for beat, _ in marks})
    found = {place: [value for beat, value in marks if beat == place] for place in places}
    return tuple((place, sum(values) / len(values)) for place, values in found.items())
