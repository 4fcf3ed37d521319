"""Calls into a sound system that may never return."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")


def call_with_timeout(
    seconds: float, call: Callable[[], _Result], too_late: Callable[[_Result], None] | None = None
) -> _Result:
    """What `call` returns or raises.

    Args:
        too_late: gets the result if it comes after all, for what has to be given back.

    Raises:
        TimeoutError: it takes longer; it goes on in a thread of its own, which does not keep the process alive.
    """
    results: list[_Result] = []
    errors: list[BaseException] = []
    lock, given_up = threading.Lock(), threading.Event()

    def run() -> None:
        try:
            result = call()
        except BaseException as error:
            errors.append(error)
            return
        with lock:
            results.append(result)
            late = given_up.is_set()
        if late and too_late is not None:
            too_late(result)

    thread = threading.Thread(target=run, name="musika-timeout", daemon=True)
    thread.start()
    thread.join(seconds)
    with lock:
        if not results and not errors:
            given_up.set()
            raise TimeoutError
    if errors:
        raise errors[0]
    return results[0]
