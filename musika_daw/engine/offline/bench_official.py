"""How fast the official architecture plays here, stage by stage, against what matrix products reach in the same run."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from musika_daw.errors import UsageError
from musika_daw.model.official.codec import BLOCK_UNITS, Decoders
from musika_daw.model.official.cost import multiply_adds
from musika_daw.model.official.networks import make_network
from musika_daw.model.official.row_layers import for_playing
from musika_daw.model.official.signal import overlap_add, spectrum_frames
from musika_daw.model.official.sizes import UNIT_FRAMES, OfficialSize
from musika_daw.model.official.song import OfficialSong
from musika_daw.model.precision import inner_precision

# Rows, depth, columns: the decoder's largest layers as products.
_PRODUCTS = ((512, 2304, 768), (1024, 1536, 768), (1024, 768, 512))
_SEED = 1


@dataclass(frozen=True)
class OfficialBench:
    """What is measured.

    Attributes:
        threads: thread counts, one after the other.
        seconds: lengths that are generated.
        repeats: times each measurement is taken; the best counts for products and stages, the median for lengths.
    """

    size: OfficialSize
    threads: tuple[int, ...] = (1, 2)
    seconds: tuple[float, ...] = (23.8, 120.0)
    repeats: int = 5


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _best(action: Callable[[], object], repeats: int) -> float:
    action()
    return min(_seconds(action) for _ in range(repeats))


def _ceiling(repeats: int) -> float:
    """FLOP/s of the fastest matrix product of like size."""
    rates = []
    for rows, depth, columns in _PRODUCTS:
        a, b, out = torch.randn(rows, depth), torch.randn(depth, columns), torch.empty(rows, columns)
        took = _best(lambda a=a, b=b, out=out: torch.mm(a, b, out=out), 4 * repeats)  # type: ignore[misc]
        rates.append(2 * rows * depth * columns / took)
    return max(rates)


@dataclass(frozen=True)
class _Stage:
    """A part of the way from coordinates to sound.

    Attributes:
        seconds: of stereo sound that one run makes.
        multiply_adds: of one run.
    """

    run: Callable[[], object]
    seconds: float
    multiply_adds: int


@dataclass(frozen=True)
class _Inputs:
    """What a stage is given: one patch, one block of units."""

    patch: Tensor
    units: Tensor
    level1: Tensor

    @staticmethod
    def of(size: OfficialSize) -> _Inputs:
        return _Inputs(
            torch.randn(1, size.inputs, size.patch),
            torch.randn(2 * BLOCK_UNITS, size.depth, size.unit_latents),
            torch.randn(2 * BLOCK_UNITS, size.frame_depth, UNIT_FRAMES),
        )

    def costs(self, networks: dict[str, nn.Module]) -> dict[str, int]:
        """Multiplications and additions of each network as it was trained."""
        given = {"gen": self.patch, "dec2": self.units, "dec": self.level1}
        return {name: multiply_adds(networks[name], inputs) for name, inputs in given.items()}


def _stages(
    size: OfficialSize, networks: dict[str, nn.Module], given: _Inputs, costs: dict[str, int]
) -> dict[str, _Stage]:
    """The stages as a song runs them."""
    patch, units, level1 = given.patch, given.units, given.level1
    magnitude, phase = networks["dec"](level1)
    block = BLOCK_UNITS * size.unit_samples / size.sample_rate

    def sound() -> Tensor:
        return overlap_add(spectrum_frames(magnitude, phase, size.hop).view(2, -1, size.fft))

    return {
        "generator": _Stage(lambda: networks["gen"](patch), size.patch_samples / size.sample_rate, costs["gen"]),
        "decoder_2": _Stage(lambda: networks["dec2"](units), block, costs["dec2"]),
        "decoder_1": _Stage(lambda: networks["dec"](level1), block, costs["dec"]),
        "istft": _Stage(sound, block, 0),
    }


def _generate(size: OfficialSize, networks: dict[str, nn.Module], seconds: float) -> None:
    """A song from its start, block by block as a renderer takes it."""
    song = OfficialSong(networks["gen"], Decoders(size, networks["dec2"], networks["dec"]), _SEED)
    end = round(seconds * size.sample_rate)
    for start in range(0, end, song.block_samples):
        song.audio(start, min(start + song.block_samples, end))


def _share(rate: float, ceiling: float) -> dict[str, float]:
    return {"gflops": round(rate / 1e9, 1), "of_ceiling": round(rate / ceiling, 3)}


def _measure(
    bench: OfficialBench, networks: dict[str, nn.Module], given: _Inputs, costs: dict[str, int]
) -> dict[str, Any]:
    before = _ceiling(bench.repeats)
    stages = _stages(bench.size, networks, given, costs)
    took = {name: _best(stage.run, bench.repeats) for name, stage in stages.items()}
    lengths = {}
    for seconds in bench.seconds:
        times = sorted(_seconds(lambda s=seconds: _generate(bench.size, networks, s)) for _ in range(bench.repeats))  # type: ignore[misc]
        lengths[seconds] = times[len(times) // 2]
    ceiling = max(before, _ceiling(bench.repeats))
    per_second = sum(2 * stage.multiply_adds / stage.seconds for stage in stages.values())
    return {
        "ceiling_gflops": round(ceiling / 1e9, 1),
        "stages": {
            name: {
                "ms_per_second": round(1000 * took[name] / stage.seconds, 2),
                **(_share(2 * stage.multiply_adds / took[name], ceiling) if stage.multiply_adds else {}),
            }
            for name, stage in stages.items()
        },
        "lengths": {
            f"{seconds:g} s": {"real_time_factor": round(seconds / t, 2), **_share(per_second * seconds / t, ceiling)}
            for seconds, t in lengths.items()
        },
    }


def run(bench: OfficialBench) -> dict[str, Any]:
    """Measure random weights of official shapes, which cost what trained ones do, in `inner_precision`.

    Returns:
        For every thread count the ceiling, milliseconds of each stage for a second of stereo sound, and the real-time
        factors of whole lengths; and this process' peak memory. Operations are those of the networks as they were
        trained: played, they take fewer.
    """
    if min(bench.threads) < 1 or bench.repeats < 1 or min(bench.seconds) <= 0:
        raise UsageError("threads, repeats and seconds must be positive")
    networks = {n: make_network(n, bench.size).requires_grad_(False).eval() for n in ("gen", "dec2", "dec")}
    given = _Inputs.of(bench.size)
    costs = given.costs(networks)
    precision = inner_precision() if bench.size.is_44k else torch.float32
    for_playing(networks["dec2"])
    for_playing(networks["dec"], precision)
    threads_before = torch.get_num_threads()
    found = {}
    try:
        with torch.inference_mode():
            for threads in bench.threads:
                torch.set_num_threads(threads)
                found[f"{threads} thread{'s' if threads > 1 else ''}"] = _measure(bench, networks, given, costs)
    finally:
        torch.set_num_threads(threads_before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
    return {
        "family": bench.size.family,
        "precision": str(precision).removeprefix("torch."),
        **found,
        "peak_memory_mb": memory,
    }
