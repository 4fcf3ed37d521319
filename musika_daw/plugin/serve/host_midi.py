"""What the host's MIDI plays in: lines of stems and the harmony, as the live process makes them of notes.

A pure function of the events since the host began to play, so that a bounce gives each time what it gave before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from musika_daw.control.midi.channels import STEM_CHANNELS
from musika_daw.control.midi.chords import HeldChord
from musika_daw.control.midi.messages import CONTROL, NOTE_OFF, NOTE_ON, Message
from musika_daw.control.midi.note_recorder import NoteRecorder, PlayedIn
from musika_daw.controls.move import Move
from musika_daw.engine.live.state.given_notes import with_line
from musika_daw.music.line import Line, line_text
from musika_daw.plugin import layout
from musika_daw.plugin.parameters import CHORDS_CHANNEL

_STEM_OF: Mapping[int, str] = {channel: stem for stem, channel in STEM_CHANNELS.items()}
_JUST_BEFORE = 1e-6  # beats: what is left at a bar line is left within the bar that ends there


@dataclass(frozen=True)
class HostEvent:
    """Something that matters for what is played in (`layout.Event`)."""

    beat: float
    kind: int
    message: bytes = b""


class HostMidi:
    """Takes events one after the other."""

    def __init__(self) -> None:
        self._forget()

    @property
    def moves(self) -> tuple[Move, ...]:
        """What holds now."""
        chords = () if self._chords is None else (Move.of("chords", self._chords),)
        return (*(self._lines[stem] for stem in sorted(self._lines)), *chords)

    def take(self, events: Iterable[HostEvent]) -> None:
        for event in events:
            if event.kind == layout.FORGET:
                self._forget()
            elif event.kind == layout.BAR:
                self._beat = event.beat
                self._pass_by(event.beat)
            elif event.kind == layout.LEFT:
                self._pass_by(event.beat - _JUST_BEFORE)
                self._pass_by(None)
            else:
                status, *data = event.message
                self._hear(Message(status & 0xF0, (status & 0x0F) + 1, (data[0], data[1])), event.beat)

    def _forget(self) -> None:
        self._chord = HeldChord()
        self._chords: str | None = None
        self._recorders: dict[str, NoteRecorder] = {}
        self._lines: dict[str, Move] = {}
        self._beat = 0.0

    def _pass_by(self, beat: float | None) -> None:
        for stem, recorder in self._recorders.items():
            if (line := recorder.pass_by(beat)) is not None:
                self._lines[stem] = _move(stem, line)

    def _hear(self, message: Message, beat: float) -> None:
        if message.channel == CHORDS_CHANNEL:
            self._harmony(message)
        elif message.kind in (NOTE_ON, NOTE_OFF) and (stem := _STEM_OF.get(message.channel)) is not None:
            if stem not in self._recorders:
                self._recorders[stem] = NoteRecorder(PlayedIn())
                self._recorders[stem].pass_by(self._beat)
            pitch, velocity = message.data
            self._recorders[stem].key(pitch, velocity if message.kind == NOTE_ON else 0, beat)

    def _harmony(self, message: Message) -> None:
        pitch, velocity = message.data
        if message.kind == CONTROL:  # all notes off: the song has its own harmony again
            self._chord.let_go()
            self._chords = None
        elif name := self._chord.key(pitch, message.kind == NOTE_ON and velocity > 0):
            self._chords = name


def _move(stem: str, line: Line) -> Move:
    return with_line(Move("notes", stem, (line_text(line),)), 0.0)
