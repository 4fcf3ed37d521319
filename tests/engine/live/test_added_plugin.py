"""A plug-in of others is added while a real process plays, by its path, and moved like any effect."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from musika_daw.engine.fx import plugin_folders
from musika_daw.engine.fx.trial import TRIED_VARIABLE
from osc_protocol import Client, Value
from tests.support.live_process import live, wait_until
from tests.support.vst3 import build_vst3

SOURCE = Path(__file__).parents[1] / "fx" / "late_gain" / "late_gain.cpp"
EFFECTS = "/musika/stem/bass/effects"


@pytest.mark.slow
def test_it_is_loaded_told_and_moved(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRIED_VARIABLE, str(tmp_path / "tried"))
    plugin = build_vst3(SOURCE, tmp_path)
    with live(tmp_path, tiny_model, "--bus", "null", "--play") as process, Client(port=process.port) as musika:
        told: list[tuple[Value, ...]] = []
        musika.subscribe(lambda address, values: told.append(values) if address == EFFECTS else None)
        before = musika.query(EFFECTS)
        musika.set(f"{EFFECTS}/add", plugin)
        musika.sync()
        wait_until(lambda: any("bypass" in str(values[-1]) for values in told if len(values) > len(before)))
        place = len(before)
        musika.set(f"/musika/stem/bass/fx/{place}/bypass", 1.0)
        musika.sync()
        assert musika.query(f"/musika/stem/bass/fx/{place}/bypass") == (1.0,)
        musika.set(f"{EFFECTS}/remove", place)
        musika.sync()
        assert musika.query(EFFECTS) == before


@pytest.mark.skipif(os.name != "posix", reason="the folders of other systems are theirs")
def test_plug_ins_are_found_by_name_in_folders_of_makers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Zebra.vst3", "maker/apple.vst3", "maker/readme.txt", "a/b/c/d/e/too_deep.vst3"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(plugin_folders, "_folders", lambda: iter([tmp_path, tmp_path / "not there"]))
    assert [Path(path).name for path in plugin_folders.plugin_paths()] == ["apple.vst3", "Zebra.vst3"]
