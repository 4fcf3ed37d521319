"""Compiles what is C into a wheel, where there is a compiler; an installation without it does so on first use."""

from __future__ import annotations

import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NativeParts(BuildHookInterface[Any]):
    """Adds shared libraries beside their sources. They know nothing of Python: the wheel fits any version of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from musika_daw.engine.bus.native_ring import RING
        from musika_daw.errors import UserError
        from musika_daw.model.native import PART

        self._folder = tempfile.TemporaryDirectory()
        for part in (PART, *([RING] if sys.platform.startswith("linux") else [])):
            library = Path(self._folder.name) / part.file_name
            try:
                part.compile(library)
            except UserError as error:
                self.app.display_warning(f"left to the first use: {error}")
                continue
            build_data["force_include"][str(library)] = str(part.beside.relative_to(self.root))
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()
