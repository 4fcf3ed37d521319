"""A finished take as it lies on the disk: which files, where in the song, which notes."""

import json
import struct
from pathlib import Path


class TakeError(Exception):
    """A take that cannot be read: one line for Live's status bar."""


class Take:
    """What `take.json` says.

    Attributes:
        name: of the folder.
        first_beat: song position of the take's start.
        markers: (beat, second) pairs from the start of the take: where each beat lies in the audio.
        stems: name -> path of its audio, the mix left out where there are stems.
        colours: name -> 0x00rrggbb.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.name = self.folder.name
        try:
            facts = json.loads((self.folder / "take.json").read_text(encoding="utf-8"))
            self.first_beat = float(facts["first_beat"])
            self.markers = [(float(beat), float(second)) for beat, second in facts["beat_markers"]]
            self.has_beat = bool(facts.get("has_beat", True))
            colours = facts.get("colours", {})
            files = facts["files"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TakeError(f"take {folder} cannot be read: {error}") from error
        stems = {name: str(self.folder / file) for name, file in files.items()}
        if len(stems) > 1:
            stems.pop("mix", None)
        self.stems = stems
        self.colours = {name: int(colour.lstrip("#"), 16) for name, colour in colours.items()}

    @property
    def length_beats(self):
        """Length of the take."""
        return self.markers[-1][0]

    @property
    def steady_bpm(self):
        """Tempo of the take; None where it changes, or where there is no beat."""
        (first_beat, first), (last_beat, last) = self.markers[0], self.markers[-1]
        if not self.has_beat or len(self.markers) != 2 or last <= first:
            return None
        return round(60.0 * (last_beat - first_beat) / (last - first), 3)

    def notes(self, stem):
        """(pitch, start in beats, length in beats, velocity) of what a stem plays; none where it has no MIDI file."""
        path = self.folder / f"{stem}.mid"
        try:
            return read_notes(path.read_bytes())
        except OSError:
            return []
        except (ValueError, IndexError, struct.error) as error:
            raise TakeError(f"{path} cannot be read: {error}") from error


def read_notes(data):
    """The notes of a MIDI file with one track, as takes hold it.

    Raises:
        ValueError, IndexError, struct.error: it is none.
    """
    if data[:4] != b"MThd" or data[14:18] != b"MTrk":
        raise ValueError("no MIDI file of a take")
    _, _, division = struct.unpack(">HHH", data[8:14])
    place, end = 22, 22 + struct.unpack(">I", data[18:22])[0]
    tick, status, held, notes = 0, 0, {}, []
    while place < end:
        step, place = _number(data, place)
        tick += step
        if data[place] & 0x80:
            status, place = data[place], place + 1
        if status == 0xFF or status in (0xF0, 0xF7):
            length, place = _number(data, place + (status == 0xFF))
            place += length
            continue
        kind, pitch = status & 0xF0, data[place]
        value = data[place + 1]
        place += 1 if kind in (0xC0, 0xD0) else 2
        if kind == 0x90 and value:
            held[pitch] = tick, value
        elif kind in (0x80, 0x90) and pitch in held:
            start, velocity = held.pop(pitch)
            notes.append((pitch, start / division, max(tick - start, 1) / division, velocity))
    return sorted(notes, key=lambda note: note[1])


def _number(data, place):
    """A number of variable length, and the place after it."""
    number = 0
    while True:
        byte = data[place]
        place += 1
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            return number, place
