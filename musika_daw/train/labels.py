"""Labels of a file of music: its onsets, and the beats of every stretch that has a steady one.

They are events in seconds, so they suit latents of any rate. On disk one `NAME.labels.json` each.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.storage.files import write_text

LABEL_ENDING = ".labels.json"
ONSET_SPREAD_SECONDS = 0.5  # of the Gaussian that each onset adds to the density
_REACH = 4  # spreads


@dataclass(frozen=True)
class LockedStretch:
    """A stretch with a steady beat.

    Attributes:
        start, end: seconds.
        beats: when they fall, in seconds; some lie outside the stretch, so that all of it has a phase.
    """

    start: float
    end: float
    beats: tuple[float, ...]

    @property
    def bpm(self) -> float:
        """Mean tempo."""
        return 60 * (len(self.beats) - 1) / (self.beats[-1] - self.beats[0])


@dataclass(frozen=True)
class MusicLabels:
    """What is known of a file.

    Attributes:
        seconds: its length.
        onsets: when notes begin, in seconds.
        locked: stretches with a steady beat; elsewhere the music is *unlocked*.
        stems: onsets of each stem of a song that is made of several.
        clear: onsets that stand out whatever the strongest is, so that songs can be compared by how many they have.
    """

    seconds: float
    onsets: tuple[float, ...]
    locked: tuple[LockedStretch, ...]
    stems: tuple[tuple[float, ...], ...] = ()
    clear: tuple[float, ...] = ()

    @property
    def locked_share(self) -> float:
        return sum(stretch.end - stretch.start for stretch in self.locked) / self.seconds

    def onset_rates(self, at: NDArray[np.float64]) -> NDArray[np.float64]:
        """Onsets a second around each time, of every stem: `[len(at), stems]`; without stems those of the mix."""
        return np.stack([onset_rate(onsets, at) for onsets in self.stems or (self.onsets,)], 1)

    def beat_positions(self, at: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Tempo in bpm and position in beats (counted anew in each stretch) at each time; NaN where unlocked."""
        bpm, positions = np.full(len(at), np.nan), np.full(len(at), np.nan)
        for stretch in self.locked:
            inside = (at >= stretch.start) & (at < stretch.end)
            bpm[inside] = stretch.bpm
            positions[inside] = np.interp(at[inside], stretch.beats, np.arange(len(stretch.beats)))
        return bpm, positions


def onset_rate(onsets: Sequence[float], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Onsets a second around each time: a Gaussian kernel density estimate (paper, section 5.1).

    The paper's bandwidth, 0.004 of the spread of a piece's onsets, is 0.5 s for a piece of seven minutes; here it is
    that for every piece.
    """
    rate = np.zeros(len(at))
    order = np.argsort(at)
    for onset in onsets:
        reach = _REACH * ONSET_SPREAD_SECONDS
        near = order[slice(*np.searchsorted(at[order], [onset - reach, onset + reach]))]
        rate[near] += np.exp(-0.5 * ((at[near] - onset) / ONSET_SPREAD_SECONDS) ** 2)
    return np.asarray(rate / (ONSET_SPREAD_SECONDS * np.sqrt(2 * np.pi)), np.float64)


def write_labels(path: Path, labels: MusicLabels) -> None:
    """Write a label file, whole or not at all; times are kept to a tenth of a millisecond."""

    def rounded(times: tuple[float, ...]) -> list[float]:
        return [round(time, 4) for time in times]

    stretches = [{**asdict(stretch), "beats": rounded(stretch.beats), "bpm": stretch.bpm} for stretch in labels.locked]
    stems = {"stems": [rounded(onsets) for onsets in labels.stems]} if labels.stems else {}
    document = {"seconds": labels.seconds, "onsets": rounded(labels.onsets), **stems, "locked": stretches}
    write_text(path, json.dumps(document) + "\n")


def labels_beside(music: Path) -> Path:
    """Where the labels of a file of music or of its latents lie."""
    return music.with_name(music.stem + LABEL_ENDING)


def read_labels(path: Path) -> MusicLabels:
    """
    Raises:
        UserError: the file is not there or not of this kind.
    """
    try:
        document = json.loads(path.read_text())
        locked = [LockedStretch(s["start"], s["end"], tuple(s["beats"])) for s in document["locked"]]
        stems = tuple(tuple(onsets) for onsets in document.get("stems", ()))
        return MusicLabels(float(document["seconds"]), tuple(document["onsets"]), tuple(locked), stems)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} is no file of labels ({error}): make it with 'musika-daw data label'") from error


@dataclass(frozen=True)
class DensityScale:
    """What onset rates (onsets a second) a density of 0 and of 1 stand for, on a logarithmic scale."""

    low: float
    high: float

    @staticmethod
    def of(rates: NDArray[np.float64]) -> DensityScale:
        """From the 2nd to the 98th percentile of a corpus."""
        low, high = np.percentile(rates, [2, 98])
        return DensityScale(float(low), float(max(high, low + 0.1)))

    def density(self, rates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rates -> 0..1."""
        low, high = np.log1p(self.low), np.log1p(self.high)
        return np.asarray(np.clip((np.log1p(rates) - low) / (high - low), 0, 1), np.float64)
