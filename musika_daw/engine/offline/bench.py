"""How fast a model plays on this computer: whole takes, and where the time goes."""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from musika_daw.engine.fx import FxChain
from musika_daw.engine.offline.renderer import render_take, usable_cores
from musika_daw.engine.own.chunks import Chunks
from musika_daw.engine.own.song import PHRASE_BEATS, Song
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.errors import UsageError
from musika_daw.model.model_file import load_networks
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import constant_tempo

_BPM = 128.0
_BEATS_PER_BAR = 4
_MAX_THREADS = 256


@dataclass(frozen=True)
class BenchSettings:
    """Options of `bench`."""

    model: str = field(default="techno", metadata={"help": "a shipped model or the path of one"})
    style: str = field(default="warehouse", metadata={"help": "style that is rendered, with its effects"})
    bars: int = field(default=64, metadata={"help": "length of a take"})
    repeats: int = field(default=5, metadata={"help": "takes rendered; the median counts"})
    threads: int = field(default=0, metadata={"help": "stems made at once; 0: as many as there are cores"})


def _score(style: str) -> Score:
    middle = {stem: constant(0.6) for stem in STEMS}
    return Score(7, constant_tempo(_BPM), StyleCurve(((0.0, style),)), middle, dict(middle))


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _stages(settings: BenchSettings) -> dict[str, float]:
    """Milliseconds of one thread per second of four stereo stems, stage by stage; medians over chunks."""
    song = Song(load_networks(settings.model), _score(settings.style))
    chunks = Chunks(song)
    phrase_seconds = PHRASE_BEATS * 60 / _BPM
    times: dict[str, list[float]] = {"pattern": []}
    for phrase in range(3):
        first = phrase * PHRASE_BEATS
        took = _seconds(lambda first=first: [song.notes(s, first, first + PHRASE_BEATS) for s in STEMS])  # type: ignore[misc]
        times["pattern"].append(took / phrase_seconds)
    chunk_seconds = chunks.samples / song.networks.info.sample_rate
    chains = {stem: FxChain(song.style_at(0).preset.fx.get(stem, ())) for stem in STEMS}
    chunks.stem_audio(STEMS[:1], 0)
    for chunk in range(1, 6):
        generator = _seconds(lambda chunk=chunk: chunks.latents(chunk + 1))  # type: ignore[misc]
        times.setdefault("generator", []).append(generator / chunk_seconds)
        for stem in STEMS:
            took = _seconds(lambda stem=stem, chunk=chunk: chunks.stem_audio((stem,), chunk))  # type: ignore[misc]
            times.setdefault(f"decode_{stem}", []).append(took / chunk_seconds)
        dry = {stem: chunks.stem_audio((stem,), chunk)[stem] for stem in STEMS}
        took = _seconds(lambda dry=dry: [chains[s].process(a, _BPM) for s, a in dry.items()])  # type: ignore[misc]
        times.setdefault("effects", []).append(took / chunk_seconds)
    return {name: round(1000 * statistics.median(values), 2) for name, values in times.items()}


def run(settings: BenchSettings) -> dict[str, Any]:
    """Render takes into a temporary folder and time them.

    Returns:
        Real-time factors (seconds of music per second of computing, model loading included), processor time of all
        threads, the stages of one thread, and the peak memory of this process.
    """
    _check(settings)
    threads = settings.threads or usable_cores()
    torch.set_num_threads(1)  # as `render` plays: stems side by side
    stages = _stages(settings)
    music = settings.bars * _BEATS_PER_BAR * 60 / _BPM
    factors, of_processor = [], []
    with tempfile.TemporaryDirectory(prefix="musika-daw-bench-") as folder:
        for _ in range(settings.repeats):
            began = time.process_time()
            took = _seconds(
                lambda: render_take(
                    settings.model,
                    _score(settings.style),
                    bars=settings.bars,
                    project=Path(folder),
                    take_name="bench",
                    threads=threads,
                )
            )
            factors.append(music / took)
            of_processor.append((time.process_time() - began) / music)
    return {
        "model": settings.model,
        "style": settings.style,
        "music_seconds": round(music, 2),
        "cores": usable_cores(),
        "threads": threads,
        "real_time_factor": _spread(factors),
        "processor_ms_per_second": round(1000 * statistics.median(of_processor), 2),
        "one_thread_ms_per_second": stages,
        "peak_memory_mb": _peak_memory_mb(),
    }


def _check(settings: BenchSettings) -> None:
    if settings.bars < 1 or settings.repeats < 1:
        raise UsageError("bars and repeats must be at least 1")
    if not 0 <= settings.threads <= _MAX_THREADS:
        raise UsageError(f"threads {settings.threads} is not possible: expected 1 to {_MAX_THREADS}, or 0")


def _spread(factors: list[float]) -> dict[str, float]:
    found = {"median": statistics.median(factors), "lowest": min(factors), "highest": max(factors)}
    return {name: round(factor, 2) for name, factor in found.items()}


def _peak_memory_mb() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
