"""Many seeds, one after the other, and how long the slowest takes.

MUSIKA_FUZZ: how many mutations of a kind are tried in place of a few.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

SLOWEST_SECONDS = 1.0


def fuzzing(what: str, few: int, share: float = 1.0) -> Iterator[int]:
    """Seeds from 0 on; prints what was tried in the end.

    Args:
        few: how many, unless MUSIKA_FUZZ says otherwise.
        share: of MUSIKA_FUZZ: some kinds take longer than others.

    Raises:
        AssertionError: one took longer than a second, of the processor's time: what else runs does not count.
    """
    wanted = os.environ.get("MUSIKA_FUZZ")
    count = few if wanted is None else max(few, round(int(wanted) * share))
    slowest, worst = 0.0, 0
    for seed in range(count):
        began = time.thread_time()
        yield seed
        took = time.thread_time() - began
        if took > slowest:
            slowest, worst = took, seed
        assert took < SLOWEST_SECONDS, f"{what}: seed {seed} took {took:.2f} s"
    print(f"\n{what}: {count} tried, the slowest (seed {worst}) in {slowest * 1000:.0f} ms")
