"""The generator process ended by kill -9 at any moment while it records: what was played until then is there."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
import zipfile
from pathlib import Path

import mido
import pytest
import soundfile

from musika_daw.engine.take.unfinished import finish_takes
from osc_protocol import Client, Value
from tests.support.live_process import live

KILLS = int(os.environ.get("MUSIKA_KILLS", "4"))
LOST_SECONDS = 1.0
BPM = 150.0
RATE = 44100

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX signal"),
]


def killed(project: Path, model: Path, moment: random.Random) -> float:
    """Kills a process while it records, or finishes a take; returns the last beat that was told while it recorded."""
    beats: list[float] = []
    begun = threading.Event()

    def hear(address: str, values: tuple[Value, ...]) -> None:
        if address == "/musika/beat":
            beats.append(float(values[0]))
            begun.set()

    options = ("--bus", "null", "--headless", "--record", "--bpm", str(BPM))
    with live(project, model, *options) as process, Client(port=process.port) as musika:
        musika.subscribe(hear)
        musika.set("/musika/play")
        assert begun.wait(60)
        time.sleep(moment.uniform(0.0, 6.0))
        last = beats[-1]
        if moment.random() < 0.5:  # in the making of project files, or soon after
            musika.set("/musika/record", False)
            time.sleep(moment.uniform(0.0, 2.4))  # a take ends on a bar line
        process.program.send_signal(signal.SIGKILL)
        process.program.wait()
    return last


def check(take: Path, last_beat: float) -> None:
    """Every WAV opens and holds all but the last second; project files are whole or absent."""
    recorded = json.loads((take / "session.jsonl").read_text(encoding="utf-8").splitlines()[0])
    played = (last_beat - float(recorded["first_beat"])) * 60 / BPM
    waves = sorted(take.glob("*.wav"))
    assert len(waves) == 5
    for wave in waves:
        sound, rate = soundfile.read(wave)
        assert rate == RATE
        assert len(sound) / RATE >= played - LOST_SECONDS, f"{wave.name}: {len(sound) / RATE:.2f} of {played:.2f} s"
    if (archive := take / "take.dawproject").exists():
        with zipfile.ZipFile(archive) as members:
            assert members.testzip() is None and "project.xml" in members.namelist()
    if (reaper := take / "take.rpp").exists():
        assert reaper.read_text(encoding="utf-8").rstrip().endswith(">")
    if (facts := take / "take.json").exists():
        assert json.loads(facts.read_text(encoding="utf-8"))["files"]
    for midi in take.glob("*.mid"):
        assert mido.MidiFile(midi).length > 0
    if not take.name.startswith("."):
        assert {"take.dawproject", "take.rpp", "take.json"} <= {path.name for path in take.iterdir()}


def test_all_but_the_last_second_is_there(tiny_model: Path, tmp_path: Path) -> None:
    moment = random.Random(KILLS)
    whole = 0
    for kill in range(KILLS):
        project = tmp_path / f"{kill}"
        last_beat = killed(project, tiny_model, moment)
        takes = [path for path in (project / "Musika").iterdir() if path.is_dir() and not path.is_symlink()]
        assert len(takes) == 1, "one take, finished or not"
        check(takes[0], last_beat)
        if takes[0].name.startswith("."):
            (found,) = finish_takes(project)
            check(found, last_beat)
            assert not takes[0].exists()
        else:
            whole += 1
    print(f"{KILLS} kills, {whole} takes had been finished")
