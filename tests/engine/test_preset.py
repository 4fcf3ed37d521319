"""Presets: read whole or refused whole with a line that says what is possible; saved whole, never over shipped ones."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from musika_daw.engine.console import Console
from musika_daw.engine.fx.catalogue import EFFECTS, FxSpec
from musika_daw.engine.mixer import Level
from musika_daw.engine.preset import Preset
from musika_daw.engine.preset_file import parse_preset, read_preset_file
from musika_daw.engine.preset_folder import load_preset, own_presets_folder, preset_names, save_preset
from musika_daw.engine.preset_text import preset_text
from musika_daw.engine.score import Morph
from musika_daw.engine.style_preset import load_style_preset
from musika_daw.errors import UsageError, UserError
from musika_daw.music.notes import STEMS
from musika_daw.resources import presets_folder

SHIPPED = tuple(sorted(path.stem for path in presets_folder().glob("*.toml")))
PAGE = Path(__file__).resolve().parents[2] / "docs" / "presets.md"
FULL = Preset(
    name="mine",
    description='Loud "and" \\ odd: ä',
    model="techno",
    seed=2**63 - 1,
    bpm=123.4,
    key="D dorian",
    chords="Am:2 E7:2",
    density={"all": 0.5, "drums": 1.0},
    brightness={"all": 0.25},
    variation=0.0,
    anchors={"a": "tunnel", "c": "12"},
    morph=(0.25, 1.0),
    quantize="bar",
    stems=("bass", "lead"),
    fx={
        "lead": (
            FxSpec("Gain", {"gain_db": -3.0}),
            FxSpec("Plugin", {"mix": 0.5, "odd name": 1.0}, "C:\\vst\\x.vst3", "X"),
        ),
        "mix": (),
    },
    levels={"bass": Level(-3.0, 0.5, True, False)},
    bus_map="drums:1-2,mix:3-4",
    bars=8,
    start_bar=5,
    sample_format="float",
)


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("MUSIKA_DAW_PRESETS", str(tmp_path / "own"))
    return tmp_path / "own"


def test_the_shipped_presets_differ_and_say_what_they_are() -> None:
    presets = [load_preset(name) for name in SHIPPED]
    assert "default" in SHIPPED and len(presets) >= 8
    assert len({preset.description for preset in presets}) == len({str(preset.style()) for preset in presets})
    for preset in presets:
        assert 20 < len(preset.description) < 110
        assert set(preset.anchors) == set("abcd") and preset.morph is not None and preset.bpm is not None
        assert all(preset.of_stem("density", stem) is not None for stem in preset.stems or STEMS)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_presets_are_as_loud_as_the_styles_are(name: str) -> None:
    preset = load_preset(name)
    assert preset.bpm is not None
    first = preset.anchors["a"]
    sound = preset.sound.over({} if first.isdigit() else load_style_preset(first).fx)  # numbers have no effects
    console = Console(STEMS, sound)
    noise = (0.1 * np.random.default_rng(0).standard_normal((2, 44100))).astype(np.float32)
    stems, mix = console.process(dict.fromkeys(STEMS, noise), preset.bpm)
    for stem, audio in stems.items():
        assert -36 < 20 * np.log10(np.sqrt((audio**2).mean())) < -10, stem
    assert 20 * np.log10(np.sqrt((mix**2).mean())) < -6
    assert console.tail_seconds(preset.bpm) < 30


def test_a_preset_may_say_next_to_nothing() -> None:
    preset = parse_preset({}, "empty")
    assert preset == Preset("empty") and preset.style() is None and preset.of_stem("density", "bass") is None


def test_style_is_short_for_the_first_corner() -> None:
    assert parse_preset({"style": "tunnel"}, "x").style() == "tunnel"
    assert parse_preset({"style": 7}, "x").anchors == {"a": "7"}
    partly = parse_preset({"anchors": {"b": "tunnel", "d": 3}, "morph": [0.5, 0]}, "x")
    assert partly.style() == Morph(("tunnel", "tunnel", "tunnel", "3"), 0.5, 0.0)


def test_text_reads_back_as_the_same_preset() -> None:
    assert parse_preset(tomllib.loads(preset_text(FULL)), "mine") == FULL
    seconds = Preset("s", "d", seconds=1.5, density={"drums": 0.1}, levels={"lead": Level()})
    assert parse_preset(tomllib.loads(preset_text(seconds)), "s") == seconds
    every = Preset(
        "e", "d", fx={"bass": tuple(FxSpec(k, {n: p.high for n, p in ps.items()}) for k, ps in EFFECTS.items())}
    )
    assert parse_preset(tomllib.loads(preset_text(every)), "e") == every


def test_saved_presets_are_found_by_name_and_replace_each_other(own_folder: Path) -> None:
    path = save_preset(FULL)
    assert path == own_folder / "mine.toml" == own_presets_folder() / "mine.toml"
    assert load_preset("mine") == FULL and "mine" in preset_names() and "default" in preset_names()
    save_preset(Preset("mine", "again"))
    assert load_preset("mine") == Preset("mine", "again")
    assert [p.name for p in own_folder.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("default", "preset default is a shipped one: choose another name"),
        ("DEFAULT", "is a shipped one"),
        ("../x", "preset name '../x' is not possible: expected up to 64 letters"),
        ("", "is not possible"),
        (".hidden", "is not possible"),
        ("a/b", "is not possible"),
        ("x" * 65, "is not possible"),
        ("con", "is not possible"),
        ("lpt1.old", "is not possible"),
    ],
)
def test_names_that_cannot_be_saved(name: str, message: str, own_folder: Path) -> None:
    with pytest.raises(UserError) as caught:
        save_preset(Preset(name))
    assert message in str(caught.value) and not own_folder.exists()


def test_a_full_disk_leaves_the_old_preset(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_preset(FULL)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError, match="the disk is full"):
        save_preset(Preset("mine", "again"))
    assert load_preset("mine") == FULL and [p.name for p in own_folder.iterdir()] == ["mine.toml"]


def test_a_shipped_preset_hides_an_own_one(own_folder: Path) -> None:
    own_folder.mkdir()
    (own_folder / "default.toml").write_text('description = "not this one"')
    assert load_preset("default").description != "not this one"


def test_unknown_names_list_what_there_is() -> None:
    save_preset(Preset("mine"))
    with pytest.raises(
        UsageError, match=r"preset 'polka' is not known: expected one of .*default.*mine.*, or the path"
    ):
        load_preset("polka")


BROKEN = [
    ("bpm = ", "is not a TOML file"),
    ("colour = 1", "'colour' is not known: expected description, bars"),
    ("format = 2\ncolour = 1", "format 2 is not known: expected 1"),
    (
        'format = "24"',
        "format '24' is not possible: expected 1, the version of presets; the format of a render's samples",
    ),
    ("bpm = 999", "bpm '999' is out of range: expected 40 to 240"),
    ('bpm = "fast"', "bpm 'fast' is not a number: expected 40 to 240"),
    ("bpm = nan", "bpm 'nan' is not a number"),
    ("bpm = true", "bpm 'True' is not a number"),
    ("seed = -1", "seed '-1' is out of range: expected 0 to 9223372036854775807"),
    ("seed = 1.5", "seed '1.5' is not a whole number"),
    ("description = 5", "description '5' is not possible: expected a text of one line"),
    ('description = "a\\nb"', "expected a text of one line"),
    ('model = ""', "model '' is not possible"),
    ('key = "H"', "key: key 'H' is not a key: expected e.g. Am"),
    ('chords = "Am Xyz"', "chords: chord 'Xyz' is not known"),
    ("density = 1.5", "density '1.5' is out of range: expected 0 to 1"),
    ("density = {tuba = 0.5}", "density: stem 'tuba' is not known: expected all, drums, bass, chords, lead"),
    ("density = {bass = 2}", "density.bass '2' is out of range: expected 0 to 1"),
    ('brightness = "much"', "brightness 'much' is not a number"),
    ("variation = -1", "variation '-1' is out of range"),
    ('style = "polka"', "style: style 'polka' is not known: expected one of anvil"),
    ("style = 1.5", "style '1.5' is not possible: expected the name of a style, or a seed"),
    ('style = "tunnel"\nmorph = [0, 0]', "expected either style, or anchors and morph"),
    ('anchors = {a = "polka"}', "anchors.a: style 'polka' is not known"),
    ('anchors = {e = "tunnel"}', "anchors: corner 'e' is not known: expected a, b, c, d"),
    ('anchors = ["tunnel"]', "anchors \"['tunnel']\" is not possible: expected a table of corner"),
    ("morph = 0.5", "morph '0.5' is not possible: expected two numbers from 0 to 1, e.g. [0.5, 0.25]"),
    ("morph = [0, 2]", "morph y '2' is out of range: expected 0 to 1"),
    ('quantize = "soon"', "quantize 'soon' is not known: expected now, beat, bar, phrase"),
    ('stems = ["tuba"]', "stems 'tuba' is not known: expected drums, bass, chords, lead"),
    ("stems = []", "stems '[]' is not possible: expected a list"),
    ('[[fx.tuba]]\ntype = "Gain"', "fx: stem 'tuba' is not known: expected drums, bass, chords, lead, mix"),
    ('[fx]\nbass = "loud"', "fx.bass is not possible: expected [[fx.bass]], one for each effect"),
    ('[[fx.bass]]\ntype = "Flux"', "fx.bass 1: effect 'Flux' is not known; expected one of Gain"),
    ('[[fx.bass]]\ntype = "Gain"\ngain_db = 99', "fx.bass 1: Gain gain_db = 99 is not possible; expected -60 to 24"),
    ('[[fx.mix]]\ntype = "Plugin"', "fx.mix 1: Plugin needs a path"),
    ('[[fx.mix]]\ntype = "Plugin"\npath = "x"\nmix = 1', "fx.mix 1: Plugin has no key 'mix'; expected type, path"),
    ('[[fx.mix]]\ntype = "Plugin"\npath = "x"\nparameters = {mix = "a"}', "Plugin mix = 'a' is not possible"),
    ("[fx]\nbass = [" + '{type = "Gain"},' * 17 + "]", "fx.bass: 17 effects are too many: expected 16 at most"),
    ("levels = {tuba = {gain = 1}}", "levels: stem 'tuba' is not known"),
    ("levels = {bass = 3}", "levels.bass '3' is not possible: expected a table of level: gain, pan, mute, solo"),
    ("levels = {bass = {volume = 3}}", "levels.bass: level 'volume' is not known: expected gain, pan, mute, solo"),
    ("levels = {bass = {gain = 40}}", "levels.bass: gain 40 is not possible; expected -90 to 12 dB"),
    ('levels = {bass = {pan = "left"}}', "levels.bass.pan 'left' is not a number"),
    ("levels = {bass = {mute = 1}}", "levels.bass.mute '1' is not possible: expected true or false"),
    ('bus_map = "tuba"', "bus_map: channel map 'tuba' is not possible"),
    ("bars = 1\nseconds = 1.0", "bars and seconds exclude each other"),
    ("bars = 0", "bars '0' is out of range: expected 1 to 100000"),
    ("sample_format = 8", "sample_format '8' is not known: expected 24, float"),
]


@pytest.mark.parametrize(("content", "message"), BROKEN)
def test_broken_presets_are_refused_with_one_line(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(content)
    with pytest.raises(UserError) as caught:
        read_preset_file(path)
    line = str(caught.value)
    assert line.startswith(f"preset {path}") and message in line and "\n" not in line


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "deep.toml").write_text("a = " + "[" * 5000)
    for name, message in (("bytes", "not a TOML file"), ("deep", "not a TOML file"), ("gone", "cannot be read")):
        with pytest.raises(UserError, match=message):
            load_preset(str(tmp_path / f"{name}.toml"))


def test_the_page_explains_every_key_effect_and_parameter() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in Preset.__dataclass_fields__:
        assert name == "name" or f"`{name}" in page, name
    for kind, parameters in EFFECTS.items():
        assert f"`{kind}`" in page, kind
        for name, p in parameters.items():
            assert f"`{name}` {p.low:g} to {p.high:g}" in page, f"{kind} {name}"
    for name in SHIPPED:
        assert f"| `{name}` | {load_preset(name).description} |" in page
