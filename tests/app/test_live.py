"""The generator process as its users start it: a real process, played over real UDP."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from osc_protocol import Client

WAIT_SECONDS = 120


@dataclass
class Live:
    """A running generator process."""

    program: subprocess.Popen[str]
    port: int
    folder: Path

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Ends it; its exit code and the rest of what it said."""
        self.program.send_signal(number)
        _, said = self.program.communicate(timeout=WAIT_SECONDS)
        return self.program.returncode, said


def start(folder: Path, model: Path, *options: str) -> subprocess.Popen[str]:
    words = ["live", "--model", str(model), "--out", str(folder), *options]
    return subprocess.Popen(
        [sys.executable, "-m", "musika_daw.app", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def listening_port(program: subprocess.Popen[str]) -> int:
    """Of OSC, once it listens."""
    assert program.stderr is not None
    said = ""
    while (found := re.search(r"OSC on \S+, port (\d+)", said)) is None:
        said = program.stderr.readline()
        assert said, "it ended before it listened"
    return int(found[1])


@contextmanager
def live(folder: Path, model: Path, *options: str) -> Iterator[Live]:
    program = start(folder, model, "--osc-port", "0", *options)
    try:
        yield Live(program, listening_port(program), folder)
    finally:
        program.kill()
        program.communicate()


def wait_until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def play_on(client: Client, beats: float) -> None:
    goal = client.query("/musika/status")[6] + beats
    wait_until(lambda: client.query("/musika/status")[6] >= goal)


def test_a_jam_over_osc_lands_in_the_project_and_replays(tiny_model: Path, tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    options = ("--bus", f"file:{heard}", "--bpm", "140", "--seed", "5")
    with live(tmp_path, tiny_model, *options) as process, Client(port=process.port) as client:
        told: list[tuple[str, tuple[object, ...]]] = []
        client.subscribe(lambda address, values: told.append((address, values)))
        assert client.query("/musika/model") == (str(tiny_model),)
        assert client.query("/musika/tempo") == (140.0,) and client.query("/musika/seed") == (5,)
        client.set("/musika/record", "jam")
        client.set("/musika/play")
        play_on(client, 3)
        client.set("/musika/density", 0.25)
        client.set("/musika/stem/drums/gain", -6.0)
        client.set_together([("/musika/morph", (1.0, 0.5)), ("/musika/quantize", ("beat",))])
        client.sync()
        assert client.query("/musika/density") == (0.25,) and client.query("/musika/quantize") == ("beat",)
        play_on(client, 3)
        client.set("/musika/stop")
        wait_until(lambda: any(address == "/musika/done" for address, _ in told))
        assert client.query("/musika/record") == (False,)
        code, said = process.end(signal.SIGTERM)
        assert code == 0 and said == "", said
    addresses = {address for address, _ in told}
    assert {"/musika/beat", "/musika/meter", "/musika/landed", "/musika/density", "/musika/done"} <= addresses
    audio, rate = soundfile.read(heard)
    assert rate == 44100 and np.abs(audio).max() > 1e-3 and not np.abs(audio[-1]).any()
    log = tmp_path / "Musika" / "jam 001" / "session.jsonl"
    replay = subprocess.run(
        [sys.executable, "-m", "musika_daw.app", "replay", str(log), "--out", str(tmp_path), "--name", "again"],
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
    )
    assert replay.returncode == 0, replay.stderr
    for file in log.parent.glob("*.wav"):
        again = Path(replay.stdout.splitlines()[-1]) / file.name
        assert np.array_equal(soundfile.read(file)[0], soundfile.read(again)[0]), file.name


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_it_clean_while_a_take_is_recorded(tiny_model: Path, tmp_path: Path) -> None:
    with live(tmp_path, tiny_model, "--bus", "null", "--play", "--record") as process:
        with Client(port=process.port) as client:
            play_on(client, 4)
        code, said = process.end(signal.SIGINT)
        assert code == 0 and "Traceback" not in said
    takes = list((tmp_path / "Musika").iterdir())
    assert [take.name for take in takes] == ["take 001"]
    assert soundfile.info(next(takes[0].glob("mix*.wav"))).duration > 1.0


def test_a_taken_port_is_told(tiny_model: Path, tmp_path: Path) -> None:
    with live(tmp_path, tiny_model, "--bus", "null") as process:
        second = start(tmp_path, tiny_model, "--bus", "null", "--osc-port", str(process.port))
        _, said = second.communicate(timeout=WAIT_SECONDS)
        last = said.splitlines()[-1]
        assert second.returncode == 1 and "Traceback" not in said
        assert str(process.port) in last and "--osc-port" in last


def test_quit_over_osc(tiny_model: Path, tmp_path: Path) -> None:
    with live(tmp_path, tiny_model, "--bus", "null", "--play") as process, Client(port=process.port) as client:
        client.set("/musika/quit")
        assert process.program.wait(WAIT_SECONDS) == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--bus", "no such device"), "no such device"),
        (("--preset", "no such preset"), "expected one of"),
        (("--bpm", "400"), "40 to 240"),
        (("--bus", "null", "--osc-port", "99999"), "osc-port"),
        (("--bus", "null,latency=x"), "latency"),
    ],
)
def test_bad_options_get_one_line(tiny_model: Path, tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    program = start(tmp_path, tiny_model, *options)
    _, said = program.communicate(timeout=WAIT_SECONDS)
    assert program.returncode in (1, 2) and says in said and len(said.splitlines()) == 1, said


def test_background_renders_do_not_stop_the_music(tiny_model: Path, tmp_path: Path) -> None:
    with live(tmp_path, tiny_model, "--bus", "null", "--play") as process, Client(port=process.port) as client:
        told: list[tuple[str, tuple[object, ...]]] = []
        client.subscribe(lambda address, values: told.append((address, values)))
        client.set("/musika/render", 2.0, str(tmp_path / "song"))
        wait_until(lambda: any(address == "/musika/done" for address, _ in told))
        take = Path(str(next(values for address, values in told if address == "/musika/done")[0]))
        assert soundfile.info(next(take.glob("mix*.wav"))).frames == round(2 * 4 * 60 / 128 * 44100)
        beats = [values[0] for address, values in told if address == "/musika/beat"]
        assert beats == sorted(beats) and len(beats) > 2
