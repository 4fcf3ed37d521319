"""Fails the last test of a module that leaves a thread running or a file open. A plug-in of pytest."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

_GRACE_SECONDS = 5.0  # for what ends by itself
_OWN_FILES = Path("/proc/self/fd")
# Of libraries (their fonts, too), for as long as the process lives.
_LASTING_THREADS = ("execnet", "pytest", "asyncio_waitpid")
_LASTING_FILES = ("/dev/", "/proc/", "anon_inode:", "/memfd:", os.fspath(Path(pytest.__file__).parents[1]))


def open_files() -> dict[str, str]:
    """What this process has open, by number; empty where the system does not say."""
    found = {}
    for link in _OWN_FILES.iterdir() if _OWN_FILES.exists() else ():
        try:
            target = str(link.readlink())
        except OSError:  # the listing's own
            continue
        if not target.startswith(_LASTING_FILES):
            found[link.name] = target
    return found


def threads() -> dict[int, str]:
    """Names of Python's threads by identity."""
    return {
        thread.ident or 0: thread.name
        for thread in threading.enumerate()
        if thread is not threading.main_thread() and not thread.name.startswith(_LASTING_THREADS)
    }


def _left(files: dict[str, str], running: dict[int, str]) -> list[str]:
    now = open_files()
    left = [f"file {target}" for number, target in now.items() if files.get(number) != target]
    return left + [f"thread {name}" for ident, name in threads().items() if ident not in running]


def pytest_configure() -> None:
    """Starts what `multiprocessing` starts once and keeps."""
    if os.name == "posix":
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left() -> Iterator[None]:
    files, running = open_files(), threads()
    yield
    if sharer := sys.modules.get("multiprocessing.resource_sharer"):
        sharer.stop(timeout=_GRACE_SECONDS)  # a thread of its own for what processes are sent
    deadline = time.monotonic() + _GRACE_SECONDS
    while left := _left(files, running):
        gc.collect()
        if time.monotonic() > deadline:
            pytest.fail(f"left by this module: {', '.join(left)}", pytrace=False)
        time.sleep(0.05)
