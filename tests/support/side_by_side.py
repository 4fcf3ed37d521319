"""Lets a few workers share the tests, and those that need the machine for themselves run alone.

A plug-in of pytest, beside pytest-xdist. Tests that measure real time, or that share what a machine has once (JACK,
MIDI ports, Link and zeroconf on its network), wait until the other workers are between two tests, and these for them.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ALONE = ("tests/engine/bus", "tests/control/clock", "tests/control/midi", "tests/control/osc/test_announce.py")
MAX_WORKERS = 4


class Gate:
    """A lock that many share or one has, fair between processes; its files are in `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._queue, self._room = folder / "queue", folder / "room"

    @contextmanager
    def inside(self, alone: bool) -> Iterator[None]:
        """Is in the room with others, or alone."""
        import fcntl

        with open(self._queue, "w") as queue, open(self._room, "w") as room:
            # Whoever waits for the room keeps the queue, so that others do not slip past.
            fcntl.flock(queue, fcntl.LOCK_EX)
            fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            fcntl.flock(queue, fcntl.LOCK_UN)
            yield


def is_alone(nodeid: str) -> bool:
    """Whether a test needs the machine for itself."""
    return nodeid.startswith(ALONE)


def pytest_configure() -> None:
    """As programs play: one thread for each product of matrices, which decides its last bits."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def _one_thread_for_each_product() -> None:
    """As programs play, whatever a training in this process has chosen before."""
    if (torch := sys.modules.get("torch")) and torch.get_num_threads() != 1:
        torch.set_num_threads(1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Several workers for the whole suite, none for files or tests that were named: those start faster without."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or os.name != "posix":
        return 0
    return min(MAX_WORKERS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Runs a test when the other workers allow it."""
    worker = getattr(item.config, "workerinput", None)
    if worker is None:
        return (yield)
    gate = Gate(Path(tempfile.gettempdir()) / f"musika-daw-tests-{worker['testrunuid']}")
    with gate.inside(is_alone(item.nodeid)):
        return (yield)
