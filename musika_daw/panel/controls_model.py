"""All controls that the engine has: by address for the front, as a list for the page of everything."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Property, QAbstractListModel, QByteArray, QModelIndex, QObject, Qt, QTimer, Signal, Slot

from musika_daw.controls import book
from musika_daw.controls.colours import STEM_COLOURS
from musika_daw.controls.control import Control, PerStem, Scope, Surface
from musika_daw.controls.target import Target, address_of, target_of
from musika_daw.panel.control_item import ControlItem
from musika_daw.panel.engine_link import EngineLink
from osc_protocol.types import Value

_ITEM_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_GROUP_ROLE = _ITEM_ROLE + 1
_STEMS_MS = 300  # in which an engine that is found has told all its stems
_SCOPES = (Scope.SONG, Scope.TRANSPORT, Scope.MIX, Scope.SETUP, Scope.TAKE)


class ControlsModel(QAbstractListModel):
    """Rows of the book that OSC has. Stems and effects are those that the engine tells of: its model decides."""

    stems_changed = Signal()

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._items: dict[str, ControlItem] = {}
        self._order: list[ControlItem] = []
        self._stems = [stem for stem in STEM_COLOURS if stem != "mix"]  # until the engine tells its own
        self._heard: list[str] = []
        self._told = False
        for control in book.CONTROLS:
            if control.on(Surface.OSC) and control.per_stem is not PerStem.ONLY:
                self._add(control, Target(control.name))
        link.received.connect(self._take)

    @Property(list, notify=stems_changed)
    def stems(self) -> list[str]:
        """The engine's stems, in the order of the mixer."""
        return self._stems

    def stem_names(self) -> tuple[str, ...]:
        """The same, for Python."""
        return tuple(self._stems)

    @Slot(str, result=QObject)
    def item(self, name: str) -> ControlItem | None:
        """A control by its address without the root, e.g. `density`, `stem/bass/gain`; made if the book has it."""
        target = target_of(f"/musika/{name}")
        address = address_of(target)
        if address not in self._items and (control := book.find(target.control)) is not None:
            self._add(control, target)
        return self._items.get(address)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # type: ignore[override]  # noqa: B008, N802
        """How many controls there are."""
        return 0 if parent.isValid() else len(self._order)

    def data(self, index: QModelIndex, role: int = _ITEM_ROLE) -> Any:  # type: ignore[override]
        """The control, or the heading that it is under."""
        if not index.isValid():
            return None
        item = self._order[index.row()]
        return {_ITEM_ROLE: item, _GROUP_ROLE: item.group}.get(role)

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802  Qt's name
        """Names of the roles in QML."""
        return {_ITEM_ROLE: QByteArray(b"item"), _GROUP_ROLE: QByteArray(b"group")}

    def _take(self, address: str, values: tuple[Value, ...]) -> None:
        target = target_of(address)
        control = book.find(target.control)
        if control is None or not control.on(Surface.OSC) or not values:
            return
        if address not in self._items:
            self._add(control, target)
        if target.stem is not None and control.name == "gain":
            self._take_stem(target.stem)
        self._items[address].heard(values)

    def _take_stem(self, stem: str) -> None:
        """The engine tells its stems in order, one by one."""
        if not self._told:
            self._told = True
            QTimer.singleShot(_STEMS_MS, self, self._forget_others)
        if stem not in self._heard:
            self._heard.append(stem)
        if stem not in self._stems:
            self._stems = [*self._stems, stem]
            self.stems_changed.emit()

    def _forget_others(self) -> None:
        """Those that the window began with and this engine does not have."""
        if self._heard != self._stems:
            self._stems = list(self._heard)
            self.stems_changed.emit()

    def _add(self, control: Control, target: Target) -> None:
        item = ControlItem(control, target, self._link.send, self)
        self._items[address_of(item.target)] = item
        place = next((i for i, other in enumerate(self._order) if _key(other) > _key(item)), len(self._order))
        self.beginInsertRows(QModelIndex(), place, place)
        self._order.insert(place, item)
        self.endInsertRows()


def _key(item: ControlItem) -> tuple[int, str, int]:
    """Order of the list: what makes the music, then how it plays, the stems, and this machine's side of it."""
    if item.target.stem is not None:
        return len(_SCOPES), item.target.stem, item.control.id
    return _SCOPES.index(item.control.scope), "", item.control.id
