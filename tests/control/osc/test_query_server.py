"""OSCQuery over real HTTP and WebSockets."""

import json
import socket
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from pythonosc.osc_message import OscMessage
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.controls.move import Move
from musika_daw.controls.target import address_of
from tests.support.controller import Controller, message
from tests.support.memory_instrument import PARAMETER, MemoryInstrument


def get(control: ControlThread, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{control.query_port}{path}", timeout=10) as response:
        body = response.read()
        return json.loads(body) if body else response.status


def listen(connection: ClientConnection, path: str, command: str = "LISTEN") -> None:
    connection.send(json.dumps({"COMMAND": command, "DATA": path}))


def receive(connection: ClientConnection) -> tuple[str, list[object]]:
    frame = connection.recv(timeout=10)
    assert isinstance(frame, bytes)
    parsed = OscMessage(frame)
    return parsed.address, list(parsed.params)


def test_host_info_says_where_osc_is(control: ControlThread) -> None:
    info = get(control, "/?HOST_INFO")
    assert info["NAME"] == "Musika DAW"
    assert (info["OSC_IP"], info["OSC_PORT"], info["OSC_TRANSPORT"]) == ("127.0.0.1", control.osc_port, "UDP")
    assert info["WS_PORT"] == control.query_port
    assert all(info["EXTENSIONS"][name] for name in ("ACCESS", "VALUE", "RANGE", "LISTEN", "UNIT"))


def test_the_tree_holds_every_address_with_its_own_path(control: ControlThread, instrument: MemoryInstrument) -> None:
    found = {}

    def walk(node: dict[str, Any]) -> None:
        found[node["FULL_PATH"]] = node
        for name, child in node.get("CONTENTS", {}).items():
            assert child["FULL_PATH"] == f"{node['FULL_PATH'].rstrip('/')}/{name}"
            walk(child)

    walk(get(control, "/"))
    assert {path for path, node in found.items() if "TYPE" in node} == {
        *map(address_of, instrument.targets()),
        *("/musika/subscribe", "/musika/unsubscribe", "/musika/sync"),
    }
    assert "/musika/stem/bass" in found and found["/musika/stem/bass"]["ACCESS"] == 0


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/musika/tempo", {"TYPE": "f", "ACCESS": 3, "VALUE": [128.0], "UNIT": ["time.bpm"]}),
        ("/musika/tempo", {"RANGE": [{"MIN": 40.0, "MAX": 240.0}]}),
        ("/musika/clock", {"TYPE": "s", "RANGE": [{"VALS": ["internal", "midi", "link"]}]}),
        ("/musika/stem/bass/mute", {"TYPE": "T", "VALUE": [False]}),
        ("/musika/stem/bass/gain/", {"TYPE": "f", "UNIT": ["gain.db"]}),
        ("/musika/morph", {"TYPE": "ff", "VALUE": [0.0, 0.0]}),
        ("/musika/seed", {"TYPE": "h", "VALUE": [0]}),
        ("/musika/play", {"TYPE": "T", "ACCESS": 2}),
        ("/musika/preset/list", {"TYPE": "ss", "ACCESS": 1, "VALUE": ["fathom", "ember"]}),
        ("/musika/status", {"ACCESS": 1, "TYPE": ""}),
        ("/musika/sync", {"ACCESS": 2, "TYPE": "i"}),
        (PARAMETER, {"RANGE": [{"MIN": 20.0, "MAX": 20000.0}], "VALUE": [800.0]}),
        ("/musika/tempo?VALUE", {"VALUE": [128.0]}),
        ("/musika/tempo?TYPE", {"TYPE": "f"}),
        ("/musika/tempo?DESCRIPTION", {"DESCRIPTION": "tempo; refused while another clock leads"}),
    ],
)
def test_a_node_says_what_it_is(control: ControlThread, path: str, expected: dict[str, Any]) -> None:
    node = get(control, path)
    assert {name: node[name] for name in expected} == expected
    if "?" in path:
        assert node == expected, "one attribute was asked for"


def test_a_seed_and_a_style_name_have_their_own_types(control: ControlThread, controller: Controller) -> None:
    assert get(control, "/musika/anchor/a?TYPE") == {"TYPE": "h"}
    controller.ask("/musika/anchor/a", "fathom")
    assert get(control, "/musika/anchor/a") | {"TYPE": "s", "VALUE": ["fathom"]} == get(control, "/musika/anchor/a")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/musika/nothing", 404),
        ("/musika/stem/flute/mute", 404),
        ("/musika/tempo?RUBBISH", 400),
        ("/musika/nothing?VALUE", 404),
    ],
)
def test_what_is_not_there_is_an_http_error(control: ControlThread, path: str, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(control, path)
    assert caught.value.code == status


def test_an_attribute_that_a_node_has_not_is_no_content(control: ControlThread) -> None:
    assert get(control, "/musika/play?VALUE") == 204
    assert get(control, "/musika/density?UNIT") == 204


@pytest.mark.parametrize(
    "request_line", [b"POST / HTTP/1.1", b"GET //[ HTTP/1.1", b"rubbish", b"GET", b"\0\0\0\0", b"HEAD / HTTP/1.1"]
)
def test_what_is_no_get_harms_nothing(control: ControlThread, request_line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", control.query_port or 0), timeout=10) as connection:
        connection.sendall(request_line + b"\r\nHost: x\r\n\r\n")
        answer = connection.recv(4096)
    assert answer.startswith((b"HTTP/1.1 4", b"")) and b"200 OK" not in answer
    assert get(control, "/musika/tempo?VALUE") == {"VALUE": [128.0]}


def test_listening_sends_the_value_and_then_every_change(
    control: ControlThread, controller: Controller, instrument: MemoryInstrument
) -> None:
    with (
        connect(f"ws://127.0.0.1:{control.query_port}") as socket_,
        connect(f"ws://127.0.0.1:{control.query_port}/") as other,
    ):
        listen(socket_, "/musika/density")
        assert receive(socket_) == ("/musika/density", [pytest.approx(0.7)])
        listen(other, "/musika/tempo")
        assert receive(other) == ("/musika/tempo", [128.0])
        controller.ask("/musika/key", "Am")
        controller.ask("/musika/density", 0.5)
        assert receive(socket_) == ("/musika/density", [0.5])
        listen(socket_, "/musika/beat")
        listen(socket_, "/musika/density", "IGNORE")
        listen(socket_, "/musika/key")
        assert receive(socket_) == ("/musika/key", ["Am"])
        controller.ask("/musika/density", 0.25)
        instrument.tell("/musika/beat", 4.0)
        assert receive(socket_) == ("/musika/beat", [4.0])


def test_packets_over_the_websocket_are_played_and_answered(
    control: ControlThread, instrument: MemoryInstrument
) -> None:
    with connect(f"ws://127.0.0.1:{control.query_port}") as socket_:
        socket_.send(message("/musika/density", 0.5))
        socket_.send(message("/musika/density"))
        assert receive(socket_) == ("/musika/density", [0.5])
        socket_.send(message("/musika/tempo", 500))
        address, (named, code, _) = receive(socket_)
        assert (address, named, code) == ("/musika/error", "/musika/tempo", "range")
        socket_.send(message("/musika/subscribe", 7000))
        assert "LISTEN" in str(receive(socket_)[1][2])
    assert instrument.moves == [Move.of("density", 0.5)]


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", "7", '{"COMMAND": "LISTEN"}', '{"COMMAND": "SING", "DATA": "/"}', "[" * 5000, b"", b"rubbish"],
)
def test_frames_that_mean_nothing_harm_nothing(control: ControlThread, frame: str | bytes) -> None:
    with connect(f"ws://127.0.0.1:{control.query_port}") as socket_:
        socket_.send(frame)
        socket_.send(json.dumps({"COMMAND": "LISTEN", "DATA": "/musika/nothing"}))
        socket_.send(message("/musika/sync", 7))
        while receive(socket_) != ("/musika/synced", [7]):
            pass


def test_clients_are_told_when_there_are_other_addresses(control: ControlThread, instrument: MemoryInstrument) -> None:
    with connect(f"ws://127.0.0.1:{control.query_port}") as socket_:
        socket_.send(message("/musika/sync", 1))
        assert receive(socket_) == ("/musika/synced", [1])
        instrument.values["/musika/stem/lead/fx/0/mix"] = (0.5,)
        assert json.loads(socket_.recv(timeout=10)) == {"COMMAND": "PATH_CHANGED", "DATA": "/"}
        assert get(control, "/musika/stem/lead/fx/0/mix?VALUE") == {"VALUE": [0.5]}


def test_who_connects_and_says_nothing_does_not_hold_up_the_end(instrument: MemoryInstrument) -> None:
    with ControlThread(instrument, ControlSettings(port=0, announce=False)) as control:
        silent = socket.create_connection(("127.0.0.1", control.query_port or 0), timeout=10)
        get(control, "/musika/tempo")
        began = time.monotonic()
    silent.close()
    assert time.monotonic() - began < 8


def test_web_pages_of_others_may_not_play(control: ControlThread) -> None:
    url = f"ws://127.0.0.1:{control.query_port}"
    with pytest.raises(InvalidStatus) as caught:
        connect(url, origin="https://example.com")  # type: ignore[arg-type]
    assert caught.value.response.status_code == 403
    with connect(url, origin="http://localhost:8080"):  # type: ignore[arg-type]
        pass
