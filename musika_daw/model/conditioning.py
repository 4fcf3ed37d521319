"""Conditioning signals of the generator, per latent frame.

Everything the generator is told about a place in the song: the pattern's notes at sub-frame resolution, where in beat
and bar the frame lies, tempo, density, brightness, key, coordinates and style. A frame is described at its centre.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from musika_daw.model.coordinates import COORDINATES, coordinates_at
from musika_daw.model.style import STYLE_SIZE
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import Key
from musika_daw.music.notes import DRUM_CLASSES, DRUM_PITCHES, PITCHED_STEMS, STEMS

FRAME = 2048
SUB_FRAMES = 4  # onsets are told to a quarter of a frame: 12 ms
_PER_PITCHED = SUB_FRAMES + 12 + 4  # onsets, held pitch classes; held, octave, age, time left
_TIME_SCALE = 8.0  # frames after which age and time left saturate
_CLASS_OF_PITCH = {pitch: i for i, pitch in enumerate(DRUM_PITCHES.values())}
assert len(DRUM_CLASSES) == len(_CLASS_OF_PITCH)

SIGNALS: dict[str, int] = {
    "pattern": len(DRUM_CLASSES) * SUB_FRAMES + len(PITCHED_STEMS) * _PER_PITCHED,
    "pattern_known": len(STEMS),
    "beat_phase": 6,
    "bar_phase": 4,
    "tempo": 1,
    "density": len(STEMS),
    "brightness": len(STEMS),
    "key": 13,
    "coordinates": COORDINATES,
    "style": STYLE_SIZE,
}
CONDITIONING = sum(SIGNALS.values())


def _starts() -> dict[str, slice]:
    places, at = {}, 0
    for name, size in SIGNALS.items():
        places[name] = slice(at, at + size)
        at += size
    return places


LAYOUT = _starts()


def stem_pattern_rows(stem: str) -> slice:
    """The rows of one stem's notes."""
    drums = len(DRUM_CLASSES) * SUB_FRAMES
    if stem == "drums":
        return slice(0, drums)
    at = drums + PITCHED_STEMS.index(stem) * _PER_PITCHED
    return slice(at, at + _PER_PITCHED)


@dataclass(frozen=True, slots=True)
class FrameNote:
    """A sounding note in samples: onset, end, MIDI pitch (drums: General MIDI note), strength."""

    start: int
    end: int
    pitch: int
    strength: float


def _pattern_rows(notes: Mapping[str, Sequence[FrameNote]], first_frame: int, frames: int) -> NDArray[np.float32]:
    rows = np.zeros((SIGNALS["pattern"], frames), np.float32)
    for note in notes["drums"]:
        frame, sub = divmod(note.start * SUB_FRAMES // FRAME, SUB_FRAMES)
        if note.pitch in _CLASS_OF_PITCH and 0 <= frame - first_frame < frames:
            row = _CLASS_OF_PITCH[note.pitch] * SUB_FRAMES + sub
            rows[row, frame - first_frame] = max(rows[row, frame - first_frame], note.strength)
    for stem in PITCHED_STEMS:
        part = rows[stem_pattern_rows(stem)]
        centre = int({"bass": 36, "chords": 58, "lead": 70}[stem])
        for note in notes[stem]:
            frame, sub = divmod(note.start * SUB_FRAMES // FRAME, SUB_FRAMES)
            last = -(-note.end // FRAME)
            first = max(frame - first_frame, 0)
            end = min(last - first_frame, frames)
            if 0 <= frame - first_frame < frames:
                part[sub, frame - first_frame] = max(part[sub, frame - first_frame], note.strength)
            if first >= end:
                continue
            held = part[:, first:end]
            index = np.arange(first, end) + first_frame
            held[SUB_FRAMES + note.pitch % 12] = 1.0
            held[SUB_FRAMES + 12] = note.strength
            held[SUB_FRAMES + 13] = (note.pitch - centre) / 12.0
            held[SUB_FRAMES + 14] = np.exp(-((index + 0.5) * FRAME - note.start).clip(0) / (FRAME * _TIME_SCALE))
            held[SUB_FRAMES + 15] = np.exp(-(note.end - (index + 0.5) * FRAME).clip(0) / (FRAME * _TIME_SCALE))
    return rows


def frame_conditioning(
    notes: Mapping[str, Sequence[FrameNote]],
    beat_at_sample: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    bpm_at_beat: Callable[[float], float],
    density: NDArray[np.float64],
    brightness: NDArray[np.float64],
    key: Key | None,
    coordinates_seed: int,
    style: NDArray[np.float32],
    first_frame: int,
    frames: int,
) -> NDArray[np.float32]:
    """Conditioning of frames `[first_frame, first_frame + frames)`: `[CONDITIONING, frames]`.

    Args:
        notes: per stem, all that sound there.
        beat_at_sample: samples -> song position in beats.
        density, brightness: `[4, frames]` in 0..1.
        style: `[STYLE_SIZE]` or `[STYLE_SIZE, frames]`.
    """
    out = np.zeros((CONDITIONING, frames), np.float32)
    beats = beat_at_sample((np.arange(first_frame, first_frame + frames, dtype=np.float64) + 0.5) * FRAME)
    out[LAYOUT["pattern"]] = _pattern_rows(notes, first_frame, frames)
    out[LAYOUT["pattern_known"]] = 1.0
    angle = 2 * np.pi * beats
    out[LAYOUT["beat_phase"]] = np.stack([f(k * angle) for k in (1, 2, 4) for f in (np.sin, np.cos)])
    bar = angle / BEATS_PER_BAR
    out[LAYOUT["bar_phase"]] = np.stack([f(k * bar) for k in (1, 2) for f in (np.sin, np.cos)])
    out[LAYOUT["tempo"]] = np.log2([bpm_at_beat(float(b)) / 125.0 for b in beats]) * 2
    out[LAYOUT["density"]] = 2 * density - 1
    out[LAYOUT["brightness"]] = 2 * brightness - 1
    out[LAYOUT["key"]][12 if key is None else key.tonic] = 1.0
    out[LAYOUT["coordinates"]] = coordinates_at(coordinates_seed, beats)
    out[LAYOUT["style"]] = style if style.ndim == 2 else style[:, None]
    return out
