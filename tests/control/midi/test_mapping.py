"""Mapping files: written, read again, refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw.control.midi.mapping import Mapping, Route, load_mapping, save_mapping
from musika_daw.control.midi.sources import Source
from musika_daw.errors import UsageError
from musika_daw.resources import presets_folder


def test_written_and_read_again(tmp_path: Path) -> None:
    mapping = Mapping(
        'Knobs "A"',
        (
            Route(Source("cc", 20), "/musika/density", low=0.2, curve="log", take_over=False),
            Route(Source("nrpn", 1234, 16), "/musika/morph", argument=1),
            Route(Source("note", 36, 10), "/musika/scene/recall", mode="trigger", values=("verse", 4.0)),
        ),
        chords_channel=1,
        stem_channels={"bass": 2},
    )
    path = tmp_path / "deep" / "map.toml"
    save_mapping(path, mapping)
    assert load_mapping(path) == mapping
    assert [file.name for file in path.parent.iterdir()] == ["map.toml"]


@pytest.mark.parametrize("name", ["generic_8_knobs", "pads"])
def test_shipped_maps(name: str) -> None:
    assert len(load_mapping(presets_folder() / "midi" / f"{name}.toml").routes) >= 8


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[map]]\nsource = 'cc 1'", "'to' is missing"),
        ("[[map]]\nto = '/musika/density'", "without source"),
        ("[[map]]\nsource = 'cc 1'\nto = '/musika/nothing'", "is not known"),
        ("[[map]]\nsource = 'cc 1'\nto = '/musika/status'", "cannot be set"),
        ("[[map]]\nsource = 'cc 1'\nto = '/musika/key'", "trigger"),
        ("[[map]]\nsource = 'cc 1'\nto = '/musika/density'\ncurve = 'wavy'", "expected one of"),
        ("[[map]]\nsource = 'cc 1'\nto = '/musika/density'\nspeed = 1", "speed is not known"),
        ("[[map]]\nsource = 'cc 1'\nto = '/musika/density'\nargument = 3", "no 3"),
        ("[[map]]\nsource = 'note 1'\nto = '/musika/seed'\nmode = 'trigger'\nvalues = [-1]", "out of range"),
        ("chords_channel = 17", "1 to 16"),
        ("map = 3", "map.toml"),
        ("not toml", "is not TOML"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=reason) as error:
        load_mapping(path)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")
