"""A process that was killed while it recorded: the next one makes a take of what it left."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.controls.move import Move
from musika_daw.controls.state import settings
from musika_daw.engine.take.session_log import LiveStart, SessionEvent, read_session
from musika_daw.engine.take.take_folder import TakeFolder
from musika_daw.engine.take.take_writer import TakePlan, TakeWriter
from musika_daw.engine.take.unfinished import finish_takes
from musika_daw.storage.folder_lock import LOCK_NAME
from tests.engine.test_take_writer import RATE, plan_for, stems_of

OPEN = Path("/proc/self/fd")
pytestmark = pytest.mark.skipif(not OPEN.is_dir(), reason="locks are let go of by number")
LENGTH = 5 * RATE
FASTER = 2 * RATE


def live_plan(project: Path) -> TakePlan:
    plan = plan_for(project, bpm=120.0, sample_format="float32")
    live = LiveStart(settings(tempo=120.0, density=0.5), 0, 0, 0.0, True)
    return TakePlan(project, replace(plan.session, length_samples=None, live=live), plan.key)


def killed(project: Path) -> Path:
    """The hidden folder that is left where a process ends without a word while it records: nobody has its lock."""
    take = TakeWriter(live_plan(project)).__enter__()
    stems = stems_of(LENGTH)
    take.write(stems, sum(stems.values(), np.zeros((2, LENGTH), np.float32)))
    take.log(SessionEvent(4.0, Move.of("tempo", 240.0), FASTER))
    (folder,) = (project / "Musika").iterdir()
    lock = (folder / LOCK_NAME).stat()
    (held,) = [n for n in (int(path.name) for path in OPEN.iterdir()) if _is(n, lock)]
    os.close(held)
    assert folder.name.startswith(".")
    return folder


def _is(descriptor: int, file: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), file)
    except OSError:
        return False


@pytest.mark.parametrize("torn", [b"", b'{"beat": 8.0, "mo'])
def test_what_was_heard_is_a_take(torn: bytes, tmp_path: Path) -> None:
    with open(killed(tmp_path) / "session.jsonl", "ab") as log:
        log.write(torn)
    (take,) = finish_takes(tmp_path)
    assert [path.name for path in sorted((tmp_path / "Musika").iterdir())] == ["latest", "take 001"]
    wave = take / "mix_120bpm_Am.wav"
    sound, rate = soundfile.read(wave)
    assert rate == RATE and len(sound) > LENGTH - RATE and np.abs(sound).max() > 0.1
    names = {path.name for path in take.iterdir()}
    assert {"take.json", "take.rpp", "take.dawproject", "drums_120bpm_Am.wav"} <= names
    session = read_session(take)
    assert [event.move.control for event in session.events] == ["tempo", "record"]
    assert session.events[-1].sample == len(sound)
    assert session.events[-1].beat == pytest.approx(4.0 + (len(sound) - FASTER) / RATE * 4.0)
    assert finish_takes(tmp_path) == []


def test_the_next_take_does_not_throw_it_away(tmp_path: Path) -> None:
    folder = killed(tmp_path)
    other = TakeFolder(tmp_path, "take")
    assert folder.is_dir()
    other.discard()


def test_what_is_being_recorded_is_let_alone(tmp_path: Path) -> None:
    with TakeWriter(live_plan(tmp_path)) as take:
        silence = np.zeros((2, RATE), np.float32)
        take.write(dict.fromkeys(stems_of(1), silence), silence)
        assert finish_takes(tmp_path) == []
        assert take.finish().name == "take 001"


def test_one_in_which_nothing_was_heard_stays(tmp_path: Path) -> None:
    folder = killed(tmp_path)
    for wave in folder.glob("*.wav"):
        wave.unlink()
    assert finish_takes(tmp_path) == [] and folder.is_dir()
