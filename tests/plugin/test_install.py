"""Where the plug-in goes, and how it finds its engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw import __version__
from musika_daw.errors import UserError
from musika_daw.plugin.build import BUNDLES
from musika_daw.plugin.install import engine_words, install, plugin_folders, write_engine_file


def make_bundles(folder: Path, content: str) -> None:
    (folder / BUNDLES[0] / "Contents").mkdir(parents=True)
    (folder / BUNDLES[0] / "Contents" / "part").write_text(content)
    (folder / BUNDLES[1]).write_text(content)
    (folder / BUNDLES[2]).mkdir()


def test_bundles_are_copied_over_earlier_ones(tmp_path: Path) -> None:
    folders = dict.fromkeys(BUNDLES, tmp_path / "plugins")
    for content in ("old", "new"):
        make_bundles(tmp_path / content, content)
        done = install(tmp_path / content, folders)
    assert [path.name for path in done] == list(BUNDLES)
    assert (tmp_path / "plugins" / BUNDLES[0] / "Contents" / "part").read_text() == "new"
    assert (tmp_path / "plugins" / BUNDLES[1]).read_text() == "new"
    assert sorted(path.name for path in (tmp_path / "plugins").iterdir()) == sorted(BUNDLES)


def test_what_is_not_built_cannot_be_installed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="plugin build"):
        install(tmp_path, plugin_folders())


def test_every_bundle_has_a_folder() -> None:
    assert tuple(plugin_folders()) == BUNDLES


def test_the_engine_file_says_version_and_words(tmp_path: Path) -> None:
    write_engine_file(tmp_path / "sub" / "engine.txt")
    assert (tmp_path / "sub" / "engine.txt").read_text().splitlines() == [__version__, *engine_words()]
