"""What any model must beat: real music cut to beats and dealt out anew, and noise of the music's colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from musika_daw.analysis.spectra import SAMPLE_RATE, Audio, spectrogram
from musika_daw.evaluate.report.sounds import Song, make_song
from musika_daw.music.notes import MIX

PIECE_SECONDS = 0.5  # about a beat
_FADE = 256  # samples over which pieces meet
_FFT = 4096


def shuffled(songs: Sequence[Song], count: int, seed: int) -> Iterator[Song]:
    """Songs of pieces of half a second, every piece from any of these."""
    generator = np.random.default_rng([seed, 11])
    size = int(PIECE_SECONDS * SAMPLE_RATE)
    rise = np.linspace(0, 1, _FADE, dtype=np.float32)

    def one(samples: int) -> Audio:
        out = np.zeros((2, samples), np.float32)
        for start in range(0, samples, size):
            source = songs[int(generator.integers(len(songs)))].mix
            at = int(generator.integers(max(source.shape[1] - size - _FADE, 1)))
            piece = source[:, at : at + min(size + _FADE, samples - start)].copy()
            piece[:, :_FADE] *= rise[: piece.shape[1]]
            if piece.shape[1] == size + _FADE:
                piece[:, -_FADE:] *= rise[::-1]
            out[:, start : start + piece.shape[1]] += piece
        return out

    for index in range(count):
        yield make_song({MIX: one(songs[index % len(songs)].mix.shape[1])})


def coloured_noise(songs: Sequence[Song], count: int, seed: int) -> Iterator[Song]:
    """Songs of steady stereo noise, each with the mean spectrum of one of these."""
    generator = np.random.default_rng([seed, 12])

    def one(audio: Audio) -> Audio:
        noise = generator.standard_normal(audio.shape)
        hz = np.fft.rfftfreq(audio.shape[1], 1 / SAMPLE_RATE)
        places = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)
        shaped = [
            np.fft.irfft(
                np.fft.rfft(row)
                * np.interp(hz, places, np.sqrt((spectrogram(side.astype(np.float64), _FFT, _FFT // 2) ** 2).mean(0))),
                audio.shape[1],
            )
            for row, side in zip(noise, audio, strict=True)
        ]
        return np.asarray(shaped, np.float32)

    for index in range(count):
        yield make_song({MIX: one(songs[index % len(songs)].mix)})
