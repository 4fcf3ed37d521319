"""The effects of each stem and of the mix, as the engine tells them: their names, parameters and ranges."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from musika_daw.controls.target import Target, address_of
from musika_daw.panel.controls_model import ControlsModel
from musika_daw.panel.engine_link import EngineLink
from osc_protocol.types import Value

_EFFECTS, _MIX, _BYPASS = "effects", "mix", "bypass"


def parse_effect(text: str) -> tuple[str, dict[str, tuple[float, float]]]:
    """`LowpassFilter; cutoff_frequency_hz 20 20000; bypass 0 1` -> its name, and the range of each parameter."""
    name, *parts = (part.strip() for part in text.split(";"))
    ranges = {}
    for part in parts:
        parameter, _, ends = part.rpartition(" ")[0].partition(" ")
        ranges[parameter] = (float(ends), float(part.rpartition(" ")[2]))
    return name, ranges


class EffectsModel(QObject):
    """Chains by stem, each effect a map: `name`, `bypass`, `parameters` as names of controls.

    Attributes:
        changed: the chain of a stem is another one.
    """

    changed = Signal(str)
    chains_changed = Signal()

    def __init__(self, link: EngineLink, controls: ControlsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link, self._controls = link, controls
        self._chains: dict[str, list[dict[str, Any]]] = {}
        link.received.connect(self._take)
        link.connected_changed.connect(self._ask)
        controls.stems_changed.connect(self._ask)
        controls.stems_changed.connect(self.chains_changed)

    @Property(list, notify=chains_changed)
    def chains(self) -> list[str]:
        """Stems, and the mix, in the order of the mixer."""
        return self._stems()

    @Slot(str, result=list)
    def effects(self, stem: str) -> list[dict[str, Any]]:
        """The chain of a stem, in the order that the sound goes through it."""
        return self._chains.get(stem, [])

    @Slot(str, str)
    def add(self, stem: str, effect: str) -> None:
        """One more behind the others: by its name, or a plug-in by its path."""
        self._link.send(address_of(Target(f"{_EFFECTS}/add", stem)), [effect])

    @Slot(str, int)
    def remove(self, stem: str, place: int) -> None:
        """Takes one away."""
        self._link.send(address_of(Target(f"{_EFFECTS}/remove", stem)), [place])

    @Slot(str, int, int)
    def shift(self, stem: str, place: int, to: int) -> None:
        """Puts one at another place of its chain."""
        if 0 <= to < len(self._chains.get(stem, [])):
            self._link.send(address_of(Target(f"{_EFFECTS}/move", stem)), [place, to])

    def _stems(self) -> list[str]:
        return [*self._controls.stem_names(), _MIX]

    def _ask(self) -> None:
        for stem in self._stems():
            self._link.request(address_of(Target(_EFFECTS, stem)))

    def _take(self, address: str, values: tuple[Value, ...]) -> None:
        if not address.endswith(f"/{_EFFECTS}"):
            return
        stem = address.split("/")[-2]
        chain = [self._effect(stem, place, str(text)) for place, text in enumerate(values)]
        if chain != self._chains.get(stem, []):
            self._chains[stem] = chain
            self.changed.emit(stem)

    def _effect(self, stem: str, place: int, text: str) -> dict[str, Any]:
        name, ranges = parse_effect(text)
        names = {parameter: f"stem/{stem}/fx/{place}/{parameter}" for parameter in ranges}
        for parameter, (low, high) in ranges.items():
            if (item := self._controls.item(names[parameter])) is not None:
                item.set_limits(low, high)
                self._link.request(address_of(item.target))
        bypass = names.pop(_BYPASS, "")
        return {"name": name, "bypass": bypass, "parameters": [{"name": n, "control": c} for n, c in names.items()]}
