"""What a stem plays of a MIDI file: which of its tracks, without drums on a tune, and in bars of its own metre."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from musika_daw.engine.smf.midi_song import MidiSong, Part, joined, read_song
from musika_daw.errors import UserError
from musika_daw.music.general_midi import DRUM_CHANNEL, is_drum, nearest_drum
from musika_daw.music.grid import STEPS_PER_BEAT
from musika_daw.music.line import LONGEST_BEATS
from musika_daw.music.notes import Note
from musika_daw.paths import user_path

_ENDINGS = (".mid", ".midi", ".smf", ".kar", ".rmi")
_DRUMS = "drums"
_RINGS_OVER_BEATS = 1 / STEPS_PER_BEAT  # what ends so little after a bar line does not ask for another bar
_MAX_EMPTY_BARS = 16  # more of them, and more than the notes have, are not meant
_LISTED = 8


@dataclass(frozen=True)
class StemNotes:
    """Notes for a stem.

    Attributes:
        notes: in order of time, in beats since the start of the file.
        bars: where the bars lie that repeat when they are looped, first and last bar line in beats.
        remarks: one line each on what was made of the file; empty if nothing had to be made of it.
        loop_remarks: the same of the bars.
    """

    notes: tuple[Note, ...]
    bars: tuple[float, float]
    remarks: tuple[str, ...] = ()
    loop_remarks: tuple[str, ...] = ()

    def looped(self) -> tuple[tuple[Note, ...], float]:
        """Notes counted from the first bar line, and the length of the loop in beats.

        Raises:
            UserError: it is longer than a line can be.
        """
        first, last = self.bars
        if last - first > LONGEST_BEATS:
            raise UserError(
                f"a loop of {last - first:.6g} beats is not possible: expected {LONGEST_BEATS:g} at most; export the "
                "part that is to be played"
            )
        return tuple(replace(note, start_beat=note.start_beat - first) for note in self.notes), last - first


def read_stem_notes(source: str, stem: str) -> StemNotes:
    """The notes that a stem plays of a file.

    Drums come from channel 10 where there is one, and from there alone; no other stem ever plays that channel.

    Args:
        source: path of a MIDI file, then perhaps `:2` or `:Name` for one of its tracks (`split_source`).

    Raises:
        UserError: no such file, track or notes; one line.
    """
    path, track = split_source(source)
    song = read_song(path)
    remarks = list(song.remarks)
    parts = _of_stem(_chosen(song, path, track), stem, path)
    if len(parts) > 1:
        remarks.append(
            f"{len(parts)} tracks were merged ({_listed(parts)}); {stem}={path.name}:{parts[0].number} takes one"
        )
    part = joined(parts)
    if stem == _DRUMS:
        part = replace(part, notes=tuple(nearest_drum(note) for note in part.notes))
        remarks += _silent(part.notes)
    bars, told = _bars(song, part)
    named = (tuple(f"{path.name}: {remark}" for remark in lines) for lines in (remarks, told))
    return StemNotes(part.notes, bars, *named)


def split_source(source: str) -> tuple[Path, str]:
    """`song.mid:Bass` -> path and track; the track is empty where none is named."""
    path = user_path(source)
    head, colon, track = source.rpartition(":")
    if colon and head and track and not path.exists():
        before = user_path(head)
        if head.lower().endswith(_ENDINGS) or before.is_file():
            return before, track.strip()
    return path, ""


def _chosen(song: MidiSong, path: Path, track: str) -> Sequence[Part]:
    if not track:
        return song.parts[:1] if song.separate else song.parts
    if track.isascii() and track.isdigit():
        if 1 <= int(track[:9]) <= len(song.parts):
            return [song.parts[int(track[:9]) - 1]]
    else:
        wanted = track.casefold()
        for fits in (lambda name: name == wanted, lambda name: wanted in name):
            found = [part for part in song.parts if fits(part.name.casefold())]
            if found:
                return found
    raise UserError(f"{path} has no track {track!r} with notes: expected one of {_listed(song.parts)}")


def _of_stem(parts: Sequence[Part], stem: str, path: Path) -> list[Part]:
    """The parts less what is not for this stem."""
    drums = [p for p in (_on_channel(part, True) for part in parts) if p.notes]
    others = [p for p in (_on_channel(part, False) for part in parts) if p.notes]
    if stem == _DRUMS:
        return drums or others
    if not others:
        raise UserError(f"{path} holds drums alone there (channel {DRUM_CHANNEL}): expected notes for {stem}")
    return others


def _on_channel(part: Part, drums: bool) -> Part:
    kept = [i for i, channel in enumerate(part.channels) if (channel == DRUM_CHANNEL) == drums]
    return replace(part, notes=tuple(part.notes[i] for i in kept), channels=tuple(part.channels[i] for i in kept))


def _silent(notes: Sequence[Note]) -> list[str]:
    """One line on notes that no drum is near to, or none."""
    silent = Counter(note.pitch for note in notes if not is_drum(note))
    if not silent:
        return []
    pitches = ", ".join(str(pitch) for pitch in sorted(silent)[:_LISTED]) + (", ..." if len(silent) > _LISTED else "")
    return [f"{sum(silent.values())} of {len(notes)} notes have no drum and are not heard (pitches {pitches})"]


def _bars(song: MidiSong, part: Part) -> tuple[tuple[float, float], list[str]]:
    """First and last bar line of what repeats, and a line where that is not the whole file."""
    lines = song.bar_lines
    first = max(bisect_left(lines, part.notes[0].start_beat + _RINGS_OVER_BEATS) - 1, 0)
    if first == len(lines) - 1 > 0:  # its only notes begin on the last bar line
        lines = (*lines, 2 * lines[-1] - lines[-2])
    last = max(_line_after(lines, max(note.end_beat for note in part.notes)), min(first + 1, len(lines) - 1))
    end = max(last, _line_after(lines, part.length_beats if song.separate else song.length_beats))
    most = max(_MAX_EMPTY_BARS, last - first)
    begin = first if first > most else 0
    stop = last if end - last > most else end
    remarks = []
    if (begin, stop) != (0, end):
        bars = f"bar {begin + 1}" if stop == begin + 1 else f"bars {begin + 1} to {stop}"
        remarks.append(f"{bars} of {end} repeat: the rest of it is empty")
    elif song.metre != "4/4":
        bars = f"a bar of {song.metre} repeats" if stop == 1 else f"{stop} bars of {song.metre} repeat"
        remarks.append(f"{bars}, {lines[stop]:g} beats")
    return (lines[begin], lines[stop]), remarks


def _line_after(lines: Sequence[float], beat: float) -> int:
    """The first bar line that is not before a beat, one after 0 at least, the last one at most."""
    return min(max(bisect_left(lines, beat - _RINGS_OVER_BEATS), 1), len(lines) - 1)


def _listed(parts: Sequence[Part]) -> str:
    shown = ", ".join(f"{part.number} {part.name}" for part in parts[:_LISTED])
    return shown + (f", ... {len(parts)}" if len(parts) > _LISTED else "")
