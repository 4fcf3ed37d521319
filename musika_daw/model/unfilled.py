"""Networks that are about to get their weights from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from torch import Tensor
from torch.overrides import TorchFunctionMode


class Unfilled(TorchFunctionMode):
    """Within it, weights are not filled with random numbers, which takes longer than reading the file.

    Building on the `meta` device would do so too, but has torch import its symbolic shapes, which takes longer still.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        if func is Tensor.uniform_ or func is Tensor.normal_:
            return args[0]
        return func(*args, **(kwargs or {}))
