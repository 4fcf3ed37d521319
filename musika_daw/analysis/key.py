"""The key that is heard, and the key of notes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.chroma import semitone_strengths
from musika_daw.analysis.spectra import Audio
from musika_daw.music.harmony import MODES, Key
from musika_daw.music.notes import Note

_WEIGHTS = {0: 2.0, 7: 1.5, 3: 1.3, 4: 1.3}  # tonic, fifth and third tell more than the other steps
# What harmonics 2, 3 and 5 of a note add above it, in semitones and share: taken off before folding to pitch classes.
_HARMONICS = ((12, 0.6), (19, 0.5), (28, 0.4))


def _pitch_classes(audio: Audio) -> NDArray[np.float64]:
    """Mean strength of the pitch classes over frames that are not silent, harmonics suppressed, unit sum."""
    bands = semitone_strengths(audio)
    bands = bands[bands.sum(1) > 0.01]
    if not len(bands):
        return np.zeros(12)
    clean = bands.copy()
    for semitones, share in _HARMONICS:
        clean[:, semitones:] -= share * bands[:, :-semitones]
    folded = np.sqrt(np.maximum(clean, 0).reshape(len(bands), 5, 12).sum(1)).mean(0)
    return np.asarray(folded / (folded.sum() + 1e-12), np.float64)


def heard_tonic(stems: Sequence[Audio], mode: str) -> int:
    """Pitch class 0-11 on which the mode's scale fits what the stems play best."""
    template = np.zeros(12)
    for step in MODES[mode]:
        template[step] = _WEIGHTS.get(step, 1.0)
    strength = np.sum([_pitch_classes(stem) for stem in stems], axis=0)
    strength = strength - strength.mean()
    fits = [float(strength @ np.roll(template - template.mean(), tonic)) for tonic in range(12)]
    return int(np.argmax(fits))


def share_in_key(notes: Sequence[Note], key: Key) -> float:
    """Share of the notes whose pitch class lies in the key's scale; 1 without notes."""
    scale = set(key.scale)
    return float(np.mean([note.pitch % 12 in scale for note in notes])) if notes else 1.0
