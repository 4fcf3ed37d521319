"""Loops of a song that goes round: every file exactly as long as its bars, its end leading into its start."""

from __future__ import annotations

import math

import numpy as np
import soxr

from musika_daw.engine.console import Sound
from musika_daw.engine.loop_kit.going_round import GoingRound, with_seam
from musika_daw.engine.offline.renderer import MAX_PRE_ROLL_SECONDS, stream
from musika_daw.engine.playable import AudioArray

SEAM_SECONDS = 0.02
_MARGIN_SECONDS = 0.2  # around a loop for the seam and the resampler; whole samples at every rate there is


def render_loop(
    round_: GoingRound, length: int, file_rate: int, sound: Sound | None = None, threads: int | None = None
) -> dict[str, AudioArray]:
    """One round of the stems and of `mix`, as it sounds when all tails of those before are in it.

    Args:
        length: in samples of the file.

    Returns:
        Stem -> `[2, length]` at `file_rate`.
    """
    rate = round_.song.sample_rate
    margin = round(_MARGIN_SECONDS * rate)
    before = math.ceil((MAX_PRE_ROLL_SECONDS * rate + margin) / round_.period)
    start = round_.start(before)
    end = start + math.ceil(round_.period) + margin
    blocks = list(stream(round_.song, start - margin, end, sound, threads=threads))
    fade = min(round(SEAM_SECONDS * file_rate), length)
    first = round(margin / rate * file_rate) - fade
    loops = {}
    for stem in blocks[0]:
        audio = at_rate(np.concatenate([block[stem] for block in blocks], axis=1), rate, file_rate)
        loops[stem] = with_seam(audio[:, first:], fade, length, alike=True)
    return loops


def at_rate(audio: AudioArray, rate: int, file_rate: int) -> AudioArray:
    """The same sound `[2, n]` with another number of samples a second."""
    if rate == file_rate:
        return audio
    return np.ascontiguousarray(soxr.resample(audio.T, rate, file_rate, quality="VHQ").T, np.float32)
