"""Window and engine outlive each other, and dragged files stay."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.panel.takes_model import TakesModel
from musika_daw.panel.window import Window, WindowSettings
from osc_protocol.client import Client
from tests.panel.conftest import Wait
from tests.panel.test_takes_model import make
from tests.support.memory_instrument import MemoryInstrument


def test_a_click_before_the_engine_is_there_plays_when_it_is(
    wait: Wait, instrument: MemoryInstrument, tmp_path: Path
) -> None:
    with ControlThread(instrument, ControlSettings(port=0, query=False, announce=False)) as there:
        port = there.osc_port
    window = Window(WindowSettings(port=port, takes=tmp_path))
    try:
        window.transport.toggle()
        assert window.transport.wished and not instrument.moves
        with ControlThread(instrument, ControlSettings(port=port, query=False, announce=False)):
            wait(lambda: any(move.control == "play" for move in instrument.moves))
    finally:
        window.close()


@pytest.mark.slow
def test_an_engine_that_dies_twenty_times_is_found_each_time(
    wait: Wait, instrument: MemoryInstrument, tmp_path: Path
) -> None:
    control = ControlThread(instrument, ControlSettings(port=0, query=False, announce=False)).__enter__()
    port = control.osc_port
    window = Window(WindowSettings(port=port, takes=tmp_path))
    try:
        for turn in range(20):
            wait(lambda: bool(window.link.connected))
            density = window.controls.item("density")
            assert density is not None
            density.move(turn / 20)
            wait(lambda: instrument.values["/musika/density"][0] == pytest.approx(turn / 20))  # noqa: B023
            control.close()
            wait(lambda: not window.link.connected)
            control = ControlThread(instrument, ControlSettings(port=port, query=False, announce=False)).__enter__()
    finally:
        window.close()
        control.close()


@pytest.mark.slow
def test_a_window_that_is_killed_twenty_times_does_not_disturb_the_engine(
    instrument: MemoryInstrument, control: ControlThread
) -> None:
    words = [sys.executable, "-m", "musika_daw.panel", "--engine", f"127.0.0.1:{control.osc_port}"]
    with Client(port=control.osc_port) as client:
        for _ in range(20):
            window = subprocess.Popen(words, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
            time.sleep(0.7)
            window.send_signal(signal.SIGKILL)
            window.wait()
            assert client.query("/musika/status")
    assert instrument.moves == []


def test_what_is_dragged_is_the_file_where_it_lies(tmp_path: Path) -> None:
    folder = make(tmp_path / "Musika" / "take 001")
    model = TakesModel(tmp_path / "Musika")
    urls = model.audio(0, "drums")
    model.deleteLater()
    assert Path(QUrl(urls).toLocalFile()) == folder / "drums.wav" and (folder / "drums.wav").is_file()
