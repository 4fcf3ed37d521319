"""The page with every control, for browsers that ask the OSCQuery port for HTML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_FILES: Mapping[str, tuple[str, str]] = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/osc.js": ("osc.js", "text/javascript; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}


def page_file(path: str, accept: str) -> tuple[bytes, str] | None:
    """Content and its type of a file of the page; None where something else is meant.

    Args:
        path: of the request.
        accept: what the asker wants: `/` is a page for those who want HTML, and JSON for programs.
    """
    if path not in _FILES or (path == "/" and "text/html" not in accept):
        return None
    name, kind = _FILES[path]
    return _content(name), kind


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
