"""A thread that feeds a sound card goes first, where the system lets it; one whose work has time goes last."""

from __future__ import annotations

import os
import sys
import threading

_LOWEST_REAL_TIME = 1  # below every thread of a sound system, above everything that is not sound
_NICE = -16  # before the rest of a process that plays
_BEHIND = 10  # on the nice scale: a tenth of the others' share of a busy processor


def prefer_this_thread() -> str:
    """Raises the calling thread's priority for the rest of its life; threads that it starts do not inherit it.

    On Linux: real time where that is permitted (as it is to users of JACK), else a lower nice value. Elsewhere the
    system knows threads that wait for audio by itself.

    Returns:
        What it got: `real time`, `raised` or `normal`.
    """
    if sys.platform != "linux":
        return "normal"
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(_LOWEST_REAL_TIME))
    except OSError:
        pass
    else:
        return "real time"
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
    except OSError:
        return "normal"
    return "raised"


def defer_this_thread() -> None:
    """Lowers the calling thread's priority against the rest of its process, on Linux, for the rest of its life."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _BEHIND)
