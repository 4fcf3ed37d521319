"""A thread that feeds a sound card goes first, where the system lets it."""

from __future__ import annotations

import os
import sys
import threading

_LOWEST_REAL_TIME = 1  # below every thread of a sound system, above everything that is not sound
_NICE = -10


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
