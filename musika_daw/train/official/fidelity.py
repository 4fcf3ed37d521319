"""What an autoencoder keeps of songs: decoded ones beside the originals, and beside the originals' shuffled frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import soxr
import torch

from musika_daw.analysis.onsets import find_onsets
from musika_daw.analysis.spectra import SAMPLE_RATE, Audio
from musika_daw.model.official.codec import Decoders, Encoders
from musika_daw.train.metrics.distances import chroma_similarity
from musika_daw.train.metrics.onset_agreement import onset_agreement
from musika_daw.train.songs import Song

_SECONDS = 10.0
_SONGS = 4
_SHUFFLED_SAMPLES = 4096
_SAMPLES = int(_SECONDS * SAMPLE_RATE) // _SHUFFLED_SAMPLES * _SHUFFLED_SAMPLES


def official_fidelity(songs: Sequence[Song], encoders: Encoders, decoders: Decoders) -> dict[str, float]:
    """What an official autoencoder keeps; see `fidelity`."""
    return fidelity(songs, lambda sound: _there_and_back(sound, encoders, decoders))


def fidelity(songs: Sequence[Song], there_and_back: Callable[[Audio], Audio]) -> dict[str, float]:
    """Chroma similarity and onsets found again (F, 30 ms) of ten seconds of some songs, mean; `_shuffled` is what their
    own frames reach in random order: whatever is no better holds neither notes nor hits."""
    found: dict[str, list[float]] = {}
    for song in songs[:: max(1, len(songs) // _SONGS)][:_SONGS]:
        start = max(0.0, song.seconds / 2 - _SECONDS / 2)
        original = song.read_mix(round(start * SAMPLE_RATE), _SAMPLES, SAMPLE_RATE)
        for name, sound in (("", there_and_back(original)), ("_shuffled", _shuffled(original))):
            agreed = onset_agreement(find_onsets(sound), find_onsets(original))
            found.setdefault(f"decoded_chroma{name}", []).append(chroma_similarity(original, sound))
            found.setdefault(f"decoded_onset_f{name}", []).append(agreed.f_measure)
    return {name: float(np.mean(values)) for name, values in found.items() if not np.isnan(values).all()}


def _there_and_back(original: Audio, encoders: Encoders, decoders: Decoders) -> Audio:
    rate = encoders.size.sample_rate
    low = soxr.resample(original.T, SAMPLE_RATE, rate)
    wave = decoders.wave(encoders.latents(torch.from_numpy(np.ascontiguousarray(low.T, np.float32))))
    back = soxr.resample(wave.numpy().T, rate, SAMPLE_RATE).T[:, : original.shape[1]]
    return np.asarray(np.pad(back, ((0, 0), (0, original.shape[1] - back.shape[1]))), np.float32)


def _shuffled(original: Audio) -> Audio:
    count = original.shape[1] // _SHUFFLED_SAMPLES
    order = np.random.default_rng(0).permutation(count)
    frames = original[:, : count * _SHUFFLED_SAMPLES].reshape(2, count, _SHUFFLED_SAMPLES)
    return np.asarray(frames[:, order].reshape(2, -1), np.float32)
