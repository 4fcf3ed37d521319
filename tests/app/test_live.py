"""The generator process as its users start it: a real process, played over real UDP."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from osc_protocol import Client
from tests.support.live_process import WAIT_SECONDS, live, play_on, start, wait_until


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
        project = tmp_path / "Musika"
        assert code == 0 and said.splitlines() == [
            f"musika-daw: recording when it plays, into {project}",
            f"musika-daw: take: {project / 'jam 001'}",
        ]
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
    takes = sorted((tmp_path / "Musika").glob("take *"))
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
        (("--stems", "drums"), "--stems is no option here: stems are muted instead"),
        (("--style", "fathm"), "did you mean fathom?"),
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
