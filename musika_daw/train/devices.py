"""Where a training computes: this processor, an NVIDIA or AMD GPU (cuda), or an Apple GPU (mps).

Apple's GPU has no 64-bit numbers, so no tensor of a training is one; operations that it lacks are done by the processor
(`app.train` asks torch for that). It trains in float32, in one process.
"""

from __future__ import annotations

import torch

from musika_daw.errors import UsageError

CPU, CUDA, MPS = "cpu", "cuda", "mps"
CHOICES = ("auto", CPU, CUDA, MPS)


def available_devices() -> tuple[str, ...]:
    """What there is, the fastest first."""
    there = {CUDA: torch.cuda.is_available(), MPS: torch.backends.mps.is_available(), CPU: True}
    return tuple(name for name, here in there.items() if here)


def choose_device(wanted: str) -> torch.device:
    """The device of a name; `auto` is the fastest that there is.

    Raises:
        UsageError: there is none of that name, or not here.
    """
    there = available_devices()
    if wanted == "auto":
        return torch.device(there[0])
    if wanted not in CHOICES:
        raise UsageError(f"device {wanted!r} is not known: expected {', '.join(CHOICES[:-1])} or {CHOICES[-1]}")
    if wanted not in there:
        raise UsageError(f"device {wanted!r} is not there: expected auto or {' or '.join(there)} on this machine")
    return torch.device(wanted)
