"""Records as latents with their labels, packed in one file: six hours take 60 MB, all that a generator is trained on.

Latents are kept in eight bits: their steps of 0.03 lie below the noise that the decoder was trained with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save_file

from musika_daw.analysis.mid_side import left_right
from musika_daw.analysis.spectra import centroid_octaves
from musika_daw.errors import UserError
from musika_daw.model.universal.autoencoder import BOUND
from musika_daw.model.universal.codec import UniversalCodec
from musika_daw.model.universal.generator import SIGNALS
from musika_daw.model.universal.layout import FRAME, SAMPLE_RATE
from musika_daw.storage.files import replace_file
from musika_daw.train.labelling import label_audio
from musika_daw.train.labels import MusicLabels
from musika_daw.train.records.corpus import Record, read_mid_side

FORMAT = 1
_KEY = "musika_daw_packed"
_SMOOTHED_SECONDS = 2.0
_DARKEST, _BRIGHTEST = 1.5, 5.5  # octaves above 100 Hz
_DENSEST = 14.0  # onsets a second


@dataclass(frozen=True)
class PackedRecords:
    """Latents and signals of tracks, one behind the other.

    Attributes:
        latents: int8 `[frames, latents]`.
        signals: `[frames, len(SIGNALS)]`.
        starts: first frame of each track, and the end.
        parts: what each track is for.
        names: artist and title of each.
    """

    latents: NDArray[np.int8]
    signals: NDArray[np.float16]
    starts: tuple[int, ...]
    parts: tuple[str, ...]
    names: tuple[str, ...]

    def of_part(self, part: str) -> list[tuple[int, int]]:
        """First frame and end of each track of a part."""
        pairs = zip(self.starts[:-1], self.starts[1:], self.parts, strict=True)
        return [(first, end) for first, end, own in pairs if own == part]

    def cut(self, first: int, frames: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Latents `[latents, frames]` and signals `[len(SIGNALS), frames]`."""
        stretch = slice(first, first + frames)
        return unpack(self.latents[stretch]).T, np.asarray(self.signals[stretch], np.float32).T


def pack(latents: NDArray[np.float32]) -> NDArray[np.int8]:
    """Latents -> eight bits."""
    return np.asarray(np.round(np.clip(latents / BOUND, -1, 1) * 127), np.int8)


def unpack(packed: NDArray[np.int8]) -> NDArray[np.float32]:
    """Eight bits -> latents."""
    return np.asarray(packed, np.float32) * np.float32(BOUND / 127)


def frame_signals(mid_side: NDArray[np.float32], labels: MusicLabels, frames: int) -> NDArray[np.float16]:
    """Signals of every latent frame of a sound, `[frames, len(SIGNALS)]`."""
    middles = (np.arange(frames) + 0.5) * FRAME / SAMPLE_RATE
    reach = _SMOOTHED_SECONDS / 2
    onsets = np.asarray(labels.clear)
    count = np.searchsorted(onsets, middles + reach) - np.searchsorted(onsets, middles - reach)
    found = np.zeros((frames, len(SIGNALS)), np.float32)
    found[:, 0] = np.clip(np.log1p(count / _SMOOTHED_SECONDS) / np.log1p(_DENSEST), 0, 1)
    found[:, 1] = _brightness(mid_side, frames)
    for stretch in labels.locked:
        inside = np.flatnonzero((middles >= stretch.start) & (middles < stretch.end))
        beats = np.interp(middles[inside], stretch.beats, np.arange(len(stretch.beats), dtype=np.float64))
        found[inside, 2] = np.log2(stretch.bpm / 120)
        found[inside, 3], found[inside, 4] = np.sin(2 * np.pi * beats), np.cos(2 * np.pi * beats)
        found[inside, 5] = 1.0
    return found.astype(np.float16)


def _brightness(mid_side: NDArray[np.float32], frames: int) -> NDArray[np.float64]:
    """Spectral centre of each two seconds, 0 to 1; silence counts as the middle."""
    step = round(_SMOOTHED_SECONDS * SAMPLE_RATE)
    values = [
        centroid_octaves(np.stack([mid_side[0, at : at + step]] * 2)) for at in range(0, mid_side.shape[1] - 2048, step)
    ]
    scaled = np.nan_to_num((np.array(values or [np.nan]) - _DARKEST) / (_BRIGHTEST - _DARKEST), nan=0.5)
    places = (np.arange(len(scaled)) + 0.5) * _SMOOTHED_SECONDS
    return np.clip(np.interp((np.arange(frames) + 0.5) * FRAME / SAMPLE_RATE, places, scaled), 0, 1)


@torch.inference_mode()
def _pack_record(record: Record, codec: UniversalCodec) -> dict[str, NDArray[np.generic]]:
    sound = read_mid_side(record)
    latents = codec.encode(torch.from_numpy(sound)[None])[0].T.numpy()
    labels = label_audio(left_right(sound))
    return {"latents": pack(latents), "signals": frame_signals(sound, labels, len(latents))}


def pack_records(
    records: Sequence[Record], codec: UniversalCodec, out: Path, progress: Callable[[float], None]
) -> PackedRecords:
    """Encode and label records and write them to one file; what was done before it was stopped is not done again."""
    folder = out.with_suffix(".parts")
    folder.mkdir(parents=True, exist_ok=True)
    done = []
    for count, record in enumerate(records, 1):
        path = folder / f"{record.key}.safetensors"
        if not path.is_file():
            with replace_file(path) as partial:
                save_file(_pack_record(record, codec), partial)
        done.append(load_file(path))
        progress(count / len(records))
    starts = np.cumsum([0, *(len(part["latents"]) for part in done)])
    packed = PackedRecords(
        np.concatenate([part["latents"] for part in done]),
        np.concatenate([part["signals"] for part in done]),
        tuple(int(start) for start in starts),
        tuple(record.part for record in records),
        tuple(f"{record.artist}: {record.title}" for record in records),
    )
    write_packed(out, packed)
    return packed


def write_packed(path: Path, packed: PackedRecords) -> None:
    """Write packed records to one file, which appears whole."""
    document = {"format": FORMAT, "starts": packed.starts, "parts": packed.parts, "names": packed.names}
    with replace_file(path) as partial:
        save_file({"latents": packed.latents, "signals": packed.signals}, partial, {_KEY: json.dumps(document)})


def read_packed(path: Path) -> PackedRecords:
    """Read packed records.

    Raises:
        UserError: the file is missing, damaged, or something else.
    """
    try:
        with safe_open(path, "numpy") as file:
            document = json.loads((file.metadata() or {})[_KEY])
        tensors = load_file(path)
        names = (tuple(document[name]) for name in ("starts", "parts", "names"))
        return PackedRecords(tensors["latents"], tensors["signals"], *names)
    except (SafetensorError, OSError, KeyError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"{path} holds no packed records ({reason}): make it with 'train records pack'") from error
