"""The takes of a project folder: found, heard, dragged out, thrown away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    Property,
    QAbstractListModel,
    QByteArray,
    QDir,
    QFile,
    QFileSystemWatcher,
    QModelIndex,
    QObject,
    QStandardPaths,
    Qt,
    QTimer,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import QDesktopServices

_SETTLE_MS = 300  # several changes of a folder are looked at once
_MAX_BYTES = 4_000_000  # of a take.json


@dataclass(frozen=True)
class TakeRow:
    """What the list shows of a take.

    Attributes:
        files: stem -> its audio; the mix last.
        notes: stem -> its MIDI file, where there is one.
        unfinished: whether the program ended while it was recorded.
    """

    name: str
    folder: Path
    bpm: str
    key: str
    length: str
    files: dict[str, Path]
    notes: dict[str, Path]
    unfinished: bool = False


def read_take(folder: Path) -> TakeRow | None:
    """A finished take; None for a folder that is none, or whose `take.json` says nothing that can be read."""
    path = folder / "take.json"
    try:
        if path.stat().st_size > _MAX_BYTES:
            return None
        facts = json.loads(path.read_text(encoding="utf-8"))
        seconds = float(facts["length_samples"]) / float(facts["sample_rate"])
        bpm = float(facts["tempo_map"]["points"][0][1])
        files = {str(name): folder / str(file) for name, file in facts["files"].items()}
        notes = {name: midi for name in files if (midi := folder / f"{name}.mid").is_file()}
        key = str(facts.get("key") or "")
        minutes = f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
        return TakeRow(folder.name, folder, f"{bpm:g}", key, minutes, files, notes, facts.get("unfinished") is True)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, ZeroDivisionError):
        return None


class TakesModel(QAbstractListModel):
    """Newest first; the folder is watched, so that a take appears when it is whole."""

    count_changed = Signal()

    def __init__(self, takes: Path, parent: QObject | None = None) -> None:
        """`takes`: folder of the project's takes; it may not be there yet."""
        super().__init__(parent)
        self._folder = takes
        self._rows: list[TakeRow] = []
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self.refresh)
        self._watcher.directoryChanged.connect(lambda _path: self._settle.start())
        self.refresh()

    @Property(int, notify=count_changed)
    def count(self) -> int:
        """How many takes there are."""
        return len(self._rows)

    def show_folder(self, takes: Path) -> None:
        """Shows the takes of another folder."""
        if takes != self._folder:
            self._folder = takes
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Reads the folder again."""
        watched = next((p for p in (self._folder, *self._folder.parents) if p.is_dir()), None)
        if watched is not None and str(watched) not in self._watcher.directories():
            if self._watcher.directories():
                self._watcher.removePaths(self._watcher.directories())
            self._watcher.addPath(str(watched))
        rows = self._read()
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            self.count_changed.emit()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # type: ignore[override]  # noqa: B008, N802
        """How many takes there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex, role: int = 0) -> Any:  # type: ignore[override]
        """A field of a take, by the number of its role."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        names = [name for name in row.files if name != "mix" or len(row.files) == 1]
        return {
            "name": row.name,
            "bpm": row.bpm,
            "key": row.key,
            "length": row.length,
            "stems": names,
            "unfinished": row.unfinished,
            "mix": QUrl.fromLocalFile(str(row.files["mix"])).toString() if "mix" in row.files else "",
        }.get(_ROLES.get(role, ""))

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802  Qt's name
        """Names of the roles in QML."""
        return {role: QByteArray(name.encode()) for role, name in _ROLES.items()}

    @Slot(int, str, result=str)
    def audio(self, row: int, stem: str) -> str:
        """URL of a stem's audio, for a drag; `all` gives those of all stems, a line each."""
        files = self._rows[row].files
        wanted = [files[stem]] if stem in files else [path for name, path in files.items() if name != "mix"]
        return "\r\n".join(QUrl.fromLocalFile(str(path)).toString() for path in wanted if path.is_file())

    @Slot(int, str, result=str)
    def midi(self, row: int, stem: str) -> str:
        """URL of a stem's MIDI file; empty where there is none."""
        path = self._rows[row].notes.get(stem)
        return "" if path is None else QUrl.fromLocalFile(str(path)).toString()

    @Slot(int)
    def reveal(self, row: int) -> None:
        """Shows the take in the file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._rows[row].folder)))

    @Slot(int, result=bool)
    def throw_away(self, row: int) -> bool:
        """Moves the take to the wastebasket; False where the system has none."""
        # Qt makes the wastebasket of a new user, but not the folder that it belongs in.
        QDir().mkpath(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation))
        moved = QFile.moveToTrash(str(self._rows[row].folder))
        self.refresh()
        return bool(moved[0] if isinstance(moved, tuple) else moved)

    def _read(self) -> list[TakeRow]:
        try:
            folders = [path for path in self._folder.iterdir() if path.is_dir() and not path.is_symlink()]
        except OSError:
            return []
        found = [(folder.stat().st_mtime, row) for folder in folders if (row := read_take(folder)) is not None]
        return [row for _, row in sorted(found, key=lambda pair: pair[0], reverse=True)]


_ROLES = {
    int(Qt.ItemDataRole.UserRole) + place: name
    for place, name in enumerate(("name", "bpm", "key", "length", "stems", "mix", "unfinished"), 1)
}
