"""What C libraries print, kept off the terminal, where what we print ourselves still appears."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ONE_AT_A_TIME = threading.Lock()  # the process has one descriptor 2, whoever silences it


@contextmanager
def own_stderr() -> Iterator[None]:
    """Gives `sys.stderr` a descriptor of its own, so that silencing descriptor 2 silences libraries alone."""
    shared = sys.stderr
    try:
        descriptor = os.dup(shared.fileno())
    except (AttributeError, OSError, ValueError):  # a program without a terminal, or something that listens in memory
        yield
        return
    with open(descriptor, "w", buffering=1, encoding=shared.encoding, errors=shared.errors) as own:
        sys.stderr = own
        try:
            yield
        finally:
            sys.stderr = shared


@contextmanager
def libraries_silent() -> Iterator[None]:
    """Lets nothing reach descriptor 2: without a server the JACK library says in many lines what we say in one."""
    with _ONE_AT_A_TIME:
        kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nothing)
