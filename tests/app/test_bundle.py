"""The bundle as `pyinstaller build.spec` leaves it in dist/: started from an empty environment, it renders and plays.

MUSIKA_BUNDLE: its folder, where it lies elsewhere. A folder that cannot be written to is no hindrance.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.app.desktop import answers
from osc_protocol import Client
from osc_protocol.table import DEFAULT_PORT
from tests.support.live_process import listening_port

BUNDLE = Path(os.environ.get("MUSIKA_BUNDLE", Path(__file__).parents[2] / "dist" / "musika-daw"))
LARGEST_MB = 650

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BUNDLE.is_dir(), reason="no bundle: pip install '.[bundle]', pyinstaller build.spec"),
]


def start(*words: str) -> subprocess.Popen[str]:
    program = BUNDLE.resolve() / "musika-daw"
    return subprocess.Popen(
        [str(program), *words], env={}, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def contents() -> dict[str, tuple[int, int]]:
    return {str(path): (s.st_size, s.st_mtime_ns) for path in BUNDLE.rglob("*") if (s := path.lstat())}


def test_it_is_small_enough() -> None:
    megabytes = sum(size for size, _ in contents().values()) / 1e6
    print(f"{megabytes:.0f} MB")
    assert megabytes <= LARGEST_MB


def test_it_renders_and_leaves_its_own_folder_alone(tmp_path: Path) -> None:
    before = contents()
    said, complaint = start("render", "--bars", "2", "--bpm", "128", "--out", str(tmp_path)).communicate(timeout=300)
    take = Path(said.splitlines()[-1])
    assert take == tmp_path / "Musika" / "take 001", complaint
    sound, rate = soundfile.read(next(take.glob("mix*.wav")))
    assert len(sound) == round(8 * 60 / 128 * rate) and np.abs(sound).max() > 0.05
    assert contents() == before


def test_licences_of_what_is_in_it_are_told() -> None:
    notice = (BUNDLE / "NOTICE").read_text(encoding="utf-8")
    for name in ("torch ", "numpy ", "PySide6_Essentials ", "pedalboard ", "GNU GENERAL PUBLIC LICENSE"):
        assert name in notice, name


def test_the_window_opens_and_starts_its_generator(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", DEFAULT_PORT))
        except OSError:
            pytest.skip("another generator runs on this computer")
    words = [str(BUNDLE.resolve() / "Musika DAW"), "--out", str(tmp_path)]
    places = {"HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software", "PATH": os.defpath}
    begin, window = time.monotonic(), subprocess.Popen(words, env=places, cwd="/", stderr=subprocess.PIPE, text=True)
    try:
        while not answers("127.0.0.1", DEFAULT_PORT):
            assert window.poll() is None and time.monotonic() < begin + 120
            time.sleep(0.1)
        print(f"its generator answers after {time.monotonic() - begin:.1f} s")
        window.send_signal(signal.SIGTERM)
        assert window.wait(60) == 0
        assert not answers("127.0.0.1", DEFAULT_PORT)
    finally:
        window.kill()
        window.communicate()


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_the_window_opens_on_a_screen(tmp_path: Path) -> None:
    read, write = os.pipe()
    screen = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x820x24"], pass_fds=[write])
    try:
        display = f":{os.read(read, 8).decode().strip()}"
        places = {"HOME": str(tmp_path), "DISPLAY": display, "PATH": os.defpath, "LANG": "C.UTF-8"}
        words = [str(BUNDLE.resolve() / "musika-daw"), "app", "--software", "--engine", "127.0.0.1:9"]
        window = subprocess.Popen(words, env=places, cwd="/", stderr=subprocess.PIPE, text=True)
        time.sleep(8.0)
        window.send_signal(signal.SIGTERM)
        _, said = window.communicate(timeout=60)
        assert window.returncode == 0 and said == "", said
    finally:
        screen.terminate()
        screen.wait()
        os.close(read)
        os.close(write)


def test_it_plays(tmp_path: Path) -> None:
    begin, heard = time.monotonic(), tmp_path / "heard.wav"
    program = start("live", "--play", "--bus", f"file:{heard}", "--osc-port", "0", "--out", str(tmp_path))
    try:
        with Client(port=listening_port(program)) as client:
            while float(client.query("/musika/status")[6]) <= 0:
                assert time.monotonic() < begin + 60, "it does not play"
                time.sleep(0.02)
            print(f"plays after {time.monotonic() - begin:.1f} s")
            client.set("/musika/density", 0.3)
            client.sync()
            time.sleep(2.0)
        program.send_signal(signal.SIGTERM)
        _, said = program.communicate(timeout=60)
        assert program.returncode == 0 and said == ""
    finally:
        program.kill()
        program.communicate()
    assert np.abs(soundfile.read(heard)[0]).max() > 0.05
