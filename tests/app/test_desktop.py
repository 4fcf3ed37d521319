"""`musika-daw app`: finds or starts an engine."""

from __future__ import annotations

import logging
import queue
import socket
import sys
import time
from pathlib import Path

import pytest

from musika_daw.app import desktop
from musika_daw.app.engine_process import EngineProcess
from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.errors import UserError
from tests.support.memory_instrument import MemoryInstrument


@pytest.mark.parametrize(
    ("text", "address"),
    [("studio:7772", ("studio", 7772)), (":8000", ("127.0.0.1", 8000)), ("10.0.0.2", ("10.0.0.2", 7771))],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert desktop.parse_engine(text) == address


@pytest.mark.parametrize("text", ["a:b", "a:0", "a:70000"])
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(UserError, match="expected HOST:PORT"):
        desktop.parse_engine(text)


def test_nobody_answers_on_a_free_port() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        assert not desktop.answers("127.0.0.1", free.getsockname()[1])


def test_an_engine_that_dies_is_told_and_started_again_three_times(tmp_path: Path) -> None:
    count = tmp_path / "starts"
    program = f"import sys; open({str(count)!r}, 'a').write('x'); sys.exit('musika-daw: no such device')"
    told: queue.SimpleQueue[tuple[str, bool]] = queue.SimpleQueue()
    engine = EngineProcess(7799, None, [sys.executable, "-c", f"import time; time.sleep(0.3); {program}"])
    engine.tell(lambda said, again: told.put((said, again)))
    try:
        assert [told.get(timeout=20) for _ in range(3)] == [("no such device", True)] * 2 + [("no such device", False)]
        assert count.read_text() == "xxx"
    finally:
        engine.close()


def test_an_engine_ends_with_the_window(tmp_path: Path) -> None:
    here = tmp_path / "port"
    says = f"import sys, time, pathlib; pathlib.Path({str(here)!r}).write_text(sys.argv[-1]); time.sleep(60)"
    engine = EngineProcess(7799, None, [sys.executable, "-c", says])
    end = time.monotonic() + 20
    while not here.is_file() or here.read_text() != "7799":
        assert time.monotonic() < end
        time.sleep(0.01)
    process = engine._process
    engine.close()
    assert process is not None and process.poll() is not None


def test_the_engine_of_a_window_that_failed_ends_with_the_next_one(tmp_path: Path) -> None:
    instrument, note = MemoryInstrument(), tmp_path / "engine"
    with ControlThread(instrument, ControlSettings(port=0, query=False, announce=False)) as control:
        desktop.end_left_engine("127.0.0.1", control.osc_port, note)
        desktop.note_engine(control.osc_port + 1, note)
        desktop.end_left_engine("127.0.0.1", control.osc_port, note)
        assert instrument.moves == [] and note.exists()
        desktop.note_engine(control.osc_port, note)
        desktop.end_left_engine("127.0.0.1", control.osc_port, note)
        end = time.monotonic() + 20
        while not instrument.moves:
            assert time.monotonic() < end
            time.sleep(0.01)
    assert [move.control for move in instrument.moves] == ["quit"] and not note.exists()


def test_a_port_that_is_taken_is_not_used() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        assert desktop.free_port(taken) not in (0, taken)
    assert desktop.free_port(taken) == taken


def test_errors_go_to_a_log_that_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(desktop.LOGS_VARIABLE, str(tmp_path / "logs"))
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    before = logging.getLogger().handlers[:]
    try:
        path = desktop.start_log()
        assert path is not None
        sys.excepthook(ValueError, ValueError("what happened"), None)
        for _ in range(30):
            logging.getLogger("musika_daw").error("x" * 100_000)
        assert "what happened" in "".join(p.read_text() for p in path.parent.iterdir())
        assert sum(p.stat().st_size for p in path.parent.iterdir()) < 4_200_000
    finally:
        for handler in [h for h in logging.getLogger().handlers if h not in before]:
            logging.getLogger().removeHandler(handler)
            handler.close()
