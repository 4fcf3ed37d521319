"""The control thread: starts, ends, says what is wrong, and carries tasks of others."""

import asyncio
import os
import socket
import threading
from pathlib import Path

import pytest

from musika_daw.control.osc.port_holder import port_holder
from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.errors import UserError
from tests.support.controller import Controller
from tests.support.memory_instrument import MemoryInstrument

QUIET = ControlSettings(port=0, announce=False)


def test_nothing_is_left_when_it_has_ended(instrument: MemoryInstrument) -> None:
    before = set(threading.enumerate())
    for _ in range(3):
        with ControlThread(instrument, QUIET) as control:
            port = control.osc_port
            with Controller(port) as controller:
                controller.sync()
        control.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", port))
    assert set(threading.enumerate()) <= before


def test_a_taken_port_says_by_whom_and_which_flag_helps(instrument: MemoryInstrument) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        control = ControlThread(instrument, ControlSettings(port=port))
        with pytest.raises(UserError, match=f"UDP port {port} is taken by .*--osc-port") as caught:
            control.start()
        control.close()
        if Path("/proc/net/udp").exists():
            name = Path("/proc/self/comm").read_text().strip()
            assert f"{name} (process {os.getpid()})" in str(caught.value)


def test_nobody_is_named_where_nobody_can_be(tmp_path: Path) -> None:
    assert port_holder(7771, tmp_path / "none") is None
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "udp").write_text("  sl  local_address\n   1: 0100007F:1E5B 0:0 07 0:0 00:0 0 0 0 4711 2\n")
    (tmp_path / "12" / "fd").mkdir(parents=True)
    (tmp_path / "12" / "fd" / "3").symlink_to("socket:[4711]")
    (tmp_path / "12" / "cmdline").write_text("/usr/bin/python3\0/usr/local/bin/musika-daw\0live\0")
    assert port_holder(7771, tmp_path) == "musika-daw (process 12)"
    assert port_holder(7772, tmp_path) is None


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_impossible_host_is_named(instrument: MemoryInstrument, host: str) -> None:
    with pytest.raises(UserError, match=f"{host} is no .*--osc-host"):
        ControlThread(instrument, ControlSettings(host=host, port=0)).start()


def test_all_interfaces_and_ipv6_are_possible(instrument: MemoryInstrument) -> None:
    everywhere = ControlThread(instrument, ControlSettings("0.0.0.0", 0, announce=False))
    with everywhere as control, Controller(control.osc_port) as controller:
        controller.sync()
    if socket.has_ipv6 and Path("/proc/net/if_inet6").exists():
        loopback = ControlThread(instrument, ControlSettings("::1", 0, announce=False))
        with loopback as control, socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as six:
            six.settimeout(10)
            six.sendto(b"/musika/tempo\0\0\0,\0\0\0", ("::1", control.osc_port))
            assert six.recv(1000).startswith(b"/musika/tempo")


def test_oscquery_gives_way_to_a_taken_tcp_port(instrument: MemoryInstrument) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with ControlThread(instrument, ControlSettings(port=port, announce=False)) as control:
            assert control.osc_port == port
            assert control.query_port not in (None, port)


def test_tasks_run_in_the_loop_until_the_end_and_fail_alone(
    instrument: MemoryInstrument, caplog: pytest.LogCaptureFixture
) -> None:
    running, ended, called = threading.Event(), threading.Event(), threading.Event()

    async def task() -> None:
        running.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def failing() -> None:
        raise RuntimeError("no MIDI here")

    with ControlThread(instrument, QUIET, (failing, task)) as control, Controller(control.osc_port) as controller:
        assert running.wait(10) and not ended.is_set()
        control.call(called.set)
        assert called.wait(10)
        controller.sync()
    assert ended.is_set()
    assert "no MIDI here" in caplog.text
