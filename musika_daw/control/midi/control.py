"""MIDI control of an instrument: controllers by a mapping, chords held, notes played in.

Threads: the port's thread calls `feed` and `flush`; any thread may call the rest.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from musika_daw.control.instrument import Instrument
from musika_daw.control.midi.chords import HeldChord
from musika_daw.control.midi.mapping import Mapping, Route, save_mapping
from musika_daw.control.midi.messages import CONTROL, NOTE_OFF, NOTE_ON, Message
from musika_daw.control.midi.note_recorder import NoteRecorder, PlayedIn
from musika_daw.control.midi.player import MappingPlayer, Meant
from musika_daw.control.midi.sources import Moved, Source, SourceDecoder
from musika_daw.controls.move import Move, RefusedError
from musika_daw.music.line import line_text

_POST_SECONDS = 0.005  # moves are gathered for so long: a storm of controllers becomes 200 posts a second
_LATE_SECONDS = 0.03  # a key that was struck before the bar line is seen by then
_ALL_NOTES_OFF = (120, 123)  # controllers: all sound off, all notes off
_SWITCHES = ("note", "program")  # every one of them counts; of knobs, the latest
_log = logging.getLogger(__name__)


class MidiControl:
    """Messages in, moves posted."""

    def __init__(
        self,
        instrument: Instrument,
        mapping: Mapping,
        learnt_file: Path,
        beat_at: Callable[[float], float | None],
        learnt: Callable[[Route], None] = lambda route: None,
    ) -> None:
        """
        Args:
            learnt_file: where the mapping is kept once something is learnt or forgotten.
            beat_at: song position that is heard at a moment of the monotonic clock; None while the song stands still.
            learnt: told what was bound, in the port's thread.
        """
        self._instrument, self._learnt_file, self._beat_at = instrument, learnt_file, beat_at
        self._player, self._learnt = MappingPlayer(mapping, instrument), learnt
        self._decoders: dict[str, SourceDecoder] = {}
        self._chord = HeldChord()
        self._played_in: PlayedIn | None = PlayedIn()
        self._recorders: dict[str, NoteRecorder] = {}
        self._waiting: list[Moved] = []
        self._places: dict[Source, int] = {}  # of a knob's latest move within those that wait
        self._moves: list[Move] = []
        self._posted_seconds = 0.0
        self._lock = threading.Lock()

    @property
    def mapping(self) -> Mapping:
        return self._player.mapping

    def use(self, mapping: Mapping) -> None:
        """Another mapping, from the next message on."""
        with self._lock:
            self._player = MappingPlayer(mapping, self._instrument)

    def learn(self, address: str, meant: Meant = 0) -> None:
        """The next control that moves will move this address, see `MappingPlayer.learn`; `off`: none.

        Raises:
            RefusedError: the address cannot be moved by a control.
        """
        with self._lock:
            self._player.learn(address, meant)

    def forget(self, address: str) -> None:
        """Nothing moves this address any more; `all`: nothing moves anything."""
        with self._lock:
            self._player.mapping = self._player.mapping.forgotten(address)
            save_mapping(self._learnt_file, self._player.mapping)

    def play_in(self, wish: PlayedIn | None) -> None:
        """What is made of notes on the stems' channels from now on; None: nothing."""
        with self._lock:
            self._played_in = wish
            self._recorders.clear()

    def feed(self, port: str, message: Message, seconds: float) -> None:
        """A message came at a moment of the monotonic clock."""
        with self._lock:
            if message.kind in (NOTE_ON, NOTE_OFF):
                self._note(message, seconds)
            if message.kind == CONTROL and message.data[0] in _ALL_NOTES_OFF:
                self._give_harmony_back(message.channel)
            for moved in self._decoders.setdefault(port, SourceDecoder()).decode(message):
                self._gather(moved)

    def key(self, stem: str, pitch: int, velocity: int, seconds: float) -> bool:
        """A key of a stem without a MIDI channel: velocity 0 lets go; False where nothing becomes of it."""
        with self._lock:
            return self._key(stem, pitch, velocity, seconds)

    def flush(self, seconds: float) -> None:
        """Posts what was gathered, at most every 5 ms."""
        with self._lock:
            if seconds - self._posted_seconds < _POST_SECONDS or not (self._waiting or self._moves or self._recorders):
                return
            self._posted_seconds = seconds
            beat = self._beat_at(seconds - _LATE_SECONDS) if self._recorders else None
            for stem, recorder in self._recorders.items():
                if (line := recorder.pass_by(beat)) is not None:
                    self._moves.append(Move("notes", stem, (line_text(line),)))
            before = self._player.mapping
            for moved in self._waiting:
                self._moves += self._player.moves(moved)
            self._waiting.clear()
            self._places.clear()
            moves, self._moves = self._moves, []
            if self._player.mapping is not before:
                save_mapping(self._learnt_file, self._player.mapping)
                self._learnt(self._player.mapping.routes[-1])
        self._post(moves)

    def _gather(self, moved: Moved) -> None:
        place = self._places.get(moved.source)
        if place is not None:
            self._waiting[place] = moved
            return
        if moved.source.kind not in _SWITCHES:
            self._places[moved.source] = len(self._waiting)
        self._waiting.append(moved)

    def _note(self, message: Message, seconds: float) -> None:
        pitch, velocity = message.data
        if message.kind == NOTE_OFF:
            velocity = 0
        mapping = self._player.mapping
        if message.channel == mapping.chords_channel and (name := self._chord.key(pitch, velocity > 0)):
            self._moves.append(Move.of("chords", name))
        if self._played_in is None or mapping.moves_by(Source("note", pitch, message.channel)):
            return
        for stem, channel in mapping.stem_channels.items():
            if channel == message.channel:
                self._key(stem, pitch, velocity, seconds)

    def _key(self, stem: str, pitch: int, velocity: int, seconds: float) -> bool:
        beat = self._beat_at(seconds)
        if self._played_in is None or beat is None:
            return False
        if stem not in self._recorders:
            self._recorders[stem] = NoteRecorder(self._played_in)
            self._recorders[stem].pass_by(self._beat_at(seconds - _LATE_SECONDS))
        self._recorders[stem].key(pitch, velocity, beat)
        return True

    def _give_harmony_back(self, channel: int) -> None:
        """The model chooses the chords again, if a keyboard had."""
        if channel == self._player.mapping.chords_channel and self._chord.let_go():
            self._moves.append(Move.of("chords", "off"))

    def _post(self, moves: list[Move]) -> None:
        if not moves:
            return
        try:
            self._instrument.post(moves)
        except RefusedError:
            for move in moves:  # one is not possible: the others are
                try:
                    self._instrument.post([move])
                except RefusedError as error:
                    _log.warning("MIDI: %s", error)
