"""Options of `eval sound`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class SoundSettings:
    """What is judged, and against what."""

    judged: str = field(default="techno", metadata={"help": "model, or folder of takes or of any sound files"})
    records: Path | None = field(
        default=None, metadata={"help": "records to judge by (default: those that 'data fetch free' brought)"}
    )
    seeds: int = field(default=6, metadata={"help": "renders of each style, of a model"})
    excerpts: int = field(default=2, metadata={"help": "excerpts of 10 s from every track of a folder"})
    tracks: int = field(default=48, metadata={"help": "tracks of the synthesised corpus beside it; 0 leaves it out"})
