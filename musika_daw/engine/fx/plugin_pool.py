"""Plug-ins of others (VST3, on macOS also Audio Units): loaded on the main thread, used on any."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pedalboard._pedalboard import load_plugin as load_any

from musika_daw.engine.fx.catalogue import BYPASS, BYPASSED, EFFECTS, PLUGIN, FxSpec, Parameter
from musika_daw.engine.fx.mono_pair import MonoPair
from musika_daw.engine.fx.native import BLOCK
from musika_daw.engine.fx.plugin_names import named_parameters
from musika_daw.engine.fx.plugin_parameter import as_parameter
from musika_daw.engine.fx.trial import try_plugin
from musika_daw.errors import UserError
from musika_daw.paths import user_path

Tell = Callable[[str], None]
"""Takes one line for the musician; may be called from any thread."""

_MAX_LATE_BLOCKS = 100

_log = logging.getLogger(__name__)


@dataclass
class Loaded:
    """A plug-in that is ready to run.

    Attributes:
        name: as the plug-in calls itself.
        latency: samples by which it is late.
        parameters: by the names that presets use; without a bypass of its own, as every effect has ours.
    """

    name: str
    plugin: Any
    latency: int
    parameters: Mapping[str, Any] = field(default_factory=dict)


class PluginPool:
    """Loads plug-ins before they are needed: pedalboard can do so on the main thread only, and it may take seconds.

    `load` is called on the main thread, before chains are built or swapped; `take` and `retire` may be called from
    any thread.
    """

    def __init__(self, sample_rate: int = 44100, tell: Tell = _log.warning, *, trial: bool = True) -> None:
        """`trial`: a plug-in is tried in a process of its own before it is loaded."""
        self._rate, self._tell, self._trial = sample_rate, tell, trial
        self._lock = threading.Lock()
        self._ready: dict[tuple[str, str], list[Loaded]] = {}
        self._retired: list[Loaded] = []
        self._known: dict[tuple[str, str], Mapping[str, Parameter]] = {}

    @property
    def tell(self) -> Tell:
        return self._tell

    def load(self, fx: Mapping[str, Sequence[FxSpec]]) -> None:
        """Gets a plug-in ready for every entry of these chains; what fails is told and will be bypassed.

        Raises:
            UserError: not on the main thread.
        """
        if threading.current_thread() is not threading.main_thread():
            raise UserError("plug-ins can be loaded on the main thread only")
        with self._lock:
            self._retired.clear()  # they have to be closed on the main thread, too
        for spec in (spec for chain in fx.values() for spec in chain if spec.type == PLUGIN):
            try:
                loaded = load_plugin(spec, self._rate, trial=self._trial)
            except UserError as error:
                self._tell(f"{error}; it is bypassed")
                continue
            with self._lock:
                self._ready.setdefault((spec.path, spec.plugin), []).append(loaded)
                known = {name: as_parameter(parameter) for name, parameter in loaded.parameters.items()}
                self._known[spec.path, spec.plugin] = {**known, BYPASS: BYPASSED}

    def catalogue(self, spec: FxSpec) -> Mapping[str, Parameter]:
        """What can be set on an effect, and how far; nothing for a plug-in that was not loaded."""
        if spec.type != PLUGIN:
            return EFFECTS[spec.type]
        with self._lock:
            return self._known.get((spec.path, spec.plugin), {})

    def take(self, spec: FxSpec) -> Loaded | None:
        """A plug-in for one chain; None if it could not be loaded. On the main thread it is loaded now if need be."""
        with self._lock:
            ready = self._ready.get((spec.path, spec.plugin))
            if ready:
                return ready.pop()
        if threading.current_thread() is not threading.main_thread():
            self._tell(f"plug-in {spec.path} is not loaded; it is bypassed")
            return None
        self.load({"": [spec]})
        with self._lock:
            ready = self._ready.get((spec.path, spec.plugin))
            return ready.pop() if ready else None

    def retire(self, loaded: Loaded) -> None:
        """Takes back a plug-in that is not used any more, until the main thread comes by."""
        with self._lock:
            self._retired.append(loaded)


def load_plugin(spec: FxSpec, sample_rate: int, *, trial: bool = True) -> Loaded:
    """Loads and primes a plug-in, one that has one channel twice; main thread only.

    Raises:
        UserError: one line that names the file.
    """
    path = user_path(spec.path)
    if not path.exists():
        raise UserError(f"plug-in {path} does not exist")
    if trial:
        try_plugin(spec, path, sample_rate)
    plugin = _instance(spec, path)
    try:
        return primed_plugin(plugin, sample_rate, plugin.name, named_parameters(plugin))
    except Exception as error:
        first = error
    try:
        pair = MonoPair(plugin, _instance(spec, path))
        return primed_plugin(pair, sample_rate, plugin.name, pair.parameters)
    except Exception:
        raise UserError(f"plug-in {path} does not run: {_one_line(first)}") from first


def _instance(spec: FxSpec, path: Path) -> Any:
    try:
        plugin: Any = load_any(str(path), plugin_name=spec.plugin or None)
    except Exception as error:  # whatever a library of others raises
        raise UserError(f"plug-in {path} cannot be loaded: {_one_line(error)}") from error
    if spec.plugin and plugin.name != spec.plugin:  # pedalboard takes any name for the only one in a file
        raise UserError(f"plug-in {path} holds no {spec.plugin!r}; expected {plugin.name!r}")
    if not plugin.is_effect:
        raise UserError(f"plug-in {path} is an instrument; expected an effect")
    return plugin


def primed_plugin(plugin: Any, sample_rate: int, name: str, parameters: Mapping[str, Any]) -> Loaded:
    """Runs a plug-in once, so that it keeps its tails over blocks of any size, and learns how late it is.

    pedalboard's wrappers say so by giving fewer samples at first, plug-ins of others by a number.
    """
    silence, missing = np.zeros((2, BLOCK), np.float32), 0
    for _ in range(_MAX_LATE_BLOCKS):
        out = plugin.process(silence, sample_rate, buffer_size=BLOCK, reset=False)
        missing += BLOCK - out.shape[1]
        if out.shape[1]:
            return Loaded(name, plugin, max(missing, latency_of(plugin) or 0), parameters)
    raise ValueError(f"nothing comes out of it in {_MAX_LATE_BLOCKS * BLOCK} samples")


def latency_of(plugin: Any) -> int | None:
    """What a plug-in says of its latency now, in samples; None for effects that say nothing of it."""
    reported = getattr(plugin, "reported_latency_samples", None)
    return None if reported is None else int(reported)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
