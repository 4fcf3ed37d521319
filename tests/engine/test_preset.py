"""Presets: read whole or refused whole with a line that says what is possible; saved whole, never over shipped ones."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from musika_daw.controls.book import on_surface
from musika_daw.controls.control import Field, Kind, PerStem, Surface, Value
from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState, settings, state_of
from musika_daw.controls.target import Target
from musika_daw.engine.console import Console
from musika_daw.engine.fx.catalogue import EFFECTS, FxSpec
from musika_daw.engine.presets.preset import Preset, sound_of, with_whole_style
from musika_daw.engine.presets.preset_file import parse_preset, read_preset_file
from musika_daw.engine.presets.preset_folder import (
    delete_preset,
    load_preset,
    own_presets_folder,
    preset_names,
    rename_preset,
    save_preset,
)
from musika_daw.engine.presets.preset_text import preset_text
from musika_daw.engine.presets.style_file import load_style_preset
from musika_daw.engine.score import Morph
from musika_daw.engine.score_of import style_of
from musika_daw.errors import UsageError, UserError
from musika_daw.music.notes import STEMS
from musika_daw.resources import presets_folder


def fx(**chains: tuple[FxSpec, ...]) -> ControlState:
    """Chains as a preset sets them."""
    return ControlState({Target("fx", stem): chain for stem, chain in chains.items()})


SHIPPED = tuple(sorted(path.stem for path in presets_folder().glob("*.toml")))
PAGE = Path(__file__).resolve().parents[2] / "docs" / "presets.md"
FULL = Preset(
    "mine",
    'Loud "and" \\ odd: ä',
    state_of(
        [
            *(Move.of("model", "techno"), Move.of("seed", 2**63 - 1), Move.of("tempo", 123.4)),
            *(Move.of("key", "D dorian"), Move.of("chords", "Am:2 E7:2"), Move.of("variation", 0.0)),
            *(Move.of("density", 0.5), Move.of("stem/drums/density", 1.0), Move.of("brightness", 0.25)),
            *(Move.of("anchor/a", "tunnel"), Move.of("anchor/c", "12"), Move.of("morph", 0.25, 1.0)),
            *(Move.of("quantize", "bar"), Move.of("stems", "bass", "lead"), Move.of("bus_map", "drums:1-2,mix:3-4")),
            *(Move.of("stem/bass/gain", -3.0), Move.of("stem/bass/pan", 0.5)),
            *(Move.of("stem/bass/mute", True), Move.of("stem/bass/solo", False)),
            *(Move.of("bars", 8), Move.of("start_bar", 5), Move.of("sample_format", "float")),
        ]
    ).over(
        fx(
            lead=(
                FxSpec("Gain", {"gain_db": -3.0}),
                FxSpec("Plugin", {"mix": 0.5, "odd name": 1.0}, "C:\\vst\\x.vst3", "X"),
            ),
            mix=(),
        )
    ),
)


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("MUSIKA_DAW_PRESETS", str(tmp_path / "own"))
    return tmp_path / "own"


def test_the_shipped_presets_differ_and_say_what_they_are() -> None:
    presets = [load_preset(name) for name in SHIPPED]
    assert "default" in SHIPPED and len(presets) >= 8
    assert len({preset.description for preset in presets}) == len({style(preset) for preset in presets})
    for preset in presets:
        assert 20 < len(preset.description) < 110
        state = preset.state
        assert all(state.own(name) for name in ("anchor/a", "anchor/b", "anchor/c", "anchor/d", "morph", "tempo"))
        whole = state.own("density") is not None
        assert all(whole or state.own("density", stem) for stem in state.own("stems") or STEMS)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_presets_are_as_loud_as_the_styles_are(name: str) -> None:
    preset = load_preset(name)
    first = preset.state.text("anchor/a")
    sound = sound_of(preset.state).over(
        {} if first.isdigit() else load_style_preset(first).fx
    )  # numbers have no effects
    console = Console(STEMS, sound)
    noise = (0.1 * np.random.default_rng(0).standard_normal((2, 44100))).astype(np.float32)
    stems, mix = console.process(dict.fromkeys(STEMS, noise), preset.state.number("tempo"))
    for stem, audio in stems.items():
        assert -36 < 20 * np.log10(np.sqrt((audio**2).mean())) < -10, stem
    assert 20 * np.log10(np.sqrt((mix**2).mean())) < -6
    assert console.tail_seconds(preset.state.number("tempo")) < 30


def style(preset: Preset) -> str:
    return str(style_of(with_whole_style(preset.state)))


def test_a_preset_may_say_next_to_nothing() -> None:
    assert parse_preset({}, "empty") == Preset("empty")


def test_style_is_short_for_the_first_corner() -> None:
    assert style(parse_preset({"style": "tunnel"}, "x")) == "tunnel"
    assert parse_preset({"style": 7}, "x").state == settings(anchor_a=7, morph=(0.0, 0.0))
    partly = with_whole_style(parse_preset({"anchors": {"b": "tunnel", "d": 3}, "morph": [0.5, 0]}, "x").state)
    assert style_of(partly) == Morph(("tunnel", "tunnel", "tunnel", "3"), 0.5, 0.0)
    corner = parse_preset({"anchors": {"a": "tunnel", "b": "fathom"}}, "x")
    assert style_of(with_whole_style(corner.state)) == "tunnel"


def test_tempo_has_an_older_name() -> None:
    assert parse_preset({"bpm": 100}, "x") == parse_preset({"tempo": 100}, "x")
    assert "tempo = 123.4" in preset_text(FULL)


def test_text_reads_back_as_the_same_preset() -> None:
    assert parse_preset(tomllib.loads(preset_text(FULL)), "mine") == FULL
    some = state_of([Move.of("seconds", 1.5), Move.of("stem/drums/density", 0.1), Move.of("stem/lead/gain", 0.0)])
    assert parse_preset(tomllib.loads(preset_text(Preset("s", "d", some))), "s") == Preset("s", "d", some)
    chain = tuple(FxSpec(k, {n: p.high for n, p in ps.items()}) for k, ps in EFFECTS.items())
    every = Preset("e", "d", fx(bass=chain))
    assert parse_preset(tomllib.loads(preset_text(every)), "e") == every


def test_every_control_that_presets_have_is_read_back() -> None:
    for control in on_surface(Surface.PRESET):
        if control.kind in (Kind.CHAIN, Kind.STEMS) or control.name in ("style", "bus_map"):
            continue
        stem = None if control.per_stem is not PerStem.ONLY else "bass"
        values = tuple(_other(part) for part in control.needed)
        preset = Preset("p", "", state_of([Move(control.name, stem, values)]))
        assert parse_preset(tomllib.loads(preset_text(preset)), "p") == preset, control.name


def _other(part: Field) -> Value:
    """A value that is not the default."""
    if part.kind is Kind.SWITCH:
        return not part.default
    if part.kind is Kind.CHOICE:
        return next(choice for choice in part.choices if choice != part.default)
    if part.kind in (Kind.NUMBER, Kind.INTEGER):
        assert part.high is not None
        return part.high
    return {"key": "Am", "chords": "Am F", "form": "intro 8, drop"}.get(part.name, "tunnel")


def test_saved_presets_are_found_by_name_and_replace_each_other(own_folder: Path) -> None:
    path = save_preset(FULL)
    assert path == own_folder / "mine.toml" == own_presets_folder() / "mine.toml"
    assert load_preset("mine") == FULL and "mine" in preset_names() and "default" in preset_names()
    save_preset(Preset("mine", "again"))
    assert load_preset("mine") == Preset("mine", "again")
    assert [p.name for p in own_folder.iterdir()] == ["mine.toml"]


def test_own_presets_are_deleted_and_renamed(own_folder: Path) -> None:
    for name in ("mine", "other"):
        save_preset(Preset(name))
    rename_preset("mine", "yours")
    with pytest.raises(UserError, match="there is a preset other already"):
        rename_preset("yours", "other")
    with pytest.raises(UserError, match="night_bus is a shipped one: choose"):
        rename_preset("yours", "night_bus")
    delete_preset("yours")
    assert [path.name for path in own_folder.iterdir()] == ["other.toml"]
    with pytest.raises(UserError, match="night_bus' is a shipped one: expected one of yours, other"):
        delete_preset("night_bus")
    with pytest.raises(UserError, match="'mine' is not known: expected one of yours, other"):
        delete_preset("mine")


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
    ("colour = 1", "'colour' is not known: expected description, quantize"),
    ("format = 2\ncolour = 1", "format 2 is not known: expected 1"),
    (
        'format = "24"',
        "format '24' is not possible: expected 1, the version of presets; the format of a render's samples",
    ),
    ("bpm = 999", "bpm '999' is out of range: expected 40 to 240"),
    ('bpm = "fast"', "bpm 'fast' is not a number: expected 40 to 240"),
    ("bpm = nan", "bpm 'nan' is not a number"),
    ("bpm = 100\ntempo = 100", "bpm is another name of tempo"),
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
    ("levels = {bass = {gain = 40}}", "levels.bass.gain '40' is out of range: expected -90 to 12 dB"),
    ('levels = {bass = {pan = "left"}}', "levels.bass.pan 'left' is not a number"),
    ("levels = {bass = {mute = 1}}", "levels.bass.mute '1' is not possible: expected true or false"),
    ('bus_map = "tuba"', "bus_map: channel map 'tuba' is not possible"),
    ("bars = 1\nseconds = 1.0", "bars and seconds exclude each other"),
    ("bars = 0", "bars '0' is out of range: expected 1 to 100000"),
    ("sample_format = 8", "sample_format '8' is not known: expected 16, 24, float"),
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
    for control in on_surface(Surface.PRESET):
        name = "anchors" if control.name.startswith("anchor/") else control.name
        assert f"`{name}" in page, name
    for kind, parameters in EFFECTS.items():
        assert f"`{kind}`" in page, kind
        for name, p in parameters.items():
            assert f"`{name}` {p.low:g} to {p.high:g}" in page, f"{kind} {name}"
    for name in SHIPPED:
        assert f"| `{name}` | {load_preset(name).description} |" in page
