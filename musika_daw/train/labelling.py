"""Labels of any music, measured on the sound itself (paper, sections 5.1 and 5.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musika_daw.analysis.beat_tracking import find_beats, onset_envelope
from musika_daw.analysis.onsets import CLEAR_RISE, HOP, NOTE_THRESHOLD, band_rises, onsets_of, peaks_above, tone_flux
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio
from musika_daw.train.distributed import ALONE, World
from musika_daw.train.labels import LABEL_ENDING, LockedStretch, MusicLabels, write_labels
from musika_daw.train.music_folder import MusicFolder
from musika_daw.train.songs import Song, plain_songs

# A piece is analysed by itself: a set of many songs, or a song with a free introduction, has a beat where it has one.
PIECE_SECONDS = 60.0
_LEAST_PIECE_SECONDS = 12.0
_CONTEXT_SECONDS = 0.25  # before and after a piece, for the first and last frames


def label_song(song: Song) -> MusicLabels:
    """Onsets of the mix and of the stems, and beats where the mix has a steady one; memory does not grow with the song.

    Raises:
        UserError: a file cannot be decoded.
    """
    samples = round(song.seconds * SAMPLE_RATE)
    mix = _label(partial(song.read_mix, rate=SAMPLE_RATE), samples)
    if len(song.stems) == 1:
        return mix
    reads = [partial(song.read, stem, rate=SAMPLE_RATE) for stem in range(len(song.stems))]
    return replace(mix, stems=tuple(_label(read, samples, beats=False).onsets for read in reads))


def label_audio(audio: Audio) -> MusicLabels:
    """The same of audio at 44.1 kHz, `[2, samples]`."""
    return _label(lambda start, samples: audio[:, start : start + samples], audio.shape[1])


def label_songs(
    songs: Sequence[Song], out: Path, progress: Callable[[float], None] = lambda share: None, world: World = ALONE
) -> None:
    """Write the labels of every song, `NAME.labels.json` in `out`; those that are there stay.

    Args:
        world: the processes that share the songs.
    """
    mine = world.share(songs)
    for done, song in enumerate(mine, 1):
        place = out / f"{song.name}{LABEL_ENDING}"
        if not place.exists():
            write_labels(place, label_song(song))
        progress(done / len(mine))
    world.wait()


def label_folder(
    music: MusicFolder,
    out: Path,
    root: Path,
    progress: Callable[[float], None] = lambda share: None,
    world: World = ALONE,
) -> None:
    """The same of every file of a folder: labels of `album/song.wav` in `root` are `album/song.labels.json`."""
    label_songs(plain_songs(music, root), out, progress, world)


def _label(read: Callable[[int, int], Audio], samples: int, beats: bool = True) -> MusicLabels:
    onsets: list[float] = []
    clear: list[float] = []
    locked: list[LockedStretch] = []
    for start, end in _pieces(samples):
        audio, frames = _with_context(read, start, end)
        seconds = start / SAMPLE_RATE
        flux = tone_flux(audio)[frames]
        onsets += [float(onset + seconds) for onset in onsets_of(flux, NOTE_THRESHOLD)]
        clear += [float(onset + seconds) for onset in peaks_above(flux, CLEAR_RISE)]
        tracked = find_beats(onset_envelope(band_rises(audio)[frames])) if beats else None
        if tracked is not None and tracked.clear:
            found = _reaching(tracked.seconds, (end - start) / SAMPLE_RATE) + seconds
            locked.append(LockedStretch(seconds, end / SAMPLE_RATE, tuple(map(float, found))))
    return MusicLabels(samples / SAMPLE_RATE, tuple(onsets), tuple(locked), clear=tuple(clear))


def _pieces(samples: int) -> list[tuple[int, int]]:
    """Equal pieces of a minute at most, in samples; a short end belongs to the piece before."""
    length = int(PIECE_SECONDS * SAMPLE_RATE)
    starts = list(range(0, samples, length))
    if len(starts) > 1 and samples - starts[-1] < _LEAST_PIECE_SECONDS * SAMPLE_RATE:
        starts.pop()
    return list(zip(starts, [*starts[1:], samples], strict=True))


def _with_context(read: Callable[[int, int], Audio], start: int, end: int) -> tuple[Audio, slice]:
    """A piece with what is around it, and its own frames: what is measured there is as within the whole."""
    context = int(_CONTEXT_SECONDS * SAMPLE_RATE) // HOP * HOP
    first = max(start - context, 0)
    return read(first, end + context - first), slice((start - first) // HOP, (end - first) // HOP)


def _reaching(beats: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Beats carried on at both ends, so that a whole stretch lies between the first and the last of them."""
    before, after = beats[1] - beats[0], beats[-1] - beats[-2]
    early = beats[0] - before * np.arange(int(np.ceil(max(beats[0], 0) / before)), 0, -1)
    late = beats[-1] + after * np.arange(1, int(np.ceil(max(seconds - beats[-1], 0) / after)) + 1)
    return np.concatenate([early, beats, late])
