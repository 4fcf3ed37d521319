"""Table 1: seconds of music made in a second, generating and decoding, of this model and of the paper's networks."""

from __future__ import annotations

import platform
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from musika_daw.engine.offline import bench_official
from musika_daw.engine.own.chunks import OFFLINE
from musika_daw.engine.playable import PlayedModel
from musika_daw.evaluate.report.played import is_own, make_score
from musika_daw.evaluate.report.sounds import Progress
from musika_daw.model.official.sizes import FAMILY_22K, FAMILY_44K, OfficialSize
from musika_daw.music.tempo_map import constant_tempo
from musika_daw.train.corpus.controls import draw_controls
from musika_daw.train.corpus.track import bars_for

_BPM = 128.0
_ARCHITECTURES = (
    (FAMILY_22K, "The paper's networks (22.05 kHz), random weights"),
    (FAMILY_44K, "The later official networks (44.1 kHz), random weights"),
)


@dataclass(frozen=True)
class SpeedRow:
    """Real-time factors of something that makes stereo sound.

    Attributes:
        factors: number of CPU threads -> median over trials.
        processor_share: of one thread's time in which the processor worked for it; below 1 where it was shared.
    """

    name: str
    factors: dict[int, float]
    processor_share: float | None = None


def model_speed(model: PlayedModel, threads: int, seconds: float, trials: int, progress: Progress) -> SpeedRow:
    """A different song in each trial, so that nothing is found ready; loading is not counted."""
    counts = sorted({1, threads})
    found: dict[int, float] = {}
    shares: list[float] = []
    for place, count in enumerate(counts):
        # Own models decode their stems side by side; the threads of one network are for the others.
        torch.set_num_threads(1 if is_own(model) else count)
        took = []
        with ThreadPoolExecutor(count) as decoders:
            for trial in range(trials + 1):
                worked = time.process_time()
                took.append(_generate(model, 7000 + 100 * count + trial, seconds, decoders))
                if count == 1:
                    shares.append((time.process_time() - worked) / took[-1])
                progress((place + (trial + 1) / (trials + 1)) / len(counts))
        # The first one warms up.
        found[count] = seconds / statistics.median(took[1:])
    torch.set_num_threads(threads)
    share = min(statistics.median(shares), 1.0)
    parts = f"{len(model.info.stems)} stereo stems" if is_own(model) else "stereo"
    return SpeedRow(f"{model.info.name}, {parts} at {model.info.sample_rate / 1000:g} kHz", found, share)


def _generate(model: PlayedModel, seed: int, seconds: float, decoders: ThreadPoolExecutor) -> float:
    controls = draw_controls(np.random.default_rng(seed), bars_for(seconds))
    song = model.song(make_score(model, seed, seed, constant_tempo(_BPM), controls, None))
    started = time.perf_counter()
    chunks = song.chunks(OFFLINE)
    for chunk in range(-(-round(seconds * song.sample_rate) // chunks.samples)):
        chunks.audio(chunk, decoders)
    return time.perf_counter() - started


def architecture_speeds(threads: int, seconds: float, trials: int, progress: Progress) -> list[SpeedRow]:
    """The official architectures on this computer; random weights cost what trained ones do."""
    rows = []
    for done, (family, name) in enumerate(_ARCHITECTURES, 1):
        counts = tuple(sorted({1, threads}))
        bench = bench_official.OfficialBench(OfficialSize(family), counts, (seconds,), trials)
        report = bench_official.run(bench)
        factors = {
            count: float(
                report[f"{count} thread{'s' if count > 1 else ''}"]["lengths"][f"{seconds:g} s"]["real_time_factor"]
            )
            for count in counts
        }
        rows.append(SpeedRow(name, factors))
        progress(done / len(_ARCHITECTURES))
    return rows


def processor_name() -> str:
    """What this computer calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return named or platform.processor() or platform.machine()
