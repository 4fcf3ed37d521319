"""What a preset says becomes controls of a render."""

from __future__ import annotations

from pathlib import Path

from musika_daw.app.controls import default_values, read_preset
from musika_daw.engine.mixer import Level
from musika_daw.engine.preset_folder import preset_names
from musika_daw.engine.score import Morph
from musika_daw.music.harmony import parse_chords, parse_key


def test_every_preset_becomes_controls_that_there_are() -> None:
    for name in preset_names():
        given = read_preset(name)
        assert given.keys() - {"sound"} <= default_values().keys() | {"bars", "seconds"}, name


def test_a_preset_as_controls(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'key = "Dm"\nchords = "Dm:2 Gm:2"\ndensity = {all = 0.5, lead = 0.1}\nbrightness = {bass = 0.2}\n'
        'sample_format = "float"\nmorph = [0.5, 0.0]\n[anchors]\na = "tunnel"\nb = 5\n[levels.bass]\nmute = true\n'
        '[[fx.mix]]\ntype = "Gain"\n'
    )
    given = dict(read_preset(str(path)))
    sound = given.pop("sound")
    assert given == {
        "key": parse_key("Dm"),
        "chords": parse_chords("Dm:2 Gm:2"),
        "density": {"all": 0.5, "lead": 0.1},
        "brightness": {"bass": 0.2},
        "format": "float32",
        "style": Morph(("tunnel", "5", "tunnel", "tunnel"), 0.5, 0.0),
    }
    assert sound.levels == {"bass": Level(mute=True)} and sound.fx["mix"][0].type == "Gain"


def test_off_means_that_the_model_chooses(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('style = "tunnel"\nkey = "off"\nchords = "off"\n')
    given = dict(read_preset(str(path)))
    del given["sound"]
    assert given == {"style": "tunnel", "key": None, "chords": None}
