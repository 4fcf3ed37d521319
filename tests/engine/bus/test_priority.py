"""Which threads go first."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from musika_daw.engine.bus.priority import prefer_this_thread


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for its scheduling")
def test_the_thread_that_asks_goes_first_and_no_other() -> None:
    seen: dict[str, int] = {}

    def ask() -> None:
        before = os.sched_getscheduler(0)
        got = prefer_this_thread()
        seen["asked"] = os.sched_getscheduler(0)
        expected = os.SCHED_FIFO if got == "real time" else before
        assert seen["asked"] & ~os.SCHED_RESET_ON_FORK == expected
        child = threading.Thread(target=lambda: seen.update(child=os.sched_getscheduler(0)))
        child.start()
        child.join()

    before = os.sched_getscheduler(0)
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert seen["child"] == before == os.sched_getscheduler(0)
