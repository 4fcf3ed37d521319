"""Names for the parameters of a plug-in: every one of them has one, and no two have the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pedalboard._pedalboard import AudioProcessorParameter, to_python_parameter_name

from musika_daw.engine.fx.catalogue import BYPASS
from musika_daw.engine.fx.plugin_parameter import as_parameter


class IndexedParameter:
    """A parameter that shares its name with another: pedalboard finds the first one only. Raw values, 0 to 1."""

    type = None
    units = ""

    def __init__(self, plugin: Any, index: int) -> None:
        self._plugin, self._index = plugin, index

    @property
    def raw_value(self) -> float:
        return float(self._plugin._parameters[self._index].raw_value)

    @raw_value.setter
    def raw_value(self, value: float) -> None:
        self._plugin._parameters[self._index].raw_value = value


def named_parameters(plugin: Any) -> Mapping[str, Any]:
    """The parameters by the names that presets use: `attack`, and `attack_2` for the next one of that name.

    Left out are a bypass of its own, as every effect has ours, and what does not say how it stands.
    """
    known = plugin.parameters
    own = list(getattr(plugin, "_parameters", ()))
    names = [to_python_parameter_name(parameter) or "" for parameter in own]
    if len(set(names) & set(known)) == len([name for name in names if name in known]):
        return {name: parameter for name, parameter in known.items() if name != BYPASS and _stands(parameter)}
    titles = Counter(parameter.name for parameter in own)
    seen: Counter[str] = Counter()
    titled: set[str] = set()
    found: dict[str, Any] = {}
    for index, (name, title) in enumerate(zip(names, [parameter.name for parameter in own], strict=True)):
        if name not in known or name == BYPASS:
            continue
        seen[name] += 1
        while seen[name] > 1 and f"{name}_{seen[name]}" in known:
            seen[name] += 1
        first = titles[title] == 1 or title not in titled
        titled.add(title)
        parameter = AudioProcessorParameter(plugin, title) if first else IndexedParameter(plugin, index)
        if _stands(parameter):
            found[name if seen[name] == 1 else f"{name}_{seen[name]}"] = parameter
    return found


def _stands(parameter: Any) -> bool:
    try:
        as_parameter(parameter)
    except Exception:  # whatever a library of others raises
        return False
    return True
