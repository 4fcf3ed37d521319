"""Noise that rises through the end of a build and breaks off where the next section begins; on the drums' stem."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.engine.playable import AudioArray
from musika_daw.engine.score import Score
from musika_daw.model.decoding import FRAME
from musika_daw.model.drum_noise import BLOCK, noise_bands, place_in_bands, shape_noise
from musika_daw.music.form import Section
from musika_daw.music.grid import BEATS_PER_BAR

_LONGEST_BARS = 8
_LOWEST_HZ, _HIGHEST_HZ = 300.0, 9000.0  # its centre, at the beginning and at the end
_BANDS = 28
_REACH = 6.0  # bands on either side of the centre that sound, 1.4 octaves
_LEVEL = 0.09  # of the noise in its loudest band, at the end
_RANGE_DB = 30.0


def riser(score: Score, start: int, samples: int, rate: int) -> AudioArray | None:
    """What rises in samples `[start, start + samples)` of the song, left and right `[2, samples]`; None where nothing
    does. Both are whole numbers of frames."""
    builds = [] if score.form is None else [s for s in score.form.sections if s.kind == "build" and s.bars]
    if not builds:
        return None
    bars = _bars(score, start, samples, rate)
    levels = np.zeros((len(bars), _BANDS), np.float32)
    for build in builds:
        if score.density["drums"].at(build.first_bar * BEATS_PER_BAR):
            levels += _levels(build, bars)
    if not levels.any():
        return None
    told = torch.from_numpy(levels).expand(1, 2, -1, -1)
    audio: AudioArray = shape_noise(noise_bands(_BANDS), told, start // BLOCK)[0, :, :samples].numpy()
    return audio


def _bars(score: Score, start: int, samples: int, rate: int) -> NDArray[np.float64]:
    """Places in bars of the start of every block and of the one after the last, by straight lines between frames."""
    frames = np.arange(start, start + samples + FRAME + 1, FRAME)
    bars = [score.tempo_map.beat_at(frame / rate) / BEATS_PER_BAR for frame in frames.tolist()]
    return np.asarray(np.interp(np.arange(start, start + samples + 1, BLOCK), frames, bars), np.float64)


def _levels(build: Section, bars: NDArray[np.float64]) -> NDArray[np.float32]:
    """Of the noise in bands at places in bars, `[places, bands]`; zero outside of the riser."""
    end = build.first_bar + build.bars
    share = 1.0 - (end - bars) / min(build.bars, _LONGEST_BARS)  # of the riser that lies behind
    heard = (share >= 0.0) & (bars < end)
    centre = place_in_bands(_LOWEST_HZ * (_HIGHEST_HZ / _LOWEST_HZ) ** np.clip(share, 0.0, 1.0), _BANDS)
    shape = np.maximum(0.0, 1.0 - np.abs(np.arange(_BANDS) - centre[:, None]) / _REACH)
    loud = _LEVEL * 10.0 ** (_RANGE_DB / 20.0 * (np.clip(share, 0.0, 1.0) - 1.0)) * heard
    return np.asarray(shape * loud[:, None], np.float32)
