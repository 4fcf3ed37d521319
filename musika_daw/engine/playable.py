"""What the engine plays: a model and the songs it makes, whatever its family."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.score import Score
from musika_daw.model.model_file import ModelInfo
from musika_daw.music.harmony import Key
from musika_daw.music.notes import Note

AudioArray = NDArray[np.float32]


class PlayedChunks(Protocol):
    """The chunks of a song, each by itself.

    Attributes:
        samples: of a chunk.
    """

    samples: int

    def prepare(self, chunk: int) -> None:
        """Makes what a chunk needs before its stems can be made; another thread may make the chunk before meanwhile,
        but not the same one."""
        ...

    def audio(self, chunk: int, decoders: Executor) -> dict[str, AudioArray]:
        """Window number (0 starts the song) -> dry stems, left and right `[2, samples]`."""
        ...


class PlayedSong(Protocol):
    """What a score plays, as functions of song position."""

    @property
    def score(self) -> Score: ...

    @property
    def sample_rate(self) -> int: ...

    @property
    def key(self) -> Key | None:
        """The score's, or the model's choice; None where the model knows of none."""
        ...

    @property
    def note_stems(self) -> tuple[str, ...]:
        """Stems whose notes are known."""
        ...

    @property
    def section_beats(self) -> int:
        """Beats that are prepared at once."""
        ...

    def notes(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """Notes of a stem that start in `[first_beat, end_beat)`, in order of time; none where none are known."""
        ...

    def sounding(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """Notes of a stem that sound in `[first_beat, end_beat)`, those that began earlier included."""
        ...

    def fx_at(self, beat: float) -> FxOf:
        """The effects that the style brings."""
        ...

    def prepare(self, beat: float) -> None:
        """Makes what takes longest of all that the section at a beat needs; any thread may call it."""
        ...

    def ready(self, beat: float) -> None:
        """Makes what the first chunks from a beat on ask for beside decoding; any thread may call it."""
        ...

    def chunks(self, frames: int) -> PlayedChunks:
        """Chunks of so many frames of our own models (2048 samples)."""
        ...

    def controls_at(self, beat: float) -> Mapping[str, object]:
        """The controls that the model knows, as they stand at a beat, for people who read `take.json`; JSON values."""
        ...

    def facts(self) -> Mapping[str, object]:
        """What `take.json` says of what was made so far; JSON values."""
        ...


class PlayedModel(Protocol):
    """A model, and what songs of it share."""

    @property
    def info(self) -> ModelInfo: ...

    @property
    def prefetches_corners(self) -> bool:
        """Whether what is prepared for the corners of the morph square serves places between them, too."""
        ...

    @property
    def ready_seconds(self) -> float:
        """How long preparing takes, on this computer."""
        ...

    def song(self, score: Score) -> PlayedSong: ...
