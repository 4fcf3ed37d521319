"""Takes whose process was killed while it recorded: what had been heard by then becomes a take like others."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from musika_daw.controls.move import Move
from musika_daw.engine.take.project_folder import takes_folder
from musika_daw.engine.take.session_log import SESSION_NAME, Session, SessionEvent, read_session
from musika_daw.engine.take.take_folder import is_live_take
from musika_daw.engine.take.take_writer import TakePlan, TakeWriter
from musika_daw.errors import UsageError, UserError
from musika_daw.music.harmony import Key, parse_key
from musika_daw.music.notes import MIX
from musika_daw.music.tempo_map import TempoMap
from musika_daw.storage.folders import left_behind

_BLOCK = 65_536
_END = Move.of("record", False)


def finish_takes(project: Path) -> list[Path]:
    """Makes a take of each unfinished one of a project, and removes what it was made from; the takes' folders.

    One in which nothing was heard yet, or that cannot be read, stays as it is.
    """
    takes = []
    with contextlib.suppress(OSError):
        for folder in sorted(left_behind(takes_folder(project))):
            if is_live_take(folder):
                with contextlib.suppress(UserError, OSError, soundfile.LibsndfileError):
                    takes.append(_finished(folder, project))
                    shutil.rmtree(folder, ignore_errors=True)
    return takes


def _finished(folder: Path, project: Path) -> Path:
    session = _readable(folder)
    start = session.start
    plan = TakePlan(project, start, None, {"live": True})
    paths = {stem: _path_of(folder, plan.file_stem(stem)) for stem in dict.fromkeys((*start.score.stems, MIX))}
    plan = TakePlan(project, start, _key_of(paths[MIX], plan.file_stem(MIX)), plan.controls)
    with contextlib.ExitStack() as stack:
        files = {stem: stack.enter_context(soundfile.SoundFile(path)) for stem, path in paths.items()}
        length = min(file.frames for file in files.values())
        rates = {file.samplerate for file in files.values()}
        if length == 0 or rates != {start.sample_rate}:
            raise UserError(f"{folder} holds no sound")
        take = stack.enter_context(TakeWriter(plan))
        for n in _blocks(length):
            audio = {stem: _next_block(file, n) for stem, file in files.items()}
            take.write({stem: sound for stem, sound in audio.items() if stem != MIX}, audio[MIX])
        tempo, end = _tempo(session, length)
        for event in (e for e in session.events if e.sample < length and e.move != _END):
            take.log(event)
        take.log(SessionEvent(end, _END, length))
        take.follow(tempo)
        return take.finish({"unfinished": True})


def _readable(folder: Path) -> Session:
    """The log without its last line, where the process was killed as it wrote it."""
    log = folder / SESSION_NAME
    try:
        return read_session(log)
    except UserError:
        log.write_bytes(log.read_bytes().rpartition(b"\n")[0] + b"\n")
        return read_session(log)


def _path_of(folder: Path, name: str) -> Path:
    """The file of a stem, whatever key its name ends with."""
    found = sorted(folder.glob(f"{name}*.wav"))
    if not found:
        raise UserError(f"{folder} has no {name}")
    return found[0]


def _key_of(path: Path, name: str) -> Key | None:
    try:
        return parse_key(path.stem.removeprefix(name).removeprefix("_") or "off")
    except UsageError:
        return None


def _blocks(length: int) -> Iterator[int]:
    for begin in range(0, length, _BLOCK):
        yield min(_BLOCK, length - begin)


def _next_block(file: soundfile.SoundFile, n: int) -> NDArray[np.float32]:
    return np.ascontiguousarray(file.read(n, "float32", always_2d=True).T)


def _tempo(session: Session, length: int) -> tuple[TempoMap, float]:
    """The tempo as it was heard, and the song position at the end: a take's beats go on over jumps."""
    start = session.start
    bpm = start.score.tempo_map.points[0][1]
    beat, sample, points = start.first_beat, 0, [(0.0, bpm)]
    for event in _in_take(session.events, length):
        beat += (event.sample - sample) / start.sample_rate * bpm / 60.0
        sample, bpm = event.sample, _bpm_after(event, bpm)
        if bpm != points[-1][1]:
            points = [*(point for point in points if point[0] < beat), (beat, bpm)]
    return TempoMap(tuple(points)), beat + (length - sample) / start.sample_rate * bpm / 60.0


def _in_take(events: Iterable[SessionEvent], length: int) -> Iterator[SessionEvent]:
    return (event for event in events if 0 <= event.sample < length)


def _bpm_after(event: SessionEvent, bpm: float) -> float:
    if event.controls is not None:
        return event.controls.number("tempo")
    return float(event.move.values[0]) if event.move.control == "tempo" else bpm
