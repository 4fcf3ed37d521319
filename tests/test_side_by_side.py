"""Workers that share tests let those alone that need it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.support.side_by_side import ALONE, Gate, is_alone

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="locks are those of POSIX")
def test_one_is_alone_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    inside, seen, over = [0], [], threading.Event()

    def many() -> None:
        gate = Gate(tmp_path)
        while not over.is_set():
            with gate.inside(alone=False):
                inside[0] += 1
                time.sleep(0.002)
                inside[0] -= 1

    threads = [threading.Thread(target=many) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        with Gate(tmp_path).inside(alone=True):
            seen.append(inside[0])
            time.sleep(0.005)
            seen.append(inside[0])
    over.set()
    for thread in threads:
        thread.join()
    assert seen == [0] * 10


def test_what_is_alone_is_there() -> None:
    assert all((ROOT / place).exists() for place in ALONE)
    assert is_alone("tests/engine/bus/test_ring.py::test_x[1]") and not is_alone("tests/music/test_line.py::test_x")
