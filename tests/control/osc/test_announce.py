"""Found without typing an address: by zeroconf, and by an OSCQuery client library."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from zeroconf import ServiceBrowser, ServiceListener, Zeroconf

from musika_daw.control.osc import announce
from musika_daw.control.osc.thread import ControlSettings, ControlThread
from tests.support.controller import Controller
from tests.support.memory_instrument import MemoryInstrument

_SERVICES = ("_osc._udp.local.", "_oscjson._tcp.local.")


class Finder(ServiceListener):
    """Ports by kind of service, of the services that have `port` in their name."""

    def __init__(self) -> None:
        self.services: dict[tuple[str, str], object] = {}
        self.changed = threading.Condition()

    def add_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        info = zc.get_service_info(type_, name)
        with self.changed:
            self.services[type_, name] = info
            self.changed.notify_all()

    def update_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        self.add_service(zc, type_, name)

    def remove_service(self, zc: Zeroconf, type_: str, name: str) -> None:
        with self.changed:
            self.services.pop((type_, name), None)
            self.changed.notify_all()


@pytest.fixture
def announced(instrument: MemoryInstrument) -> Iterator[ControlThread]:
    with ControlThread(instrument, ControlSettings(port=0)) as control:
        yield control


def test_a_browser_finds_both_services_and_sees_them_go(announced: ControlThread) -> None:
    names = {
        (_SERVICES[0], f"Musika DAW {announced.osc_port}.{_SERVICES[0]}"),
        (_SERVICES[1], f"Musika DAW {announced.query_port}.{_SERVICES[1]}"),
    }
    finder = Finder()
    zeroconf = Zeroconf(["127.0.0.1"])
    browser = ServiceBrowser(zeroconf, list(_SERVICES), finder)
    try:
        with finder.changed:
            assert finder.changed.wait_for(lambda: names <= set(finder.services), 20)
        for key in names:
            info = finder.services[key]
            assert info.parsed_addresses() == ["127.0.0.1"]  # type: ignore[attr-defined]
            assert info.port == announced.osc_port  # type: ignore[attr-defined]
        announced.close()
        with finder.changed:
            assert finder.changed.wait_for(lambda: not names & set(finder.services), 20)
    finally:
        browser.cancel()
        zeroconf.close()


def test_an_oscquery_library_finds_and_reads_it(announced: ControlThread) -> None:
    browser_module = pytest.importorskip("pythonoscquery.osc_query_browser", reason="python-oscquery is not installed")
    client_module = pytest.importorskip("pythonoscquery.osc_query_client")
    browser = browser_module.OSCQueryBrowser()
    try:
        deadline = time.monotonic() + 20
        ours = []
        while not ours and time.monotonic() < deadline:
            ours = [
                found for found in browser.get_discovered_oscquery() if found and found.port == announced.query_port
            ]
            time.sleep(0.05)
        client = client_module.OSCQueryClient(ours[0])
        info = client.get_host_info()
        assert (info.name, info.osc_ip, info.osc_port) == ("Musika DAW", "127.0.0.1", announced.osc_port)
        node = client.query_node("/musika/tempo")
        assert (node.full_path, node.value, node.description) == (
            "/musika/tempo",
            [128.0],
            "tempo; refused while another clock leads",
        )
        assert client.query_node("/musika/nothing") is None
        with Controller(info.osc_port) as controller:
            controller.ask(node.full_path, 140)
        assert client.query_node("/musika/tempo").value == [140.0]
        assert [each.value for each in client.query_node("/musika/anchor")][1:] == [[7]] * 4
    finally:
        browser.browser.cancel()
        browser.zc.close()


def test_a_network_without_multicast_does_not_matter(
    instrument: MemoryInstrument, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no multicast here")

    monkeypatch.setattr(announce, "AsyncZeroconf", refuse)
    with ControlThread(instrument, ControlSettings(port=0)) as control, Controller(control.osc_port) as controller:
        controller.sync()
    assert "no multicast here" in caplog.text
