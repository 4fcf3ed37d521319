"""Writes a loop kit: loops, their notes, one-shots and maps for samplers, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from musika_daw.engine.loop_kit.hits import Hit
from musika_daw.engine.loop_kit.sfz import drum_map, loop_map
from musika_daw.engine.playable import AudioArray
from musika_daw.engine.project_files.midi import write_midi
from musika_daw.engine.take.audio_file import AudioFile, FileForm
from musika_daw.engine.take.file_names import file_stem, root_note
from musika_daw.engine.take.take_folder import TakeFolder
from musika_daw.engine.take.termination import TerminationAsExit
from musika_daw.engine.take.wav_chunks import WavFacts
from musika_daw.music.general_midi import DRUM_CHANNEL
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import Key
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import TempoMap
from musika_daw.storage.files import write_text

KIT_FORMAT = 1
DEFAULT_NAME = "loops"
_LOOPS, _HITS, _NOTES = "loops", "hits", "midi"
_AUDIBLE = 1e-4  # -80 dBFS


@dataclass(frozen=True)
class KitForm:
    """What a kit's files have in common.

    Attributes:
        file: how they are written; its fade is that of loops: none.
        tempo_map: one tempo.
        key: that sounds, for names and chunks.
        has_beat: False for sound without a beat: its files name no tempo.
    """

    file: FileForm
    tempo_map: TempoMap
    key: Key | None = None
    has_beat: bool = True

    @property
    def named_bpm(self) -> float | None:
        """The tempo, of what has a beat."""
        return self.tempo_map.bpm_at(0.0) if self.has_beat else None

    def length(self, bars: int) -> int:
        """Samples of a loop."""
        return self.tempo_map.sample_at(bars * BEATS_PER_BAR, self.file.rate)


@dataclass(frozen=True)
class LoopPlace:
    """Which bars a loop is of.

    Attributes:
        number: of the place among those of the kit, from 1.
        first_bar: of the song, from 0.
    """

    number: int
    first_bar: int
    bars: int

    @property
    def name(self) -> str:
        return f"{self.number:02d}_{self.bars}{'bar' if self.bars == 1 else 'bars'}"


@dataclass
class _Written:
    """What is in the folder by now."""

    loops: list[dict[str, object]] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    hits: list[dict[str, object]] = field(default_factory=list)
    by_stem: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


class KitWriter:
    """A kit on its way to the disk; use it as a context manager: leaving it without `finish` removes everything."""

    def __init__(self, project: Path, form: KitForm, name: str = DEFAULT_NAME) -> None:
        self._project, self._form, self._name = project, form, name
        self._termination = TerminationAsExit()
        self._folder: TakeFolder | None = None
        self._written = _Written()

    def __enter__(self) -> Self:
        self._termination.arm()
        try:
            self._folder = TakeFolder(self._project, self._name)
        except BaseException:
            self._termination.disarm()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._termination.hold()
        try:
            if self._folder is not None:
                self._folder.discard()
        finally:
            self._termination.disarm()

    def write_loop(self, place: LoopPlace, stem: str, audio: AudioArray, notes: Sequence[Note]) -> None:
        """Writes one loop `[2, n]` and what is played in it; of silence no file is made.

        Args:
            notes: from the start of the loop; none of sound without notes.
        """
        form, name = self._form, f"{stem}_{place.name}"
        if np.abs(audio).max() < _AUDIBLE:
            self._written.silent.append(name)
            return
        beats = place.bars * BEATS_PER_BAR
        facts = WavFacts(form.named_bpm, 0, beats, root_note(stem, form.key), description=stem)
        file = self._write(self._file(_LOOPS, self._tagged(name)), facts, audio)
        told = {"file": file, "stem": stem, "number": place.number, "bars": place.bars}
        told |= {"first_bar": place.first_bar, "length_samples": audio.shape[1]}
        if notes:
            midi = self._file(_NOTES, self._tagged(name)).with_suffix(".mid")
            channel = DRUM_CHANNEL if stem == "drums" else 1
            write_midi(midi, notes, form.tempo_map, 0.0, beats, name=stem, channel=channel)
            told["midi"] = self._relative(midi)
        self._written.loops.append(told)
        self._written.by_stem.setdefault(stem, []).append((file, audio.shape[1]))

    def write_hits(self, shots: Mapping[Hit, AudioArray]) -> None:
        """Writes the one-shots and the map of them."""
        files: dict[Hit, str] = {}
        for hit, audio in shots.items():
            layers = sorted(h.strength for h in shots if h.pitch == hit.pitch)
            layer = f"_{layers.index(hit.strength) + 1}" if len(layers) > 1 else ""
            facts = WavFacts(None, root_note=hit.pitch, description=hit.name, looped=False)
            path = self._file(_HITS, f"{hit.pitch}_{hit.name.replace(' ', '_')}{layer}")
            files[hit] = self._write(path, facts, audio)
            told = {"file": files[hit], "drum": hit.name, "key": hit.pitch, "velocity": round(hit.strength * 127)}
            self._written.hits.append(told | {"length_samples": audio.shape[1]})
        if files:
            write_text(self._hidden().path / "drums.sfz", drum_map(files))

    def finish(self, facts: Mapping[str, object]) -> Path:
        """Writes the maps of the loops and `kit.json`, and gives the kit its name.

        Args:
            facts: more for `kit.json`; JSON values.

        Returns:
            The kit's folder, `<project>/Musika/<name> NNN`.
        """
        form, written = self._form, self._written
        for stem, files in written.by_stem.items():
            write_text(self._hidden().path / f"{stem}_loops.sfz", loop_map(files))
        told = {
            "format": KIT_FORMAT,
            **facts,
            "bpm": form.named_bpm,
            "key": None if form.key is None else str(form.key),
            "sample_rate": form.file.rate,
            "sample_format": form.file.sample_format,
            "loops": written.loops,
            "hits": written.hits,
            "silent": written.silent,
        }
        text = json.dumps(told, indent=2, allow_nan=False, ensure_ascii=False)
        write_text(self._hidden().path / "kit.json", text + "\n")
        final = self._hidden().publish(latest=False)
        self._folder = None
        return final

    def _tagged(self, name: str) -> str:
        """With tempo and key, as files of takes are named."""
        return file_stem(name, self._form.named_bpm, self._form.key)

    def _file(self, folder: str, name: str) -> Path:
        parent = self._hidden().path / folder
        parent.mkdir(exist_ok=True)
        return parent / name

    def _write(self, path: Path, facts: WavFacts, audio: AudioArray) -> str:
        """The name of a whole file as the maps have it."""
        file = AudioFile(path, facts, self._form.file.rate, self._form.file)
        try:
            file.write(audio)
            file.finish(audio.shape[1])
        except BaseException:
            file.abandon()
            raise
        return self._relative(file.path)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._hidden().path).as_posix()

    def _hidden(self) -> TakeFolder:
        if self._folder is None:
            raise RuntimeError("the kit is not open")
        return self._folder
