"""The client against a real UDP peer that behaves as the generator does."""

import queue
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from osc_protocol import Client, ProtocolError


class Peer:
    """Answers queries from a dict, sync by synced, and keeps everything it received."""

    def __init__(self) -> None:
        self.values: dict[str, list[object]] = {"/musika/density": [0.5]}
        self.received: queue.Queue[tuple[str, list[object], float]] = queue.Queue()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._socket.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

    def take(self) -> tuple[str, list[object], float]:
        return self.received.get(timeout=5)

    def send(self, port: int, address: str, *values: object) -> None:
        builder = OscMessageBuilder(address)
        for value in values:
            builder.add_arg(value)  # type: ignore[arg-type]
        self._socket.sendto(builder.build().dgram, ("127.0.0.1", port))

    def send_raw(self, port: int, datagram: bytes) -> None:
        self._socket.sendto(datagram, ("127.0.0.1", port))

    def _serve(self) -> None:
        while True:
            datagram, (_, port) = self._socket.recvfrom(65536)
            if not datagram:
                return
            for timed in OscPacket(datagram).messages:
                address, values = timed.message.address, list(timed.message.params)
                self.received.put((address, values, timed.time))
                if address == "/musika/sync":
                    self.send(port, "/musika/synced", *values)
                elif address == "/musika/status":
                    self.send(port, "/musika/status.reply", 30.0, 0.1, 0, 42.0, "internal", "techno", 8.0)
                elif address == "/musika/preset":
                    self.send(port, "/musika/error", address, "refused", "no preset is loaded")
                elif not values and address in self.values:
                    self.send(port, address, *self.values[address])


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.close()


@pytest.fixture
def client(peer: Peer) -> Iterator[Client]:
    with Client(port=peer.port, timeout_seconds=5) as client:
        yield client


def test_values_arrive_in_the_types_of_the_table(client: Client, peer: Peer) -> None:
    client.set("/musika/density", 1)
    client.set("/musika/seed", 2**40)
    client.set("/musika/stem/bass/mute", 1)
    client.set("/musika/play")
    assert peer.take()[:2] == ("/musika/density", [1.0])
    assert peer.take()[:2] == ("/musika/seed", [2**40])
    assert peer.take()[:2] == ("/musika/stem/bass/mute", [True])
    assert peer.take()[:2] == ("/musika/play", [])


def test_impossible_messages_are_not_sent(client: Client, peer: Peer) -> None:
    for address, values, code in [
        ("/musika/density", (2.0,), "range"),
        ("/musika/density", (), "access"),
        ("/musika/status", (), "access"),
        ("/musika/beat", (1.0,), "access"),
        ("/musika/nothing", (1.0,), "address"),
        ("/musika/morph", (0.1,), "count"),
    ]:
        with pytest.raises(ProtocolError) as caught:
            client.set(address, *values)
        assert caught.value.code == code
    client.sync()
    assert peer.take()[0] == "/musika/sync"


def test_queries_get_the_value_or_the_reply(client: Client) -> None:
    assert client.query("/musika/density") == (0.5,)
    assert client.query("/musika/status")[4:6] == ("internal", "techno")


def test_a_refusal_is_raised_with_its_code(client: Client) -> None:
    with pytest.raises(ProtocolError, match="no preset is loaded") as caught:
        client.query("/musika/preset")
    assert caught.value.code == "refused"
    with pytest.raises(ProtocolError, match="cannot be queried"):
        client.query("/musika/play")


def test_no_answer_says_from_where(client: Client, peer: Peer) -> None:
    with pytest.raises(TimeoutError, match=f"from 127.0.0.1:{peer.port} within 0.2 s"):
        client.query("/musika/tempo", timeout_seconds=0.2)


def test_nobody_there_is_a_timeout_too() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Client(port=port) as client, pytest.raises(TimeoutError):
        client.query("/musika/density", timeout_seconds=0.2)


def test_subscribers_get_events_until_the_client_leaves(client: Client, peer: Peer) -> None:
    seen: queue.Queue[tuple[str, tuple[object, ...]]] = queue.Queue()
    client.subscribe(lambda address, values: seen.put((address, values)))
    assert peer.take()[0] == "/musika/subscribe"
    peer.send(client.port, "/musika/beat", 4.0)
    assert seen.get(timeout=5) == ("/musika/beat", (4.0,))
    client.close()
    assert peer.take()[0] == "/musika/unsubscribe"
    client.close()


def test_neither_rubbish_nor_a_failing_subscriber_ends_the_client(
    client: Client, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_address: str, _values: tuple[object, ...]) -> None:
        raise RuntimeError("oh")

    client.subscribe(fail)
    for datagram in (b"rubbish", b"/musika/beat\0\0\0\0,f\0\0", b"/\xff\xfe\xfd,\0\0\0", b"#bundle\0" + b"\xff" * 20):
        peer.send_raw(client.port, datagram)
    assert client.query("/musika/density") == (0.5,)
    assert "a subscriber failed on /musika/beat" in caplog.text


def test_strangers_are_not_listened_to(client: Client, peer: Peer) -> None:
    seen: queue.Queue[str] = queue.Queue()
    client.subscribe(lambda address, _values: seen.put(address))
    stranger = Peer()
    try:
        stranger.send(client.port, "/musika/beat", 1.0)
        client.sync()
    finally:
        stranger.close()
    assert seen.get(timeout=5) == "/musika/synced"


def test_moves_sent_together_arrive_as_one_bundle(client: Client, peer: Peer) -> None:
    client.set_together([("/musika/density", [0.25]), ("/musika/morph", [0.5, 1])])
    first, second = peer.take(), peer.take()
    assert (first[:2], second[:2]) == (("/musika/density", [0.25]), ("/musika/morph", [0.5, 1.0]))
    assert first[2] == second[2]
    client.set_together([("/musika/density", [0.25])], after_seconds=30.5)
    assert peer.take()[2] == pytest.approx(time.time() + 30.5, abs=2)
