"""Compares this implementation with reference outputs of the official code.

A folder holds `.h5` weights and, beside them, `.npz` files with what the official code made of given inputs; arrays
have the officials' axes, `[B, 1, T, C]`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from musika_daw.errors import UserError
from musika_daw.model.official.codec import Decoders, Encoders
from musika_daw.model.official.coordinates import anchor_rows, interpolate
from musika_daw.model.official.importer import load_network
from musika_daw.model.official.layers import AddNoise, Noise
from musika_daw.model.official.recognise import merge_sizes, recognise
from musika_daw.model.official.signal import log_spectrogram, resynthesise
from musika_daw.model.official.sizes import OfficialSize
from musika_daw.model.official.weight_reader import WeightReader

LIMIT = 2e-5
"""For what is computed in double precision: what is left is the rounding of the reference, which is in single."""
HERE_LIMIT = 1e-3
"""For what this processor makes in single precision: the order of sums and the way of Fourier transforms decide."""
# A transform in single precision is as exact as the loudest bin of its frame, and the logarithm makes much of that
# where the frame is quiet (two decibels near the floor): there amplitudes are compared.
_SPECTROGRAM_LIMIT, _AMPLITUDE_LIMIT = 1e-4, 5e-6
_QUIET = 60.0 / 75.0  # below the loudest of the frame: 60 dB, as spectrograms are scaled
_NOISE_WEIGHT = 0.1


@dataclass(frozen=True)
class Comparison:
    """The largest absolute difference of one output.

    Attributes:
        difference: of what is computed in double precision, which is the same on every processor.
        here: of what this processor makes in single precision, as it is played and trained.
    """

    output: str
    difference: float
    limit: float = LIMIT
    here: float = 0.0

    @property
    def passed(self) -> bool:
        # Not so where one of them is NaN.
        return self.difference <= self.limit and self.here <= max(HERE_LIMIT, 2.0 * self.limit)


def compare(output: str, got: Tensor, wanted: Tensor, limit: float = LIMIT) -> Comparison:
    if got.shape != wanted.shape:
        raise UserError(f"{output} has the shape {tuple(got.shape)} here, {tuple(wanted.shape)} in the reference")
    return Comparison(output, float((got - wanted).abs().max()), limit)


class Reference:
    """A folder of references, and what reads its weights."""

    def __init__(self, folder: Path, reader: WeightReader, dtype: torch.dtype = torch.float64) -> None:
        self.folder, self.reader, self.dtype = folder, reader, dtype

    @cached_property
    def size(self) -> OfficialSize:
        """What all weight files of the folder agree on."""
        files = sorted(self.folder.glob("*.h5"))
        return merge_sizes({path: recognise(path, self.reader.open(path)) for path in files})

    def network(self, name: str) -> nn.Module:
        return load_network(self.folder / f"{name}.h5", self.reader)[1].to(self.dtype)

    def arrays(self, name: str) -> dict[str, Tensor]:
        path = self.folder / f"{name}.npz"
        try:
            with np.load(path, allow_pickle=False) as file:
                return {key: torch.from_numpy(np.asarray(file[key], np.float32)).to(self.dtype) for key in file.files}
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise UserError(f"{path} is damaged ({error}): expected arrays as numpy saves them") from error

    def decoders(self) -> Decoders:
        return Decoders(self.size, self.network("dec2"), self.network("dec"))


def from_keras(x: Tensor) -> Tensor:
    """`[B, 1, T, C]` -> `[B, C, T]`."""
    return x[:, 0].transpose(1, 2)


def split_time(x: Tensor) -> Tensor:
    """`[B, C, 2 T]` -> `[2 B, C, T]`, all first halves before all second ones."""
    return torch.cat(x.chunk(2, 2), 0)


def join_time(x: Tensor) -> Tensor:
    """The way back."""
    return torch.cat(x.chunk(2, 0), 2)


def _test_noise(batch: int, frames: int) -> Tensor:
    """What stands in the reference where the officials draw normal numbers."""
    return torch.sin(0.7 * torch.arange(frames) + 0.3 * torch.arange(batch)[:, None] + 0.1)[:, None]


def _with_noise(network: nn.Module) -> nn.Module:
    for module in network.modules():
        if isinstance(module, AddNoise):
            module.weight.data.fill_(_NOISE_WEIGHT)
    return network


def _check_enc(r: Reference) -> list[Comparison]:
    z = r.arrays("enc")
    return [compare("latents", split_time(r.network("enc")(z["x"][..., 0])), from_keras(z["y"]))]


def _check_enc2(r: Reference) -> list[Comparison]:
    z = r.arrays("enc2")
    return [compare("latents", split_time(r.network("enc2")(from_keras(z["x"]))), from_keras(z["y"]))]


def _check_critic(r: Reference) -> list[Comparison]:
    z = r.arrays("critic")
    judged = r.network("critic")(from_keras(z["x"]))
    return [compare("scores", judged[0] if isinstance(judged, tuple) else judged, z["y"][:, 0])]


def _made(r: Reference, name: str, suffix: str) -> tuple[nn.Module, Noise, dict[str, Tensor]]:
    network = r.network(name)
    if suffix:
        return _with_noise(network), _test_noise, r.arrays(name + suffix)
    return network, None, r.arrays(name)


def _check_dec2(r: Reference, suffix: str = "") -> list[Comparison]:
    network, noise, z = _made(r, "dec2", suffix)
    return [compare("latents", join_time(network(from_keras(z["x"]), noise)), from_keras(z["y"]))]


def _check_dec(r: Reference, suffix: str = "") -> list[Comparison]:
    network, noise, z = _made(r, "dec", suffix)
    made = network(from_keras(z["x"]), noise)
    return [
        compare(output, join_time(got), z[key].transpose(1, 2))
        for output, got, key in zip(("magnitude", "phase"), made, "sp", strict=True)
    ]


def _check_gen(r: Reference, suffix: str = "") -> list[Comparison]:
    network, noise, z = _made(r, "gen", suffix)
    made = join_time(network(split_time(z["x"].transpose(1, 2)), noise))
    return [compare("latents", made, from_keras(z["y"]))]


def _check_wv2spec(r: Reference) -> list[Comparison]:
    z = r.arrays("wv2spec")
    made, wanted = log_spectrogram(z["wv"][None], r.size.hop)[0].T, z["spec"]
    if made.shape != wanted.shape:
        return [compare("spectrogram", made, wanted)]
    quiet = wanted < wanted.amax(1, keepdim=True) - _QUIET
    loud = torch.where(quiet, 0.0, 1.0)
    return [
        compare("spectrogram", made * loud, wanted * loud, _SPECTROGRAM_LIMIT),
        compare("amplitudes, of the frame's loudest", amplitudes(made), amplitudes(wanted), _AMPLITUDE_LIMIT),
    ]


def amplitudes(spectrogram: Tensor) -> Tensor:
    """Scaled decibels `[T, bins]` -> shares of each frame's loudest bin."""
    made = 10.0 ** (spectrogram * (75.0 / 20.0))
    return made / made.amax(1, keepdim=True)


def _check_istft(r: Reference) -> list[Comparison]:
    z = r.arrays("istft")
    magnitude, phase = (z[key].flatten(0, 1).T[None] for key in "SP")
    return [compare("sound", resynthesise(magnitude, phase, r.size.hop)[0], z["wv"])]


def _check_encode(r: Reference) -> list[Comparison]:
    z = r.arrays("encode")
    encoders = Encoders(r.size, r.network("enc"), r.network("enc2"))
    left, right = encoders.level1(z["wv"].T)
    latents = encoders.latents(z["wv"].T)[:, : len(z["lat2"])]
    return [
        compare("level 1, left", left.T, z["lat1_l"]),
        compare("level 1, right", right.T, z["lat1_r"]),
        compare("level 2", latents.T, z["lat2"]),
    ]


def _check_decode(r: Reference) -> list[Comparison]:
    z = r.arrays("decode_fixed_latents")
    return [compare("sound", r.decoders().wave(z["lat"].T).T, z["wv"])]


def _line(anchors: Tensor, rows: NDArray[np.float64], size: OfficialSize) -> Tensor:
    return torch.from_numpy(interpolate(anchors.numpy(), rows, size))


def _check_coords_multi(r: Reference) -> list[Comparison]:
    z = r.arrays("coords_multi_fac2")
    count, width, _ = z["inp"].shape
    line = _line(z["anchors"], np.arange(count * width, dtype=np.float64), r.size)
    style = z["style"].expand(len(line), -1)
    return [compare("coordinates", torch.cat([line, style], 1).view(z["inp"].shape), z["inp"])]


def _check_coords_train(r: Reference) -> list[Comparison]:
    z = r.arrays("coords_train")
    half = r.size.patch // 2
    rows = np.arange(-half, 2 * anchor_rows(r.size) - half, dtype=np.float64)
    line = torch.stack([_line(z["anchors"][:, item], rows, r.size) for item in range(z["anchors"].shape[1])])
    starts = [half + crop * r.size.patch for crop in range(len(z["crops"]))]
    crops = torch.stack([line[:, start : start + 2 * r.size.patch] for start in starts])
    return [compare("line", line, z["centred"]), compare("crops", crops, z["crops"])]


def _check_chain(r: Reference) -> list[Comparison]:
    z = r.arrays("chain")
    latents = join_time(r.network("gen")(split_time(z["inp"].transpose(1, 2))))
    sound = r.decoders().wave(latents[0]).T
    return [compare("latents", latents, from_keras(z["lat"])), compare("sound", sound, z["wv"])]


Check = Callable[[Reference], list[Comparison]]
CHECKS: Mapping[str, Check] = {
    "enc": _check_enc,
    "enc2": _check_enc2,
    "dec2": _check_dec2,
    "dec": _check_dec,
    "gen": _check_gen,
    "critic": _check_critic,
    "dec2_noise0.1_det": lambda r: _check_dec2(r, "_noise0.1_det"),
    "dec_noise0.1_det": lambda r: _check_dec(r, "_noise0.1_det"),
    "gen_noise0.1_det": lambda r: _check_gen(r, "_noise0.1_det"),
    "wv2spec": _check_wv2spec,
    "istft": _check_istft,
    "encode": _check_encode,
    "decode_fixed_latents": _check_decode,
    "coords_multi_fac2": _check_coords_multi,
    "coords_train": _check_coords_train,
    "chain": _check_chain,
}


@torch.no_grad()
def verify(folder: Path, checks: Mapping[str, Check] = CHECKS) -> dict[str, list[Comparison]]:
    """Compare with every reference file of a folder, by file: in double precision, and as this processor computes.

    Raises:
        UserError: there is none, or a file cannot be used.
    """
    names = [name for name in checks if (folder / f"{name}.npz").is_file()]
    if not names:
        raise UserError(f"no reference outputs in {folder}: expected e.g. {next(iter(checks))}.npz beside its .h5")
    with WeightReader() as reader:
        doubles, singles = (
            _compared(Reference(folder, reader, dtype), names, checks) for dtype in (torch.float64, torch.float32)
        )
    return {
        name: [replace(exact, here=here.difference) for exact, here in zip(doubles[name], singles[name], strict=True)]
        for name in names
    }


def _compared(reference: Reference, names: Sequence[str], checks: Mapping[str, Check]) -> dict[str, list[Comparison]]:
    found = {}
    for name in names:
        try:
            found[name] = checks[name](reference)
        except (KeyError, RuntimeError, IndexError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise UserError(f"{reference.folder / name}.npz cannot be compared ({reason})") from error
    return found
