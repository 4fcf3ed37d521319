"""The loop around every training: seeded steps, a log line, validation, pictures, checkpoints, resuming.

A step draws everything random from (seed, step): a run that was killed and started again makes the same losses.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from musika_daw.errors import UsageError
from musika_daw.model.precision import has_fast_bfloat16
from musika_daw.storage.files import append_line
from musika_daw.train.checkpoints import load_checkpoint, save_checkpoint
from musika_daw.train.devices import CPU, CUDA, choose_device
from musika_daw.train.distributed import ALONE, World, launched_processes

WARM_UP_STEPS = 100
CHECKPOINT_SECONDS = 120.0


@dataclass(frozen=True)
class LoopSettings:
    """What every trainer takes from the command line."""

    run: Path = field(metadata={"help": "folder of checkpoints, log and pictures; a run found there goes on"})
    minutes: float = field(default=30.0, metadata={"help": "how long to train, all sessions of the run together"})
    steps: int = field(default=0, metadata={"help": "train this many steps instead of --minutes"})
    seed: int = field(default=0, metadata={"help": "seed of the weights and of every step"})
    device: str = field(default="auto", metadata={"help": "auto (the fastest), cpu, cuda or mps (Apple's GPU)"})
    threads: int = field(default=1, metadata={"help": "CPU threads"})
    validate_every: int = field(default=400, metadata={"help": "steps between two validations"})

    def use_threads(self) -> None:
        """Computes with so many threads from here on: before a task is made, as first weights depend on it in their
        last bits."""
        torch.set_num_threads(self.threads)

    def torch_device(self) -> torch.device:
        """Raises UsageError: it is not there."""
        return choose_device(self.device)


class Task(Protocol):
    """What is trained."""

    modules: Mapping[str, nn.Module]
    optimizers: Mapping[str, torch.optim.Optimizer]
    learning_rate: float

    def step(self, step: int, generator: np.random.Generator) -> dict[str, float]:
        """One optimizer step; returns its losses."""
        ...

    def validate(self, picture: Path) -> dict[str, float]:
        """Figures on held-out music; writes a picture."""
        ...


def autocast(device: torch.device) -> AbstractContextManager[Any]:
    """bfloat16 on NVIDIA's and AMD's GPUs, and on processors that multiply it faster; float32 elsewhere."""
    fast = device.type == CUDA or (device.type == CPU and has_fast_bfloat16())
    return torch.autocast(device.type, torch.bfloat16) if fast else nullcontext()


def learning_rate_at(share: float, step: int) -> float:
    """Factor on the learning rate: a short warm-up, then a cosine down to a twentieth."""
    return min(1.0, (step + 1) / WARM_UP_STEPS) * (0.05 + 0.95 * (0.5 + 0.5 * math.cos(math.pi * min(1.0, share))))


def _format(figures: Mapping[str, float]) -> str:
    return " ".join(f"{name} {value:.4g}" for name, value in figures.items())


def constant_rate(_share: float, _step: int) -> float:
    """The learning rate of the paper: it never changes."""
    return 1.0


def run_loop(
    task: Task,
    settings: LoopSettings,
    schedule: Callable[[float, int], float] = learning_rate_at,
    world: World = ALONE,
) -> dict[str, float]:
    """Train until the steps are done; returns the last validation figures, in the leading process.

    Args:
        schedule: share of the steps that is done, step -> factor on the task's learning rate.
        world: the processes that share the run; they see the same folder.

    Raises:
        UsageError: the task is for one process, and there are more.
    """
    if world.size != launched_processes():
        raise UsageError("this training runs in one process: start it without torchrun")
    settings.use_threads()
    settings.run.mkdir(parents=True, exist_ok=True)
    checkpoint = settings.run / "checkpoint.safetensors"
    step, seconds, total = 0, 0.0, settings.steps
    mean: dict[str, float] = {}
    if checkpoint.exists():
        numbers = load_checkpoint(checkpoint, task.modules, task.optimizers)
        step, seconds, mean = int(numbers["step"]), float(numbers["seconds"]), dict(numbers["losses"])
        total = settings.steps or int(numbers["total"])
        if world.leads:
            print(f"resumed at step {step}", file=sys.stderr, flush=True)
    figures: dict[str, float] = {}
    saved = logged = time.monotonic()

    def save() -> None:
        if not world.leads:
            return
        numbers = {"step": step, "seconds": seconds, "total": total, "losses": mean}
        save_checkpoint(checkpoint, task.modules, task.optimizers, numbers)

    while not total or step < total:
        started = time.monotonic()
        share = step / total if total else 0.0
        for optimizer in task.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = task.learning_rate * schedule(share, step)
        torch.manual_seed(settings.seed * 1_000_003 + step)
        losses = task.step(step, np.random.default_rng([settings.seed, step]))
        step += 1
        for name, value in losses.items():
            mean[name] = value if name not in mean else 0.98 * mean[name] + 0.02 * value
        seconds += time.monotonic() - started
        if not total and step == WARM_UP_STEPS // 2:
            # From here on the plan is in steps, so that resuming changes nothing.
            total = int(world.agreed(max(WARM_UP_STEPS, int(settings.minutes * 60 / (seconds / step)))))
            save()
        now = time.monotonic()
        if world.leads and (now - logged > 20 or step == total):
            left = (total - step) * seconds / step / 60 if total else settings.minutes
            print(f"step {step}/{total} {_format(mean)} left {left:.1f} min", file=sys.stderr, flush=True)
            logged = now
        if world.leads and (step % settings.validate_every == 0 or step == total):
            figures = task.validate(settings.run / "latest.png")
            line = {"step": step, "minutes": round(seconds / 60, 2), **{k: round(v, 5) for k, v in mean.items()}}
            line["validation"] = {k: round(v, 5) for k, v in figures.items()}  # type: ignore[assignment]
            append_line(settings.run / "log.jsonl", json.dumps(line))
            print(f"step {step} validation {_format(figures)}", file=sys.stderr, flush=True)
        if now - saved > CHECKPOINT_SECONDS or step == total:
            save()
            saved = now
    return figures
