"""The linear code of a corpus of records, and every record's components in it, kept on disk to train from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor

from musika_daw.errors import UserError
from musika_daw.model.tensor_file import save_tensors
from musika_daw.model.universal.analysis import Analysis
from musika_daw.model.universal.autoencoder import UniversalAutoencoder
from musika_daw.model.universal.layout import EDGE, FRAME, SAMPLE_RATE
from musika_daw.storage.files import replace_file
from musika_daw.train.records.corpus import Record, read_mid_side

Components = NDArray[np.float16]
"""`[frames, components]`."""
_FITTED_FRAMES = 15000  # at most; of small corpora twice what there is
_FIT_FRAMES = 28  # of an excerpt
_CHUNK = 64
_LOUDEST_DB, _SOFTEST_DB = 3.0, -9.0
_SPARE = 20  # components that make the last ones exact


def _excerpt_features(records: Sequence[Record], analysis: Analysis) -> Iterator[Tensor]:
    """Features `[frames, FEATURES]` of excerpts drawn from all records, each at another level."""
    generator = np.random.default_rng(0)
    seconds = np.array([record.seconds for record in records])
    length = _FIT_FRAMES * FRAME + 2 * EDGE
    while True:
        record = records[generator.choice(len(records), p=seconds / seconds.sum())]
        start = int(generator.uniform(0, max(1.0, record.seconds * SAMPLE_RATE - length)))
        sound = read_mid_side(record, start, length)
        if sound.shape[1] == length:
            gain = 10 ** (generator.uniform(_SOFTEST_DB, _LOUDEST_DB) / 20)
            yield analysis(torch.from_numpy(sound * np.float32(gain))[None])[0].T


@torch.inference_mode()
def fit_linear_code(records: Sequence[Record], components: int, progress: Callable[[float], None]) -> dict[str, Tensor]:
    """Mean, basis and deviations of the principal components of records."""
    torch.manual_seed(0)
    there = sum(record.seconds for record in records) * SAMPLE_RATE / FRAME
    wanted = min(_FITTED_FRAMES, max(int(2 * there), components + _SPARE))
    features = []
    for count, found in enumerate(_excerpt_features(records, Analysis()), 1):
        features.append(found)
        progress(count * _FIT_FRAMES / wanted)
        if count * _FIT_FRAMES >= wanted:
            break
    every = torch.cat(features)
    mean = every.mean(0)
    basis = torch.svd_lowrank(every - mean, q=components + _SPARE, niter=3)[2][:, :components].contiguous()
    return {"mean": mean, "basis": basis, "deviations": ((every - mean) @ basis).std(0)}


def linear_code(
    folder: Path, records: Sequence[Record], components: int, progress: Callable[[float], None]
) -> dict[str, Tensor]:
    """The linear code of a run: read where it was fitted before.

    Raises:
        UserError: what is there was made for another number of components.
    """
    path = folder / "linear_code.safetensors"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        save_tensors(path, fit_linear_code(records, components, progress), {})
    code: dict[str, Tensor] = load_file(path)
    if code["basis"].shape[1] != components:
        raise UserError(f"{path} has {code['basis'].shape[1]} components, expected {components}: choose another --run")
    return code


@torch.inference_mode()
def _encode(record: Record, network: UniversalAutoencoder, analysis: Analysis) -> Components:
    sound = read_mid_side(record)
    frames = (sound.shape[1] - 2 * EDGE) // FRAME
    parts = [np.zeros((0, network.size.components), np.float16)]
    for first in range(0, frames, _CHUNK):
        count = min(_CHUNK, frames - first)
        chunk = torch.from_numpy(sound[:, first * FRAME : (first + count) * FRAME + 2 * EDGE])[None]
        parts.append(network.components(analysis(chunk))[0].T.half().numpy())
    return np.concatenate(parts)


def record_components(
    folder: Path, records: Sequence[Record], network: UniversalAutoencoder, progress: Callable[[float], None]
) -> list[Components]:
    """Components of every record, memory-mapped; those that are not there yet are computed."""
    folder.mkdir(parents=True, exist_ok=True)
    analysis, found = Analysis(), []
    for count, record in enumerate(records, 1):
        path = folder / f"{record.key}.npy"
        if not path.is_file():
            with replace_file(path) as partial, partial.open("wb") as file:
                np.save(file, _encode(record, network, analysis))
        found.append(np.load(path, mmap_mode="r"))
        progress(count / len(records))
    return found
