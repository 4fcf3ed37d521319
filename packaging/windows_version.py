"""The version that Windows shows of the program's files."""

from __future__ import annotations

from typing import Any


def version_info(version: str, name: str) -> Any:
    """For `EXE(version=...)`; PyInstaller has these classes on Windows alone."""
    from PyInstaller.utils.win32.versioninfo import (
        FixedFileInfo,
        StringFileInfo,
        StringStruct,
        StringTable,
        VarFileInfo,
        VarStruct,
        VSVersionInfo,
    )

    numbers = tuple(int(part) if part.isdigit() else 0 for part in (*version.split("."), "0", "0", "0")[:4])
    texts = {
        "FileDescription": "Musika DAW: endless techno stems on the grid of your song",
        "FileVersion": version,
        "ProductName": "Musika DAW",
        "ProductVersion": version,
        "OriginalFilename": f"{name}.exe",
        "LegalCopyright": "GPL-3.0-or-later",
    }
    table = StringTable("040904B0", [StringStruct(key, text) for key, text in texts.items()])
    return VSVersionInfo(
        FixedFileInfo(filevers=numbers, prodvers=numbers),
        [StringFileInfo([table]), VarFileInfo([VarStruct("Translation", [1033, 1200])])],
    )
