"""Noise of a song's latents: it returns with the loop as far as the song repeats, and belongs to its place beyond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musika_daw.model.coordinates import STREAM_LATENTS, STREAM_LATENTS_LOOP, keyed_generator, moving_share

LOOP_BEATS, PHRASE_BEATS = 16, 64
"""What repeats, and how long it does: then something else does, but at variation 0."""
_PLACES = 4096  # more than a loop has frames


def song_noise(
    seed: int, variation: float, first: int, beats: NDArray[np.float64], frame_beats: float, latents: int
) -> NDArray[np.float32]:
    """Standard normal noise of frames `first`, `first + 1` …, `[latents, frames]`.

    Args:
        variation: 0: a loop brings the same noise each time, 1: never.
        beats: song position of each frame.
        frame_beats: how long a frame is, in beats.
    """
    frames = np.arange(first, first + len(beats))
    fresh = [keyed_generator(seed, STREAM_LATENTS, int(k)).standard_normal(latents) for k in frames]
    per_loop = min(max(1, round(LOOP_BEATS / frame_beats)), _PLACES)
    places = np.floor(np.mod(beats / LOOP_BEATS, 1.0) * per_loop).astype(np.int64)
    phrases = np.floor(beats / PHRASE_BEATS).astype(np.int64)
    moved, looped = moving_share(variation), _looped(seed, phrases, places, latents)
    if moved < 1.0:
        looped = np.sqrt(1 - moved**2) * _looped(seed, np.zeros_like(phrases), places, latents) + moved * looped
    mixed = np.sqrt(1 - variation**2) * looped + variation * np.stack(fresh, 1)
    return np.asarray(mixed, np.float32)


def _looped(seed: int, phrases: NDArray[np.int64], places: NDArray[np.int64], latents: int) -> NDArray[np.float64]:
    """Noise of places in the loops of phrases, `[latents, places]`."""
    drawn = [
        keyed_generator(seed, STREAM_LATENTS_LOOP, int(phrase) * _PLACES + int(place)).standard_normal(latents)
        for phrase, place in zip(phrases, places, strict=True)
    ]
    return np.stack(drawn, 1)
