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

from musika_daw.engine.take.disk import write_text
from musika_daw.engine.take.midi_file import DRUM_CHANNEL, write_midi
from musika_daw.engine.take.session_log import SessionEvent, SessionStart, SessionWriter
from musika_daw.engine.take.take_folder import TakeFolder
from musika_daw.engine.take.termination import TerminationAsExit
from musika_daw.engine.take.typed_json import to_json
from musika_daw.engine.take.wav_chunks import RIFF_LIMIT_BYTES, WavFacts
from musika_daw.engine.take.wav_writer import WavWriter
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import Key
from musika_daw.music.notes import MIX, Note
from musika_daw.music.tempo_map import TempoMap

TAKE_FORMAT = 1
_MIDDLE_C = 60


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
    def start_sample(self) -> int:
        """Where the take starts in the song."""
        return self.session.score.tempo_map.sample_at(self.session.first_beat, self.session.sample_rate)

    def file_stem(self, stem: str) -> str:
        """`drums_128bpm_Am`: tempo at the start of the take, and the key that sounds."""
        bpm = f"{round(self.session.score.tempo_map.bpm_at(self.session.first_beat), 2):g}bpm"
        key = [] if self.key is None else [str(self.key).replace(" ", "")]
        return "_".join([stem, bpm, *key])


class TakeWriter:
    """A take on its way to the disk; use it as a context manager.

    Nothing shows under the take's name before `finish`; leaving the block without it (an error, Ctrl-C, SIGTERM)
    removes everything. After kill -9 a hidden folder stays, its files valid up to their last second; the next take
    of the project removes it. Memory does not grow with the length.
    """

    def __init__(self, plan: TakePlan) -> None:
        self._plan = plan
        self._tempo_map = plan.session.score.tempo_map
        self._termination = TerminationAsExit()
        self._folder: TakeFolder | None = None
        self._files: dict[str, WavWriter] = {}
        self._log: SessionWriter | None = None

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
        """Samples per channel written so far; the same for every file."""
        return self._files[MIX].frames

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
        session = self._plan.session
        channel = DRUM_CHANNEL if stem == "drums" else session.score.stems.index(stem) + 1
        tempo_map, first_beat = self._tempo_map, session.first_beat
        path = self._hidden().path / f"{stem}.mid"
        write_midi(path, notes, tempo_map, first_beat, self._end_beat() - first_beat, name=stem, channel=channel)

    def log(self, event: SessionEvent) -> None:
        """Adds a control event to the session log."""
        if self._log is None:
            raise RuntimeError("the take is not open")
        self._log.append(event)

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
        for file in self._files.values():
            file.close()
        if self._log is not None:
            self._log.close()
        told = json.dumps({**self._facts(), **(facts or {})}, indent=2, allow_nan=False, ensure_ascii=False)
        write_text(folder.path / "take.json", told + "\n")
        final = folder.publish()
        self._folder = None
        return final

    def _open(self) -> None:
        plan, session = self._plan, self._plan.session
        self._folder = TakeFolder(plan.project, session.take_name)
        bpm = session.score.tempo_map.bpm_at(session.first_beat)
        for name in dict.fromkeys((*session.score.stems, MIX)):
            root = None if name == "drums" or plan.key is None else _MIDDLE_C + plan.key.tonic
            facts = WavFacts(bpm, plan.start_sample, self._planned_beats(), root, description=name)
            path = self._folder.path / f"{plan.file_stem(name)}.wav"
            self._files[name] = WavWriter(
                path, facts, session.sample_rate, session.sample_format, plan.riff_limit_bytes
            )
        self._log = SessionWriter(self._folder.path / "session.jsonl", session)

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
        length, session = self._plan.session.length_samples, self._plan.session
        if length is None:
            return None
        return round(self._beat_at(self._plan.start_sample + length) - session.first_beat)

    def _beat_at(self, sample: int) -> float:
        return self._tempo_map.beat_at(sample / self._plan.session.sample_rate)

    def _end_beat(self) -> float:
        return self._beat_at(self._start_sample() + self.length_samples)

    def _start_sample(self) -> int:
        """Where the take starts in the song."""
        return self._tempo_map.sample_at(self._plan.session.first_beat, self._plan.session.sample_rate)

    def _bar_lines(self) -> tuple[int, list[int]]:
        """Number of the take's first bar line (0 starts the song) and the samples of all of them from its start."""
        session, start = self._plan.session, self._start_sample()
        tempo_map, rate = self._tempo_map, session.sample_rate
        first_bar = round(session.first_beat / BEATS_PER_BAR)
        while tempo_map.sample_at(first_bar * BEATS_PER_BAR, rate) < start:
            first_bar += 1
        lines: list[int] = []
        while (
            at := tempo_map.sample_at((first_bar + len(lines)) * BEATS_PER_BAR, rate) - start
        ) <= self.length_samples:
            lines.append(at)
        return first_bar, lines

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
            "start_sample": self._start_sample(),
            "length_samples": self.length_samples,
            "sample_rate": session.sample_rate,
            "sample_format": session.sample_format,
            "files": {name: file.path.name for name, file in self._files.items()},
            "clipped_samples": {name: file.clipped for name, file in self._files.items()},
            "controls": to_json(self._plan.controls),
            "versions": to_json(session.versions),
        }
