"""Writes a take: stems and mix on the grid, their notes, what they were made from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from musika_daw.controls.move import Move
from musika_daw.controls.target import Target
from musika_daw.engine.project_files.arrangement import Arrangement, Track
from musika_daw.engine.project_files.automation import lanes_of
from musika_daw.engine.project_files.dawproject import write_dawproject
from musika_daw.engine.project_files.markers import take_markers
from musika_daw.engine.project_files.midi import write_midi, write_song_midi
from musika_daw.engine.project_files.reaper import write_reaper_project
from musika_daw.engine.take.audio_file import AudioFile, FileForm
from musika_daw.engine.take.file_names import file_stem, root_note
from musika_daw.engine.take.session_log import SESSION_NAME, SessionEvent, SessionStart, SessionWriter
from musika_daw.engine.take.take_folder import TakeFolder
from musika_daw.engine.take.termination import TerminationAsExit
from musika_daw.engine.take.typed_json import to_json
from musika_daw.engine.take.wav_chunks import WavFacts
from musika_daw.music.form import Form, parse_form
from musika_daw.music.general_midi import DRUM_CHANNEL
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import Key
from musika_daw.music.notes import MIX, Note
from musika_daw.music.tempo_map import TempoMap
from musika_daw.storage.files import write_text
from musika_daw.storage.wav_header import RIFF_LIMIT_BYTES

TAKE_FORMAT = 1
_FORM = Target("form")


@dataclass(frozen=True)
class TakePlan:
    """What is to be written where.

    Attributes:
        project: folder of the user's project; made if it is missing.
        session: what the take starts from; its score, name, rate, format and length are the take's.
        key: the key that sounds, for file names and chunks: the score's own, or the model's choice.
        controls: settings as the user gave them, for `take.json`; JSON values.
        riff_limit_bytes: larger files become RF64.
    """

    project: Path
    session: SessionStart
    key: Key | None = None
    controls: Mapping[str, object] = field(default_factory=dict)
    riff_limit_bytes: int = RIFF_LIMIT_BYTES

    @property
    def form(self) -> FileForm:
        """How the files are written."""
        session = self.session
        return FileForm(session.sample_format, session.file_rate or session.sample_rate, session.fade_seconds)

    @property
    def start_sample(self) -> int:
        """Where the take starts in the song, in samples of the files."""
        return self.session.score.tempo_map.sample_at(self.session.first_beat, self.form.rate)

    def file_stem(self, stem: str, has_beat: bool = True) -> str:
        """`drums_128bpm_Am`: tempo at the start of the take, if it has a beat, and the key that sounds."""
        bpm = self.session.score.tempo_map.bpm_at(self.session.first_beat)
        return file_stem(stem, bpm if has_beat else None, self.key)

    def file_facts(self, stem: str, beats: int | None, has_beat: bool = True) -> WavFacts:
        """What a file says of itself."""
        root = root_note(stem, self.key)
        bpm = self.session.score.tempo_map.bpm_at(self.session.first_beat) if has_beat else None
        return WavFacts(bpm, self.start_sample, beats, root, description=stem)


class TakeWriter:
    """A take on its way to the disk; use it as a context manager.

    Nothing shows under the take's name before `finish`; leaving the block without it (an error, Ctrl-C, SIGTERM)
    removes everything. After kill -9 a hidden folder stays, its files valid up to their last second: of what was
    rendered, the next take of the project removes it; of what was played live, the next live process makes a take of
    it (`unfinished`). Memory does not grow with the length.
    """

    def __init__(self, plan: TakePlan) -> None:
        self._plan = plan
        self._tempo_map = plan.session.score.tempo_map
        self._termination = TerminationAsExit()
        self._folder: TakeFolder | None = None
        self._files: dict[str, AudioFile] = {}
        self._log: SessionWriter | None = None
        self._notes: dict[str, tuple[Note, ...]] = {}
        self._moves: list[tuple[int, Move]] = []  # sample of the take

    def __enter__(self) -> Self:
        self._termination.arm()
        try:
            self._open()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._leave()

    @property
    def length_samples(self) -> int:
        """Samples of the engine taken so far, per channel; the same for every file."""
        return self._files[MIX].frames

    @property
    def _file_length(self) -> int:
        """The same in samples of the files; where the music ends on a beat, it is that beat's sample at their rate."""
        session, rate = self._plan.session, self._plan.form.rate
        tail = round(session.tail_seconds * session.sample_rate)
        end = self._start_sample(session.sample_rate) + self.length_samples - tail
        beat = round(self._tempo_map.beat_at(end / session.sample_rate))
        on_beat = self._tempo_map.sample_at(beat, session.sample_rate) == end
        last = self._tempo_map.sample_at(beat, rate) if on_beat else round(end / session.sample_rate * rate)
        return max(last - self._start_sample(rate) + round(session.tail_seconds * rate), 0)

    def write(self, stems: Mapping[str, NDArray[np.float32]], mix: NDArray[np.float32]) -> None:
        """Appends to every file.

        Args:
            stems: every stem of the score -> audio `[2, n]`, all of the same n.
            mix: their sum, `[2, n]`.
        """
        audio = {**stems, MIX: mix}
        if audio.keys() != self._files.keys() or len({a.shape for a in audio.values()}) != 1:
            shapes = {name: list(a.shape) for name, a in audio.items()}
            raise ValueError(f"expected audio of one shape for {', '.join(self._files)}, got {shapes}")
        for name, file in self._files.items():
            file.write(audio[name])

    def follow(self, tempo_map: TempoMap) -> None:
        """The tempo as it turned out to be, for a take that was played live: bar lines and notes lie in it."""
        self._tempo_map = tempo_map

    def write_notes(self, stem: str, notes: Sequence[Note]) -> None:
        """Writes `<stem>.mid`; call it when all audio is written, so that it gets the take's length."""
        tempo_map, first_beat = self._tempo_map, self._plan.session.first_beat
        path, channel = self._hidden().path / f"{stem}.mid", self._channel(stem)
        write_midi(path, notes, tempo_map, first_beat, self._end_beat() - first_beat, name=stem, channel=channel)
        self._notes[stem] = tuple(notes)

    def log(self, event: SessionEvent) -> None:
        """Adds a control event to the session log."""
        if self._log is None:
            raise RuntimeError("the take is not open")
        self._log.append(event)
        if event.sample >= 0:
            self._moves.append((event.sample, event.move))

    def finish(self, facts: Mapping[str, object] | None = None) -> Path:
        """Completes every file and gives the take its name.

        Args:
            facts: more for `take.json`; JSON values.

        Returns:
            The take's folder, `<project>/Musika/<take name> NNN`.
        """
        planned = self._plan.session.length_samples
        if planned is not None and planned != self.length_samples:
            raise RuntimeError(f"the take was to be {planned} samples long, {self.length_samples} were written")
        folder = self._hidden()
        has_beat = bool((facts or {}).get("has_beat", True))
        for name, file in self._files.items():
            if has_beat:
                file.finish(self._file_length)
            else:  # found out when all was made: a DAW must not stretch it to a grid that is not in it
                beatless = self._plan.file_facts(name, None, has_beat=False)
                file.finish(self._file_length, beatless, self._plan.file_stem(name, has_beat=False))
        if self._log is not None:
            self._log.close()
        arrangement = self._arrangement(has_beat)
        self._write_project_files(folder.path, arrangement)
        told = {**self._facts(), **_placing(arrangement), **(facts or {})}
        text = json.dumps(told, indent=2, allow_nan=False, ensure_ascii=False)
        write_text(folder.path / "take.json", text + "\n")
        final = folder.publish()
        self._folder = None
        return final

    def _open(self) -> None:
        plan, session = self._plan, self._plan.session
        self._folder = TakeFolder(plan.project, session.take_name)
        for name in dict.fromkeys((*session.score.stems, MIX)):
            facts = plan.file_facts(name, self._planned_beats())
            path = self._folder.path / plan.file_stem(name)
            self._files[name] = AudioFile(path, facts, session.sample_rate, plan.form, plan.riff_limit_bytes)
        self._log = SessionWriter(self._folder.path / SESSION_NAME, session)

    def _leave(self) -> None:
        self._termination.hold()
        try:
            for file in self._files.values():
                file.abandon()
            if self._folder is not None:
                if self._log is not None:
                    self._log.abandon()
                self._folder.discard()
        finally:
            self._termination.disarm()

    def _hidden(self) -> TakeFolder:
        if self._folder is None:
            raise RuntimeError("the take is not open")
        return self._folder

    def _planned_beats(self) -> int | None:
        session = self._plan.session
        if session.length_samples is None:
            return None
        start, rate = self._start_sample(session.sample_rate), session.sample_rate
        played = session.length_samples - round(session.tail_seconds * rate)
        return round(self._tempo_map.beat_at((start + played) / rate) - session.first_beat)

    def _end_beat(self) -> float:
        """Where the music ends, without what rings on."""
        session, rate = self._plan.session, self._plan.session.sample_rate
        played = self.length_samples - round(session.tail_seconds * rate)
        return self._tempo_map.beat_at((self._start_sample(rate) + max(played, 0)) / rate)

    def _beat_at(self, sample: int) -> float:
        """Song position of a sample of the engine, counted from the start of the take."""
        rate = self._plan.session.sample_rate
        return self._tempo_map.beat_at((self._start_sample(rate) + sample) / rate)

    def _start_sample(self, rate: int) -> int:
        """Where the take starts in the song, in samples of a rate."""
        return self._tempo_map.sample_at(self._plan.session.first_beat, rate)

    def _bar_lines(self) -> tuple[int, list[int]]:
        """Number of the take's first bar line (0 starts the song) and the samples of all of them from its start."""
        session, rate = self._plan.session, self._plan.form.rate
        tempo_map, start = self._tempo_map, self._start_sample(rate)
        first_bar = round(session.first_beat / BEATS_PER_BAR)
        while tempo_map.sample_at(first_bar * BEATS_PER_BAR, rate) < start:
            first_bar += 1
        lines: list[int] = []
        end = self._file_length - round(session.tail_seconds * rate)
        while (at := tempo_map.sample_at((first_bar + len(lines)) * BEATS_PER_BAR, rate) - start) <= end:
            lines.append(at)
        return first_bar, lines

    def _channel(self, stem: str) -> int:
        return DRUM_CHANNEL if stem == "drums" else self._plan.session.score.stems.index(stem) + 1

    def _write_project_files(self, folder: Path, arrangement: Arrangement) -> None:
        write_dawproject(folder / "take.dawproject", arrangement)
        write_reaper_project(folder / "take.rpp", arrangement)
        if self._notes:
            write_song_midi(folder / "take.mid", arrangement)

    def _arrangement(self, has_beat: bool) -> Arrangement:
        """The take as project files show it; its mix is muted where stems sound as well."""
        session, end_beat = self._plan.session, self._end_beat()
        tracks = [
            Track(name, file.path.name, self._notes.get(name, ()), self._channel(name) if name in self._notes else 1)
            for name, file in self._files.items()
            if name != MIX
        ]
        tracks.append(Track(MIX, self._files[MIX].path.name, muted=bool(tracks)))
        return Arrangement(
            session.take_name,
            self._tempo_map,
            session.first_beat,
            self._file_length,
            self._plan.form.rate,
            self._plan.key,
            tuple(tracks),
            take_markers(self._forms(), session.first_beat, end_beat),
            lanes_of((self._beat_at(sample), move) for sample, move in self._moves),
            has_beat=has_beat,
        )

    def _forms(self) -> list[tuple[float, Form | None]]:
        """Which form held from which song position on."""
        moved = [
            (self._beat_at(at), parse_form(str(move.values[0]))) for at, move in self._moves if move.target == _FORM
        ]
        return [(self._plan.session.first_beat, self._plan.session.score.form), *moved]

    def _facts(self) -> dict[str, object]:
        session = self._plan.session
        first_bar, bar_lines = self._bar_lines()
        return {
            "format": TAKE_FORMAT,
            "model": session.model,
            "seed": session.score.seed,
            "style": to_json(session.score.style.points),
            "key": None if self._plan.key is None else str(self._plan.key),
            "tempo_map": to_json(self._tempo_map),
            "first_beat": session.first_beat,
            "first_bar": first_bar,
            "bars": max(len(bar_lines) - 1, 0),
            "bar_line_samples": bar_lines,
            "start_sample": self._start_sample(self._plan.form.rate),
            "length_samples": self._file_length,
            "tail_samples": round(session.tail_seconds * self._plan.form.rate),
            "sample_rate": self._plan.form.rate,
            "sample_format": session.sample_format,
            "files": {name: file.path.name for name, file in self._files.items()},
            "clipped_samples": {name: file.clipped for name, file in self._files.items()},
            "controls": to_json(self._plan.controls),
            "versions": to_json(session.versions),
        }


def _placing(arrangement: Arrangement) -> dict[str, object]:
    """What scripts in a DAW need to place the files: where beats lie in them, and colours."""
    return {
        "beat_markers": arrangement.beat_markers(),
        "has_beat": arrangement.has_beat,
        "colours": {track.name: track.colour for track in arrangement.tracks},
    }
