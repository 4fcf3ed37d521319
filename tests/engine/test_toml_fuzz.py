"""Presets and MIDI maps as people mistype them: read, or refused in one line."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from musika_daw.control.midi.mapping import load_mapping
from musika_daw.controls.state import defaults
from musika_daw.engine.presets.preset import Preset, sound_of
from musika_daw.engine.presets.preset_file import read_preset_file
from musika_daw.engine.presets.preset_folder import load_preset
from musika_daw.engine.presets.style_file import load_style_preset
from musika_daw.engine.score_of import score_of
from musika_daw.errors import UserError
from musika_daw.resources import presets_folder
from tests.support.fuzz import fuzzing
from tests.support.mutations import mutated
from tests.support.toml_mutations import mistyped


@pytest.mark.parametrize(
    ("read", "pattern"),
    [(read_preset_file, "*.toml"), (load_mapping, "midi/*.toml"), (load_style_preset, "styles/*.toml")],
)
def test_mistyped_files(read: Callable[..., object], pattern: str, tmp_path: Path) -> None:
    shipped, path, read_well = sorted(presets_folder().glob(pattern)), tmp_path / "a.toml", 0
    texts = [each.read_text(encoding="utf-8") for each in shipped]
    import torch  # noqa: F401  # takes longer than any file, and is needed to tell a model's stems

    for each in shipped:
        read(str(each) if read is load_style_preset else each)
    for seed in fuzzing(f"mutated {pattern}", 120, 1 / 3):
        chance, text = random.Random(seed), texts[seed % len(texts)]
        path.write_bytes(mutated(text.encode(), chance) if seed % 4 == 0 else mistyped(text, chance).encode())
        try:
            found = read(str(path) if read is load_style_preset else path)
            if isinstance(found, Preset):
                score_of(defaults().over(found.state))
                sound_of(found.state)
        except UserError as error:
            assert "\n" not in str(error)
            continue
        read_well += 1
    assert read_well


def test_a_backslash_in_double_quotes_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    for quoted, reason in [
        (r"C:\Users\me\a.vst3", "hex value|escape"),
        (r"C:\tools\new.vst3", "tab"),
        (r"C:\my.vst3", "escape"),
    ]:
        path.write_text(f'[[fx.lead]]\ntype = "Plugin"\npath = "{quoted}"\n')
        with pytest.raises(UserError, match=rf"({reason}).*single quotes"):
            read_preset_file(path)
    path.write_text("\ufeffbpm = 120\n", encoding="utf-8")  # the mark that Windows' editor puts first
    assert read_preset_file(path).state.number("tempo") == 120.0


def test_presets_and_styles_point_to_each_other() -> None:
    with pytest.raises(UserError, match=r"it is a style: --style fathom"):
        load_preset("Fathom")
    with pytest.raises(UserError, match=r"it is a preset: --preset night_bus"):
        load_style_preset("Night Bus")
    with pytest.raises(UserError, match=r"did you mean night_bus\?"):
        load_preset("night_buss")
    assert load_preset("Night Bus").name == "night_bus" and load_style_preset("FATHOM").name == "fathom"
