"""What a preset says becomes what a render is."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw.app.command import Parser
from musika_daw.app.plan import RenderPlan, make_plan
from musika_daw.app.render import add_arguments
from musika_daw.engine.mixer import Level
from musika_daw.engine.presets.preset_folder import preset_names
from musika_daw.engine.score import Morph
from musika_daw.music.harmony import parse_chords, parse_key


def plan(*words: str) -> RenderPlan:
    parser = Parser("render", "", "render")
    add_arguments(parser)
    return make_plan(parser.parse_args(["--out", "P", *words]))


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_becomes_a_plan(name: str) -> None:
    assert plan("--preset", name, "--bars", "2").sound is not None


def test_a_preset_as_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'key = "Dm"\nchords = "Dm:2 Gm:2"\ndensity = {all = 0.5, lead = 0.1}\nbrightness = {bass = 0.2}\n'
        'sample_format = "float"\nbars = 2\nmorph = [0.5, 0.0]\n[anchors]\na = "tunnel"\nb = 5\n[levels.bass]\n'
        'mute = true\n[[fx.mix]]\ntype = "Gain"\n'
    )
    made = plan("--preset", str(path))
    score, sound = made.score, made.sound
    assert (score.key, score.chords) == (parse_key("Dm"), parse_chords("Dm:2 Gm:2"))
    assert {stem: curve.at(0) for stem, curve in score.density.items()} == {
        **dict.fromkeys(("drums", "bass", "chords"), 0.5),
        "lead": 0.1,
    }
    assert score.brightness["bass"].at(0) == 0.2 and score.brightness["lead"].at(0) == 0.5
    assert score.style.at(0) == Morph(("tunnel", "5", "tunnel", "tunnel"), 0.5, 0.0)
    assert sound is not None and made.sample_format == "float32" and made.bars == 2
    assert sound.levels == {"bass": Level(mute=True)} and sound.fx["mix"][0].type == "Gain"


def test_off_means_that_the_model_chooses(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('style = "tunnel"\nkey = "off"\nchords = "off"\n')
    made = plan("--preset", str(path), "--bars", "1")
    assert (made.score.style.at(0), made.score.key, made.score.chords) == ("tunnel", None, None)


def test_levels_and_the_morph_square_are_options_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[levels.bass]\npan = 0.5\n")
    made = plan(
        "--preset", str(path), "--bars", "1", "--gain", "bass=-3,lead=1", "--mute", "drums=on", "--morph", "1,0.5"
    )
    assert made.sound is not None
    assert made.sound.levels == {"bass": Level(-3.0, 0.5), "lead": Level(1.0), "drums": Level(mute=True)}
    assert made.score.style.at(0) == Morph(("warehouse", "tunnel", "echo_chamber", "circuit"), 1.0, 0.5)
    assert plan("--bars", "1").sound is None
