"""Training and encoding in several processes, on one machine or many (`torchrun`).

A batch belongs to all processes together: everything random is drawn for the whole of it, and each process takes its
rows. So a run makes the same losses however many processes share it, to the rounding of sums.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from musika_daw.errors import UsageError

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class World:
    """The processes that work on one run, and which of them this is.

    Attributes:
        rank: 0 leads: it alone writes the log, validates and saves.
    """

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def share(self, items: Sequence[_Item]) -> Sequence[_Item]:
        """This process's part of a list of tasks."""
        return items[self.rank :: self.size]

    def rows(self, batch: int) -> slice:
        """This process's rows of a batch.

        Raises:
            UsageError: it cannot be shared evenly.
        """
        if batch % self.size:
            raise UsageError(f"batch {batch} cannot be shared by {self.size} processes: expected a multiple of that")
        own = batch // self.size
        return slice(self.rank * own, (self.rank + 1) * own)

    def mean(self, figures: Mapping[str, float]) -> dict[str, float]:
        """Figures averaged over all processes; every one of them must call this."""
        if self.size == 1:
            return dict(figures)
        values = torch.tensor(list(figures.values()), dtype=torch.float64, device=_device())
        dist.all_reduce(values)
        return dict(zip(figures, (values / self.size).tolist(), strict=True))

    def agreed(self, value: float) -> float:
        """The leading process's value."""
        if self.size == 1:
            return value
        number = torch.tensor(value, dtype=torch.float64, device=_device())
        dist.broadcast(number, 0)
        return float(number)

    def wait(self) -> None:
        """Until all processes are here."""
        if self.size > 1:
            dist.barrier()

    def parallel(self, network: nn.Module) -> nn.Module:
        """A network whose gradients `backward` averages over all processes. Its weights are those of `network`."""
        if self.size == 1:
            return network
        share_batch_norms(network)
        # A step that trains magnitudes alone leaves the phase's branch without gradients.
        return DistributedDataParallel(network, forward_sync_buffers=False, find_unused_parameters=True)


ALONE = World()


def _device() -> torch.device:
    return torch.device("cuda" if dist.get_backend() == "nccl" else "cpu")


def launched_processes() -> int:
    """How many processes `torchrun` has started for this run; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1"))


@contextmanager
def join_world(device: torch.device) -> Iterator[World]:
    """Join the other processes that `torchrun` has started: over NCCL on GPUs, one each, over gloo on CPUs.

    Raises:
        UsageError: there are several processes, and Apple's GPU is to train.
    """
    if launched_processes() == 1:
        yield ALONE
        return
    if device.type == "mps":
        raise UsageError("Apple's GPU trains in one process: start it without torchrun, or take --device cpu")
    if device.type == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield World(dist.get_rank(), dist.get_world_size())
    finally:
        dist.destroy_process_group()


class _SumOfAll(torch.autograd.Function):
    """A sum over all processes that gradients flow back through."""

    @staticmethod
    def forward(_context: object, x: Tensor) -> Tensor:
        total = x.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(_context: object, slope: Tensor) -> Tensor:
        total = slope.clone()
        dist.all_reduce(total)
        return total


class SharedBatchNorm(nn.BatchNorm1d):
    """A batch norm over the rows of all processes; torch's own (`SyncBatchNorm`) works on GPUs only."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        assert self.momentum is not None and self.running_mean is not None and self.running_var is not None
        total = _sum_of_all
        count = x.shape[0] * x.shape[2] * dist.get_world_size()
        # Under autocast x has half the bits: too few for statistics.
        whole = x.to(self.running_mean.dtype)
        mean = total(whole.sum((0, 2))) / count
        centred = whole - mean[:, None]
        variance = total(centred.square().sum((0, 2))) / count
        with torch.no_grad():
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * (count / (count - 1)), self.momentum)
            assert self.num_batches_tracked is not None
            self.num_batches_tracked += 1
        scaled = centred * (self.weight * torch.rsqrt(variance + self.eps))[:, None] + self.bias[:, None]
        return scaled.to(x.dtype)


_sum_of_all: Callable[[Tensor], Tensor] = _SumOfAll.apply


def share_batch_norms(network: nn.Module) -> None:
    """Turn every batch norm of a network into a shared one, in place, weights and all."""
    for module in network.modules():
        if type(module) is nn.BatchNorm1d:
            module.__class__ = SharedBatchNorm
