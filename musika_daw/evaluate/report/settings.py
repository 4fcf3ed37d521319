"""Options of `eval report`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from musika_daw.analysis.onsets import NOTE_THRESHOLD
from musika_daw.errors import UsageError

SONG_SECONDS = 8.0  # of each song that distances are taken from
LEAST_SONGS = 2


@dataclass(frozen=True)
class ReportSettings:
    """What is measured, and where the page goes."""

    out: Path = field(metadata={"help": "folder for the page; made, must not be there yet"})
    model: str = field(default="techno", metadata={"help": "a shipped or installed model, or the path of one"})
    reference: Path | None = field(
        default=None, metadata={"help": "folder of music to compare with; else the synthesised corpus, other seeds"}
    )
    seconds: float = field(default=128.0, metadata={"help": "music in each set that is compared, in seconds"})
    trials: int = field(default=5, metadata={"help": "times the speed is measured; the median counts"})
    onset_threshold: float = field(
        default=NOTE_THRESHOLD, metadata={"help": "share of the strongest onset that is one, too; a piano wants 0.5"}
    )
    seed: int = field(default=1, metadata={"help": "of everything that is drawn at random"})
    threads: int = field(default=2, metadata={"help": "CPU threads"})

    def __post_init__(self) -> None:
        if not LEAST_SONGS * SONG_SECONDS <= self.seconds <= 36_000:
            raise UsageError(
                f"--seconds {self.seconds:g} is out of range: expected {LEAST_SONGS * SONG_SECONDS:g} to 36000"
            )
        for name, most in (("trials", 1000), ("threads", 256)):
            if not 1 <= getattr(self, name) <= most:
                raise UsageError(f"--{name} {getattr(self, name)} is out of range: expected 1 to {most}")
        if not 0 < self.onset_threshold < 1:
            raise UsageError(f"--onset-threshold {self.onset_threshold:g} is out of range: expected between 0 and 1")
        if not 0 <= self.seed < 2**31:
            raise UsageError(f"--seed {self.seed} is out of range: expected 0 to {2**31 - 1}")

    @property
    def songs(self) -> int:
        """Songs in each set."""
        return round(self.seconds / SONG_SECONDS)
