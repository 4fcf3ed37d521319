"""Offline rendering: a stretch of a song, as fast as it goes, into a take. Memory stays flat for any length."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from musika_daw import __version__
from musika_daw.engine.console import Console, Sound
from musika_daw.engine.fx.plugin_pool import PluginPool
from musika_daw.engine.mastering import MASTERED
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.own.chunks import OFFLINE
from musika_daw.engine.playable import AudioArray, PlayedSong
from musika_daw.engine.score import Score
from musika_daw.engine.take.audio_file import FADE_SECONDS
from musika_daw.engine.take.session_log import SessionStart
from musika_daw.engine.take.take_writer import TakePlan, TakeWriter
from musika_daw.model.autoencoder import FRAME
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import MIX, Note

MAX_PRE_ROLL_SECONDS = 12.0
_LAST_FADE_SECONDS = 0.01  # of what is played, where effects ring on


def _stretch(score: Score, first_bar: int, bars: int | None, seconds: float | None, rate: int) -> tuple[int, int]:
    """First sample and the one after the last."""
    first_beat = first_bar * BEATS_PER_BAR
    start = score.tempo_map.sample_at(first_beat, rate)
    if seconds is not None:
        return start, start + round(seconds * rate)
    assert bars is not None
    return start, score.tempo_map.sample_at(first_beat + bars * BEATS_PER_BAR, rate)


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def stream_dry(song: PlayedSong, start: int, end: int, threads: int | None = None) -> Iterator[dict[str, AudioArray]]:
    """The stems of a stretch of samples as the model makes them, chunk by chunk.

    Chunks are made ahead of what is asked for: stems side by side, and what all stems of the next chunk need beside
    them. With several threads two chunks are in the making: where the stems of one leave a thread idle, it works on the
    other.

    Args:
        threads: stems that are made at once; None: as many as there are cores.
    """
    chunks = song.chunks(OFFLINE)
    size = chunks.samples
    threads = threads or usable_cores()
    ahead = 1 if threads == 1 else 2

    def make(block: int, prepared: Future[None]) -> dict[str, AudioArray]:
        prepared.result()
        origin = block * size
        keep = slice(max(start - origin, 0), min(end - origin, size))
        return {stem: audio[:, keep] for stem, audio in chunks.audio(block, decoders).items()}

    with (
        ThreadPoolExecutor(threads) as decoders,
        ThreadPoolExecutor(1) as planner,
        ThreadPoolExecutor(ahead) as makers,
    ):
        making: deque[Future[dict[str, AudioArray]]] = deque()
        for block in range(start // size, -(-end // size)):
            making.append(makers.submit(make, block, planner.submit(chunks.prepare, block)))
            if len(making) > ahead:
                yield making.popleft().result()
        while making:
            yield making.popleft().result()


def _with_tail(
    blocks: Iterator[dict[str, AudioArray]], length: int, tail: int, rate: int
) -> Iterator[dict[str, AudioArray]]:
    """The same blocks, faded out over their last samples, then silence for as long as the tail."""
    fade, done, block = round(_LAST_FADE_SECONDS * rate), 0, OFFLINE * FRAME
    stems: tuple[str, ...] = ()
    for dry in blocks:
        stems, n = tuple(dry), next(iter(dry.values())).shape[1]
        left = length - done - np.arange(n, dtype=np.float32)
        yield {stem: audio * np.clip(left / fade, 0.0, 1.0) for stem, audio in dry.items()}
        done += n
    for first in range(0, tail, block):
        yield {stem: np.zeros((2, min(block, tail - first)), np.float32) for stem in stems}


def stream(
    song: PlayedSong,
    start: int,
    end: int,
    sound: Sound | None = None,
    plugins: PluginPool | None = None,
    threads: int | None = None,
    tail: int = 0,
) -> Iterator[dict[str, AudioArray]]:
    """The stems of a stretch of samples and their `mix`, through effects, levels and limiter, in blocks of any length.

    The stretch is begun early by the effects' tails, so that it sounds as if the song had been playing.

    Args:
        sound: effects and levels in place of the style's effects, of levels at 0 dB and of mastering.
        plugins: where plug-ins of others come from.
        threads: stems that are made at once, and go through their effects at once; None: as many as there are cores.
        tail: samples at the end in which nothing is played any more, and effects ring.
    """
    score, rate = song.score, song.sample_rate
    beat = score.tempo_map.beat_at(start / rate)
    sound = (sound or Sound(mastering=MASTERED)).over(song.fx_at(beat))
    bpm = score.tempo_map.bpm_at(beat)
    console = Console(score.stems, sound, rate, start, plugins)
    reach = console.reach
    begin = max(0, start - round(min(console.tail_seconds(bpm), MAX_PRE_ROLL_SECONDS) * rate) - reach)
    console.locate(begin)
    position, done = begin, begin - console.latency

    def cut(stems: dict[str, AudioArray], mix: AudioArray) -> dict[str, AudioArray]:
        nonlocal done
        first, done = done, done + mix.shape[1]
        keep = slice(max(start - first, 0), max(min(end - first, done - first), 0))
        return {stem: audio[:, keep] for stem, audio in {**stems, MIX: mix}.items()}

    after = reach + console.latency
    if tail:
        played = end - tail
        blocks = _with_tail(stream_dry(song, begin, played, threads), played - begin, tail + after, rate)
    else:
        blocks = stream_dry(song, begin, end + after, threads)
    with ThreadPoolExecutor(threads or usable_cores()) as workers:
        for dry in blocks:
            # Read where the block begins: effects then follow the tempo alike, wherever the rendering begins.
            block_start = position - position % (OFFLINE * FRAME)
            bpm = score.tempo_map.bpm_at(max(0.0, score.tempo_map.beat_at(block_start / rate)))
            position += next(iter(dry.values())).shape[1]
            yield cut(*console.process(dry, bpm, workers))
    if rest := console.flush():
        yield cut(*rest)
    console.close()


def versions() -> dict[str, str]:
    """Of the program and what its sound depends on."""
    libraries = {name: importlib.metadata.version(name) for name in ("torch", "numpy", "pedalboard")}
    return {"musika-daw": __version__, "python": platform.python_version(), **libraries}


def render_take(
    model_name: str,
    score: Score,
    *,
    first_bar: int = 0,
    bars: int | None = None,
    seconds: float | None = None,
    project: Path,
    take_name: str = "take",
    sample_format: str = "pcm24",
    file_rate: int | None = None,
    fade_seconds: float = FADE_SECONDS,
    tail_seconds: float = 0.0,
    sound: Sound | None = None,
    threads: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Path:
    """Render a stretch of a song into `<project>/Musika/<take name> NNN` and return that folder.

    Args:
        first_bar: 0 is the song's first bar.
        bars, seconds: length, one of the two.
        sample_format: one of `FORMATS` of the take's files.
        file_rate: Hz, if it is to be another than the model's.
        fade_seconds: over which the files end; 0: cut, for loops.
        tail_seconds: after the last bar, in which nothing is played any more and effects ring.
        sound: as `stream`.
        threads: stems that are made at once; None: as many as there are cores.
        progress: called with the share that is done.

    Raises:
        UserError: model, style, disk; nothing is left under a final name then.
    """
    model = load_model(model_name)
    song = model.song(score)
    rate = song.sample_rate
    start, played_end = _stretch(score, first_bar, bars, seconds, rate)
    tail = round(tail_seconds * rate)
    end = played_end + tail
    first_beat = float(first_bar * BEATS_PER_BAR)
    session = SessionStart(
        model.info.name,
        score,
        first_beat,
        end - start,
        rate,
        sample_format,
        take_name,
        versions(),
        sound=sound,
        file_rate=file_rate,
        fade_seconds=fade_seconds,
        tail_seconds=tail / rate,
    )
    # Asked for as the song goes by: at the end of a long one, its first phrases would have to be made again.
    notes: dict[str, list[Note]] = {stem: [] for stem in song.note_stems}
    noted = first_beat - 1 if first_bar == 0 else first_beat
    with (
        TakeWriter(TakePlan(project, session, song.key, song.controls_at(first_beat))) as take,
        ThreadPoolExecutor(1) as writer,
    ):
        done = 0
        writing: Future[None] | None = None
        for stems in stream(song, start, end, sound, threads=threads, tail=tail):
            if stems[MIX].shape[1]:
                stems = {stem: np.ascontiguousarray(audio) for stem, audio in stems.items()}
                mix = stems.pop(MIX)
                if writing is not None:
                    writing.result()  # one block is written while the next is made, not more
                writing = writer.submit(take.write, stems, mix)
                done += mix.shape[1]
                written = score.tempo_map.beat_at(min(start + done, played_end) / rate)
                for stem, found in notes.items():
                    found += song.notes(stem, noted, written)
                noted = written
                progress(done / (end - start))
        if writing is not None:
            writing.result()
        for stem, found in notes.items():
            take.write_notes(stem, found)
        return take.finish(song.facts())
