"""The page in the browser: what is served to whom, and that its OSC is ours."""

import json
import shutil
import struct
import subprocess
import urllib.request
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from musika_daw.control.osc import page
from musika_daw.control.osc.packet import build, parse
from musika_daw.control.osc.query_server import _is_own_page
from musika_daw.control.osc.thread import ControlThread
from musika_daw.controls.move import Move
from tests.support.memory_instrument import MemoryInstrument

FOLDER = Path(page.__file__).parent
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def get(control: ControlThread, path: str, accept: str) -> tuple[str, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{control.query_port}{path}", headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.headers["Content-Type"], response.read()


def test_a_browser_gets_the_page_and_a_program_the_tree(control: ControlThread) -> None:
    kind, body = get(control, "/", BROWSER)
    assert kind.startswith("text/html") and b"<main" in body
    for accept in ("*/*", "application/json"):
        kind, body = get(control, "/", accept)
        assert kind == "application/json" and json.loads(body)["FULL_PATH"] == "/"
    kind, body = get(control, "/?HOST_INFO", BROWSER)
    assert kind == "application/json" and json.loads(body)["NAME"] == "Musika DAW"
    kind, body = get(control, "/musika/tempo", BROWSER)
    assert json.loads(body)["VALUE"] == [128.0]


def test_everything_the_page_asks_for_is_there(control: ControlThread) -> None:
    _, body = get(control, "/", BROWSER)
    for path, kind in (("/page.css", "text/css"), ("/osc.js", "text/javascript"), ("/page.js", "text/javascript")):
        assert path.encode() in body
        served, content = get(control, path, "*/*")
        assert served.startswith(kind) and content == (FOLDER / path[1:]).read_bytes()


def node(script: str, *arguments: str) -> str:
    if not shutil.which("node"):
        pytest.skip("node is not installed (Debian: apt-get install nodejs)")
    command = ["node", "-e", f"const Osc = require({json.dumps(str(FOLDER / 'osc.js'))}); {script}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_what_the_page_sends_is_read_and_what_it_is_told_it_reads() -> None:
    made = json.loads(
        node(
            """
            const sent = [["/a", "f", [0.5]], ["/a", "T", [true]], ["/a", "T", [false]], ["/a", "s", ["Am Café"]],
                          ["/a", "ifs", [-7, 0.25, "x"]], ["/a", "h", [2 ** 40]], ["/abc", "s", ["1234"]]];
            console.log(JSON.stringify(sent.map((each) => [...Osc.write(...each)])));
            """
        )
    )
    read = [parse(bytes(each))[0].messages[0].values for each in made]
    assert read == [(0.5,), (True,), (False,), ("Am Café",), (-7, 0.25, "x"), (2**40,), ("1234",)]
    told = [(), (0.5, 7), ("Am Café", True), (2**40, "1234", False), (-1,)]
    datagrams = json.dumps([list(build("/musika/a", values)) for values in told])
    out = node(
        """
        const all = JSON.parse(process.argv[1]).map((each) => Osc.read(new Uint8Array(each).buffer));
        console.log(JSON.stringify(all));
        """,
        datagrams,
    )
    assert [(each["address"], tuple(each["values"])) for each in json.loads(out)] == [("/musika/a", v) for v in told]


def test_a_slider_of_the_page_moves_what_it_stands_for(control: ControlThread, instrument: MemoryInstrument) -> None:
    origin = f"http://127.0.0.1:{control.query_port}"
    with connect(f"ws://127.0.0.1:{control.query_port}", origin=origin) as socket:  # type: ignore[arg-type]
        socket.send(json.dumps({"COMMAND": "LISTEN", "DATA": "/musika/density"}))
        socket.recv(timeout=10)
        socket.send(build("/musika/density", (0.25,)))
        assert socket.recv(timeout=10) == b"/musika/density\0,f\0\0" + struct.pack(">f", 0.25)
    assert instrument.moves == [Move.of("density", 0.25)]


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://192.168.1.5:7771", "192.168.1.5:7771", True),
        ("http://[fe80::1]:7771", "[fe80::1]:7771", True),
        ("http://192.168.1.5:8080", "192.168.1.5:7771", False),
        ("http://evil.example:7771", "evil.example:7771", False),  # its name may lead here
        ("http://evil.example", "192.168.1.5:7771", False),
        ("null", "192.168.1.5:7771", False),
    ],
)
def test_only_a_page_that_came_from_here_may_play(origin: str, host: str, own: bool) -> None:
    assert _is_own_page(origin, host) is own


def test_a_page_under_a_name_of_others_is_not_let_in(control: ControlThread) -> None:
    with pytest.raises(InvalidStatus) as caught:
        connect(
            f"ws://127.0.0.1:{control.query_port}",
            origin=f"http://evil.example:{control.query_port}",  # type: ignore[arg-type]
            additional_headers={"Host": f"evil.example:{control.query_port}"},
        )
    assert caught.value.response.status_code == 403
