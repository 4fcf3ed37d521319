"""Latents on disk back to sound, file by file; memory does not grow with their length."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import torch

from musika_daw.errors import UserError
from musika_daw.model.official.codec import Decoders
from musika_daw.storage.files import replace_file
from musika_daw.train.official.encoding import Encoding


def decode_folder(
    latents: Path,
    out: Path,
    decoders: Decoders,
    noise_seed: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[tuple[Path, str], ...]:
    """Write `album/song.wav` for every `album/song.npy`: float32, at the model's rate.

    Where `encoding.json` says how long the music was, the sound is as long, to the sample.

    Args:
        noise_seed: of the noise that the decoders were trained with; None for none.

    Returns:
        Files that cannot be decoded, each with the reason.

    Raises:
        UserError: there are no latents, or they were made by another kind of model.
    """
    paths = sorted(latents.rglob("*.npy")) if latents.is_dir() else []
    if not paths:
        raise UserError(f"{latents} holds no latents: expected NAME.npy, as 'musika-daw data encode' writes them")
    encoding = Encoding.read(latents, decoders.size)
    skipped = []
    for done, path in enumerate(paths, 1):
        name = path.relative_to(latents).with_suffix("").as_posix()
        try:
            rows = _read(path, decoders.size.stereo_depth)
        except (OSError, ValueError) as error:
            skipped.append((path, f"cannot be read as latents ({' '.join(str(error).split())})"))
            continue
        _write(out / f"{name}.wav", rows, encoding.samples.get(name), decoders, noise_seed)
        progress(done / len(paths))
    return tuple(skipped)


def _read(path: Path, channels: int) -> torch.Tensor:
    """`[2 depth, T]`."""
    rows = np.load(path, allow_pickle=False)
    if rows.ndim != 2 or rows.shape[1] != channels or not len(rows) or rows.dtype.kind != "f":
        raise ValueError(f"{rows.dtype} {list(rows.shape)}: expected float32 [latents, {channels}]")
    return torch.from_numpy(np.ascontiguousarray(rows.T, np.float32))


def _write(path: Path, rows: torch.Tensor, samples: int | None, decoders: Decoders, noise_seed: int | None) -> None:
    left = rows.shape[1] * decoders.size.latent_samples if samples is None else samples
    try:
        with (
            replace_file(path) as partial,
            soundfile.SoundFile(partial, "w", decoders.size.sample_rate, 2, "FLOAT", format="WAV") as file,
        ):
            for sound in decoders.stream(rows, noise_seed):
                file.write(sound[:, :left].T.numpy())
                left = max(left - sound.shape[1], 0)
    except soundfile.LibsndfileError as error:
        raise UserError(f"cannot write {path} ({error.error_string.rstrip('.')})") from error
