"""Offline rendering: a stretch of a song, as fast as it goes, into a take. Memory stays flat for any length."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np

from musika_daw import __version__
from musika_daw.engine.console import Console, Sound
from musika_daw.engine.fx.shelf import PluginShelf
from musika_daw.engine.load_model import load_model
from musika_daw.engine.playable import AudioArray, PlayedSong
from musika_daw.engine.score import Score
from musika_daw.engine.take.session_log import SessionStart
from musika_daw.engine.take.take_writer import TakePlan, TakeWriter
from musika_daw.engine.windows import OFFLINE
from musika_daw.model.autoencoder import FRAME
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import MIX

MOST_PRE_ROLL_SECONDS = 12.0


def _stretch(score: Score, first_bar: int, bars: int | None, seconds: float | None, rate: int) -> tuple[int, int]:
    """First sample and the one after the last."""
    first_beat = first_bar * BEATS_PER_BAR
    start = score.tempo_map.sample_at(first_beat, rate)
    if seconds is not None:
        return start, start + round(seconds * rate)
    assert bars is not None
    return start, score.tempo_map.sample_at(first_beat + bars * BEATS_PER_BAR, rate)


_T = TypeVar("_T")


def _one_ahead(items: Iterator[_T]) -> Iterator[_T]:
    """The same items, each made in a thread of its own while the one before is used."""
    with ThreadPoolExecutor(1) as worker:
        waiting = worker.submit(next, items, None)
        while (item := waiting.result()) is not None:
            waiting = worker.submit(next, items, None)
            yield item


def stream_dry(song: PlayedSong, start: int, end: int) -> Iterator[dict[str, AudioArray]]:
    """The stems of a stretch of samples as the model makes them, window by window, decoded side by side."""
    windows = song.windows(OFFLINE)
    size = windows.samples
    with ThreadPoolExecutor(min(len(song.score.stems), os.cpu_count() or 1)) as decoders:
        for block in range(start // size, -(-end // size)):
            origin = block * size
            keep = slice(max(start - origin, 0), min(end - origin, size))
            yield {stem: audio[:, keep] for stem, audio in windows.audio(block, decoders).items()}


def stream(
    song: PlayedSong, start: int, end: int, sound: Sound | None = None, shelf: PluginShelf | None = None
) -> Iterator[dict[str, AudioArray]]:
    """The stems of a stretch of samples and their `mix`, through effects, levels and limiter, in blocks of any length.

    The stretch is begun early by the effects' tails, so that it sounds as if the song had been playing.

    Args:
        sound: effects and levels in place of the style's effects and of levels at 0 dB.
        shelf: where plug-ins of others come from.
    """
    score, rate = song.score, song.sample_rate
    beat = score.tempo_map.beat_at(start / rate)
    sound = (sound or Sound()).over(song.fx_at(beat))
    bpm = score.tempo_map.bpm_at(beat)
    console = Console(score.stems, sound, rate, start, shelf)
    reach = console.reach
    begin = max(0, start - round(min(console.tail_seconds(bpm), MOST_PRE_ROLL_SECONDS) * rate) - reach)
    console.locate(begin)
    position, done = begin, begin - console.latency

    def cut(stems: dict[str, AudioArray], mix: AudioArray) -> dict[str, AudioArray]:
        nonlocal done
        first, done = done, done + mix.shape[1]
        keep = slice(max(start - first, 0), max(min(end - first, done - first), 0))
        return {stem: audio[:, keep] for stem, audio in {**stems, MIX: mix}.items()}

    for dry in _one_ahead(stream_dry(song, begin, end + reach + console.latency)):
        # Read where the block begins: effects then follow the tempo alike, wherever the rendering begins.
        block_start = position - position % (OFFLINE * FRAME)
        bpm = score.tempo_map.bpm_at(max(0.0, score.tempo_map.beat_at(block_start / rate)))
        position += next(iter(dry.values())).shape[1]
        yield cut(*console.process(dry, bpm))
    if rest := console.flush():
        yield cut(*rest)
    console.close()


def _versions() -> dict[str, str]:
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
    sound: Sound | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Path:
    """Render a stretch of a song into `<project>/Musika/<take name> NNN` and return that folder.

    Args:
        first_bar: 0 is the song's first bar.
        bars, seconds: length, one of the two.
        sample_format: `pcm24` or `float32`.
        sound: effects and levels in place of the style's effects and of levels at 0 dB.
        progress: called with the share that is done.

    Raises:
        UserError: model, style, disk; nothing is left under a final name then.
    """
    model = load_model(model_name)
    song = model.song(score)
    rate = song.sample_rate
    start, end = _stretch(score, first_bar, bars, seconds, rate)
    first_beat = float(first_bar * BEATS_PER_BAR)
    session = SessionStart(
        model.info.name, score, first_beat, end - start, rate, sample_format, take_name, _versions(), sound=sound
    )
    with TakeWriter(TakePlan(project, session, song.key, song.controls_at(first_beat))) as take:
        for stems in stream(song, start, end, sound):
            if stems[MIX].shape[1]:
                stems = {stem: np.ascontiguousarray(audio) for stem, audio in stems.items()}
                mix = stems.pop(MIX)
                take.write(stems, mix)
                progress(take.length_samples / (end - start))
        end_beat = score.tempo_map.beat_at(end / rate)
        for stem in song.note_stems:
            take.write_notes(stem, song.notes(stem, first_beat - 1 if first_bar == 0 else first_beat, end_beat))
        return take.finish(song.facts())
