"""Whether takes have the tempo and the key that were asked for, to somebody else's ears: madmom's networks."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, mono
from musika_daw.music.harmony import Key, parse_key
from musika_daw.train.music_folder import find_music, read_music

_TOLERANCE = 0.02
_SHORTEST_SECONDS = 8.0
_TAKE = "take.json"
_MAJOR_MODES = ("major", "mixolydian", "lydian")


@dataclass(frozen=True)
class Asked:
    """A mix `[2, samples]`, the tempo that was asked for, and the key where one was."""

    sound: Audio
    bpm: float
    key: Key | None


def takes_of(folder: Path) -> Iterator[Asked]:
    """Takes of one tempo below a folder."""
    for path in sorted(folder.rglob(_TAKE)):
        take = json.loads(path.read_text("utf-8"))
        points = take.get("tempo_map", {}).get("points", [])
        mix = take.get("files", {}).get("mix")
        if mix and len(points) == 1:
            (file,) = (each for each in find_music(path.parent).files if each.path.name == mix)
            key = parse_key(take["key"]) if isinstance(take.get("key"), str) else None
            yield Asked(read_music(file, SAMPLE_RATE), float(points[0][1]), key)


def missing_reason() -> str | None:
    """Why the trackers cannot judge here; None where they can."""
    if importlib.util.find_spec("madmom") is None:
        return "madmom is not installed (pip install madmom)"
    return None


def obedience_figures(takes: Sequence[Asked]) -> dict[str, float]:
    """Shares of takes whose tempo is right within 2 %, also with octaves, and whose key is right (dorian and phrygian
    count as minor)."""
    from madmom.audio.signal import Signal
    from madmom.features.beats import RNNBeatProcessor
    from madmom.features.key import CNNKeyRecognitionProcessor, key_prediction_to_label
    from madmom.features.tempo import TempoEstimationProcessor

    beats, tempo, keys = RNNBeatProcessor(), TempoEstimationProcessor(fps=100), CNNKeyRecognitionProcessor()
    exact, octave, right = [], [], []
    for take in takes:
        if take.sound.shape[1] < _SHORTEST_SECONDS * SAMPLE_RATE:
            continue
        heard_by = Signal(mono(take.sound).astype(np.float32), sample_rate=SAMPLE_RATE)
        heard = float(tempo(beats(heard_by))[0][0])
        exact.append(_near(heard, take.bpm))
        octave.append(any(_near(heard * factor, take.bpm) for factor in (0.5, 1.0, 2.0)))
        if take.key is not None:
            asked = take.key.tonic, take.key.mode not in _MAJOR_MODES
            right.append(parse_label(key_prediction_to_label(keys(heard_by))) == asked)
    figures = {"takes": float(len(exact)), "tempo_right": _share(exact), "tempo_right_with_octaves": _share(octave)}
    return figures | {"key_right": _share(right)}


def _near(heard: float, asked: float) -> bool:
    return abs(heard / asked - 1) <= _TOLERANCE


def _share(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")


def parse_label(label: str) -> tuple[int, bool]:
    """`A minor`, `Db major` -> pitch class (C = 0), and whether it is minor."""
    name, mode = label.split()
    natural = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[name[0].upper()]
    return (natural + name[1:].count("#") - name[1:].count("b")) % 12, mode == "minor"
