"""A headless Chromium, driven over its debugging protocol."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect


class Page:
    """One page of the browser."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._number = connection, 0

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        return self._do("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Presses the mouse button at one place and lets go of it at another."""
        self._mouse("mousePressed", start)
        for step in range(1, 11):
            self._mouse("mouseMoved", tuple(a + (b - a) * step / 10 for a, b in zip(start, end, strict=True)))
        self._mouse("mouseReleased", end)

    def click(self, at: tuple[float, float]) -> None:
        self._mouse("mousePressed", at)
        self._mouse("mouseReleased", at)

    def _mouse(self, kind: str, at: tuple[float, ...]) -> None:
        where = {"x": at[0], "y": at[1], "button": "left", "buttons": 1, "clickCount": 1}
        self._do("Input.dispatchMouseEvent", type=kind, **where)

    def _do(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        self._connection.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._connection.recv(timeout=30))
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]


@contextmanager
def opened(program: str, url: str, folder: Path, size: tuple[int, int] = (1280, 760)) -> Iterator[Page]:
    """A page in a browser of its own, whose files go into a folder."""
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    options += [f"--user-data-dir={folder}", f"--window-size={size[0]},{size[1]}", "about:blank"]
    browser = subprocess.Popen([program, *options], stderr=subprocess.PIPE, text=True)
    try:
        assert browser.stderr is not None
        said = ""
        while (found := re.search(r"listening on ws://(127\.0\.0\.1:\d+)/", said)) is None:
            said = browser.stderr.readline()
            assert said, "the browser ended"
        request = urllib.request.Request(f"http://{found[1]}/json/new?{url}", method="PUT")
        with urllib.request.urlopen(request, timeout=30) as answer:
            address = json.load(answer)["webSocketDebuggerUrl"]
        with connect(address, max_size=None) as connection:
            yield Page(connection)
    finally:
        browser.kill()
        browser.communicate()
