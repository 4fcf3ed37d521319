"""Both loopbacks are listened at, and nothing beside them."""

import json
import socket
import urllib.request

import pytest

from musika_daw.control.osc.server import hosts_of
from musika_daw.control.osc.thread import ControlSettings, ControlThread
from tests.support.controller import message
from tests.support.memory_instrument import MemoryInstrument


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")


@needs_ipv6
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_whoever_resolves_localhost_either_way_is_answered(instrument: MemoryInstrument, host: str) -> None:
    with ControlThread(instrument, ControlSettings(host, port=0, announce=False)) as control:
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with socket.socket(family, socket.SOCK_DGRAM) as client:
                client.settimeout(10)
                client.sendto(message("/musika/tempo"), (address, control.osc_port))
                answer, sender = client.recvfrom(65536)
                assert answer.startswith(b"/musika/tempo") and sender[:2] == (address, control.osc_port)
        for place in ("127.0.0.1", "[::1]"):
            with urllib.request.urlopen(f"http://{place}:{control.query_port}/musika/tempo", timeout=10) as page:
                assert json.load(page)["VALUE"] == [128.0]


@needs_ipv6
def test_where_another_program_has_the_other_loopback_this_one_is_played(
    instrument: MemoryInstrument, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other:
        other.bind(("::1", 0))
        port = int(other.getsockname()[1])
        with ControlThread(instrument, ControlSettings(port=port, announce=False)) as control:
            assert control.osc_port == port
    assert f"UDP port {port} is taken" in caplog.text and "127.0.0.1 is listened at" in caplog.text


def test_other_hosts_are_what_was_asked_for() -> None:
    assert hosts_of("127.0.0.1") == hosts_of("localhost") == hosts_of("::1") == ("127.0.0.1", "::1")
    assert hosts_of("0.0.0.0") == ("0.0.0.0",)
    assert hosts_of("192.168.1.5") == ("192.168.1.5",)
