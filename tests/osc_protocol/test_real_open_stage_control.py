"""The session in Open Stage Control itself, in a browser, beside a real generator process."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from musika_daw.music.notes import STEMS
from osc_protocol import Client
from osc_protocol.open_stage_control import open_stage_control_session
from tests.osc_protocol.browser import Page, opened
from tests.support.live_process import live

APP = "MUSIKA_OPEN_STAGE_CONTROL"
BROWSER = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
TABS = 40  # height of the bar with the pages

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        APP not in os.environ, reason=f"{APP} does not name the folder of Open Stage Control's node package"
    ),
    pytest.mark.skipif(BROWSER is None or shutil.which("node") is None, reason="there is no Chromium or no node"),
]


@contextmanager
def stage(folder: Path, engine_port: int) -> Iterator[str]:
    """Open Stage Control with our session; its address."""
    (folder / "musika.json").write_text(json.dumps(open_stage_control_session(STEMS)))
    ports = []
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as free:
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
    options = ["--no-gui", "--no-qrcode", "--load", str(folder / "musika.json"), "--cache-dir", str(folder / "cache")]
    options += ["--send", f"127.0.0.1:{engine_port}", "--port", str(ports[0]), "--osc-port", str(ports[1])]
    program = subprocess.Popen(["node", os.environ[APP], *options], stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None
        said = ""
        while re.search(r"Server started", said) is None:
            said = program.stdout.readline()
            assert said, "Open Stage Control ended"
        yield f"http://127.0.0.1:{ports[0]}/"
    finally:
        program.kill()
        program.communicate()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def middle_of(address: str, share: float = 0.5) -> tuple[float, float]:
    """Where a widget of the first page is touched, from its left end."""
    (page, *_) = open_stage_control_session(STEMS)["content"]["tabs"]
    (widget,) = (w for w in page["widgets"] if w["id"] == address)
    return widget["left"] + share * widget["width"], TABS + widget["top"] + widget["height"] / 2


def box(page: Page, address: str) -> str:
    """What is drawn in a widget, as a digest of its pixels."""
    x, y = middle_of(address)
    drawn = f"document.elementFromPoint({x}, {y}).closest('.widget')"
    return str(page.evaluate(f"(() => {{ const c = {drawn}.querySelector('canvas'); return c.toDataURL(); }})()"))


def test_a_moved_fader_moves_the_engine_and_the_engine_the_fader(tiny_model: Path, tmp_path: Path) -> None:
    assert BROWSER is not None
    with (
        live(tmp_path / "project", tiny_model, "--bus", "null", "--headless") as engine,
        Client(port=engine.port) as musika,
        stage(tmp_path, engine.port) as url,
        opened(BROWSER, url, tmp_path / "browser") as page,
    ):
        found = "document.querySelectorAll('.widget').length > 50"
        wait_for(lambda: page.evaluate(found) is True, "the session did not open")
        for address, value in (("/musika/brightness", 0.9), ("/musika/tempo", 171.0)):
            drawn = box(page, address)
            musika.set(address, value)
            wait_for(lambda a=address, d=drawn: box(page, a) != d, f"{address} does not show")  # type: ignore[misc]

        (before,) = musika.query("/musika/density")
        page.drag(middle_of("/musika/density", 0.7), middle_of("/musika/density", 0.4))
        wait_for(lambda: musika.query("/musika/density") != (before,), "the fader moved nothing")
        page.click(middle_of("/musika/morph"))
        wait_for(lambda: musika.query("/musika/morph") != (0.0, 0.0), "the pad moved nothing")
        page.click(middle_of("/musika/quantize", 0.9))
        wait_for(lambda: musika.query("/musika/quantize") == ("phrase",), "the switch moved nothing")
        page.click(middle_of("/musika/play"))
        wait_for(lambda: float(musika.query("/musika/status")[6]) > 0, "it does not play")
