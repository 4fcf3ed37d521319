"""What the codec keeps of records that it has not heard: the whole chain, beside what it can be compared with.

Beside it stand the linear code alone, the true features (what phases and bands alone cost) and shuffled frames: a
figure that shuffled frames reach as well says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from torch import Tensor

from musika_daw.analysis.mid_side import left_right
from musika_daw.analysis.onsets import find_onsets
from musika_daw.analysis.spectra import Audio, level_dbfs, mono, spectrogram
from musika_daw.model.universal.codec import UniversalCodec
from musika_daw.model.universal.layout import EDGE, FRAME, SAMPLE_RATE
from musika_daw.train.metrics.distances import chroma_similarity, log_spectral_distance_db
from musika_daw.train.metrics.onset_agreement import onset_agreement
from musika_daw.train.metrics.spectrogram_picture import save_spectrogram
from musika_daw.train.records.corpus import Record, read_mid_side

_SECONDS = 10
_BEFORE_MS, _WINDOW_MS = 12.0, 8.0  # of an onset, where pre-echo is looked for
_STRONG_DB = 10.0
_LAG = 1024  # samples: the hop of long spectra
Ways = dict[str, Callable[[Tensor], Tensor]]


def convergence(one: Audio, other: Audio) -> float:
    """Spectral convergence of magnitudes, FFT 4096 / 1024, both channels together."""
    wanted, made = spectrogram(mono(one), 4096, 1024), spectrogram(mono(other), 4096, 1024)
    return float(np.linalg.norm(wanted - made) / (np.linalg.norm(wanted) + 1e-9))


def pre_echo_db(original: Audio, decoded: Audio) -> float:
    """How much louder it is before strong onsets of the original than there, mean in dB; NaN where there are none."""
    levels = [_short_levels(mono(sound)) for sound in (original, decoded)]
    found = []
    for at in find_onsets(original):
        place = round(at * 1000 - _BEFORE_MS)
        after = levels[0][round(at * 1000) : round(at * 1000) + 20]
        if place < 0 or not len(after) or place >= len(levels[1]):
            continue
        if after.max() - levels[0][place] > _STRONG_DB:
            found.append(levels[1][place] - levels[0][place])
    return float(np.mean(found)) if found else float("nan")


def _short_levels(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """dB, a value each millisecond, over 8 ms."""
    size = round(_WINDOW_MS * SAMPLE_RATE / 1000)
    power = uniform_filter1d(x**2, size)[:: SAMPLE_RATE // 1000]
    return np.asarray(10 * np.log10(power + 1e-8), np.float64)


def periodicity(sound: Audio) -> float:
    """Autocorrelation of what lies above 3 kHz, at the hop."""
    x = np.fft.rfft(mono(sound))
    x[: round(3000 * len(mono(sound)) / SAMPLE_RATE)] = 0
    correlation = np.fft.irfft(np.abs(x) ** 2)
    return float(correlation[_LAG] / (correlation[0] + 1e-12))


def figures_of(original: Audio, decoded: Audio) -> dict[str, float]:
    """Every figure of a pair `[2, samples]`, left and right."""
    return {
        "chroma": chroma_similarity(original, decoded),
        "convergence": convergence(original, decoded),
        "log_spectral_db": log_spectral_distance_db(original, decoded),
        "onset_f": onset_agreement(find_onsets(decoded), find_onsets(original)).f_measure,
        "pre_echo_db": pre_echo_db(original, decoded),
        "periodicity": periodicity(decoded),
        "periodicity_of_original": periodicity(original),
        "level_db": level_dbfs(decoded) - level_dbfs(original),
    }


def _ways(codec: UniversalCodec) -> Ways:
    """How a record may be brought there and back: mid and side `[1, 2, L]` -> the same shape."""
    network = codec.autoencoder

    def features(sound: Tensor) -> Tensor:
        found: Tensor = codec.analysis(torch.nn.functional.pad(sound, (EDGE, EDGE)))
        return found

    def linear(sound: Tensor) -> Tensor:
        components = network.components(features(sound))
        components[:, network.size.latents :] = 0
        return codec.synthesis(network.features(components))  # type: ignore[no-any-return]

    def shuffled(sound: Tensor) -> Tensor:
        count = sound.shape[2] // FRAME
        order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
        return sound.view(1, 2, count, FRAME)[:, :, order].reshape(1, 2, -1)

    return {
        "decoded": lambda sound: codec.decode(codec.encode(sound)),
        "linear": linear,
        "true_features": lambda sound: codec.synthesis(features(sound)),
        "shuffled": shuffled,
    }


@torch.inference_mode()
def codec_figures(
    codec: UniversalCodec,
    records: Sequence[Record],
    picture: Path | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> dict[str, dict[str, float]]:
    """Figures of every way, mean over records, ten seconds of each; `worst_chroma` is that of the worst record."""
    rows: dict[str, list[dict[str, float]]] = {}
    shown: dict[str, Audio] = {}
    samples = _SECONDS * SAMPLE_RATE // FRAME * FRAME
    for count, record in enumerate(records, 1):
        start = max(0, round(record.seconds * SAMPLE_RATE / 2) - samples // 2)
        sound = torch.from_numpy(read_mid_side(record, start, samples))[None]
        original = left_right(sound[0].numpy())
        for name, way in _ways(codec).items():
            made = left_right(way(sound.clone())[0].numpy())
            rows.setdefault(name, []).append(figures_of(original, made))
            if name == "decoded" and len(shown) < 8:
                shown |= {f"{record.artist}: {record.title}": original, f"decoded {count}": made}
        progress(count / len(records))
    if picture is not None:
        save_spectrogram(picture, shown)
    return {name: _mean(found) for name, found in rows.items()}


def _mean(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    figures = {name: float(np.nanmean([row[name] for row in rows])) for name in rows[0]}
    return figures | {"worst_chroma": float(np.nanmin([row["chroma"] for row in rows]))}
