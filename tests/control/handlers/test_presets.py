"""Presets of the user's, deleted and renamed over OSC."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw.control.handlers.presets import DELETE, RENAME, PresetHandler
from musika_daw.controls.move import Move, RefusedError
from musika_daw.engine.presets.preset import Preset
from musika_daw.engine.presets.preset_folder import PRESETS_VARIABLE, save_preset


def test_a_preset_is_renamed_and_deleted_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRESETS_VARIABLE, str(tmp_path))
    save_preset(Preset("mine"))
    handler = PresetHandler()
    handler.apply(Move.of(RENAME, "mine", "yours"))
    told, listed = handler.notices()
    assert told.values == ("preset mine is yours now",) and told.about == RENAME
    assert listed.control == "preset/list" and "yours" in listed.values and "mine" not in listed.values
    handler.apply(Move.of(DELETE, "yours"))
    assert list(tmp_path.iterdir()) == [] and handler.notices()[0].values == ("preset yours is deleted",)
    with pytest.raises(RefusedError, match="night_bus' is a shipped one"):
        handler.apply(Move.of(DELETE, "night_bus"))
    assert handler.notices() == []
