"""A model of several stems, as `train mine` makes them of multitracks: played, rendered and set stem by stem."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile

from musika_daw.app.main import main
from musika_daw.controls.move import RefusedError
from musika_daw.controls.state import defaults, settings
from musika_daw.controls.target import address_of
from musika_daw.engine.known_controls import known_controls
from musika_daw.engine.live.replay import replay_take
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.official import model as played
from musika_daw.engine.official.model import OfficialModel
from musika_daw.engine.presets.preset_file import parse_preset
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.engine.take.session_log import read_session
from musika_daw.errors import UserError
from musika_daw.model.official.exporter import export_official
from musika_daw.music.tempo_map import constant_tempo
from musika_daw.train.metrics.kick_timing import kick_errors
from tests.support.beaten import beaten

from ..live.conftest import Studio
from .conftest import BAND, Recorded

Models = Callable[[str], Path]
Stems = dict[str, np.ndarray]


@pytest.fixture
def band(official_model: Models) -> Path:
    return official_model("band")


def _score(densities: dict[str, float], bpm: float = 120.0, stems: tuple[str, ...] = BAND) -> Score:
    curves = {stem: constant(density) for stem, density in densities.items()}
    return Score(1, constant_tempo(bpm), StyleCurve(((0.0, "1"),)), curves, {}, stems=stems)


def _chunks(model: Path, score: Score, chunks: range) -> Stems:
    made = load_model(str(model)).song(score).chunks(8)
    with ThreadPoolExecutor(1) as pool:
        parts = [made.audio(chunk, pool) for chunk in chunks]
    return {stem: np.concatenate([part[stem] for part in parts], 1) for stem in parts[0]}


def test_its_stems_are_made_together_window_by_window(band: Path) -> None:
    score = _score({})
    whole = _chunks(band, score, range(8))
    assert tuple(whole) == BAND and all(sound.shape == (2, 8 * 16384) for sound in whole.values())
    assert len({sound.tobytes() for sound in whole.values()}) == 3
    alone = _chunks(band, score, range(6, 7))
    assert all(np.array_equal(alone[stem], whole[stem][:, 6 * 16384 : 7 * 16384]) for stem in BAND)
    some = _chunks(band, _score({}, stems=("drums", "vocals")), range(2))
    assert tuple(some) == ("drums", "vocals")
    assert np.array_equal(some["vocals"], whole["vocals"][:, : 2 * 16384])


def test_it_is_told_tempo_beats_and_the_density_of_each_stem(band: Path) -> None:
    plain = _chunks(band, _score({"drums": 0.5, "bass": 0.5, "vocals": 0.5}), range(1))
    for other in (_score({"drums": 0.5, "bass": 0.5, "vocals": 0.9}), _score({"drums": 0.5}, 130.0)):
        assert not np.array_equal(_chunks(band, other, range(1))["drums"], plain["drums"])
    model = load_model(str(band))
    assert isinstance(model, OfficialModel)
    score = _score({"drums": 0.1, "bass": 0.5, "vocals": 0.9}, 120.0)
    told = model._condition_curve(score)
    assert told is not None
    size = model._model.size
    rows = np.arange(40)
    found = told(rows)
    assert found[:, :3] == pytest.approx(np.tile([-0.8, 0.0, 0.8], (40, 1)), abs=1e-6)
    beats = (rows + 0.5) * size.latent_samples / size.sample_rate * 2
    assert found[:, 4] == pytest.approx(np.sin(2 * np.pi * beats), abs=1e-5)
    assert found[:, 5] == pytest.approx(np.cos(2 * np.pi * beats), abs=1e-5)


def test_a_take_holds_a_file_of_each_stem_and_their_mix(
    band: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["render", "--model", str(band), "--out", str(tmp_path), "--bars", "1", "--bpm", "100", "--seed", "5"]
    assert main([*words, "--density", "0.4", "--format", "float", "--mastering", "off"]) == 0
    take = Path(capsys.readouterr().out.strip())
    sounds = {path.name.split("_")[0]: soundfile.read(path)[0] for path in take.glob("*.wav")}
    assert set(sounds) == {*BAND, "mix"} and len({sound.shape for sound in sounds.values()}) == 1
    assert np.abs(sounds["mix"] - sum(sounds[stem] for stem in BAND)).max() < 1e-5
    facts = json.loads((take / "take.json").read_text())
    assert facts["controls"]["density"] == dict.fromkeys(BAND, 0.4) and facts["warp"] == {"on": False}
    assert main([*words, "--density", "vocals=0.9", "--stems", "vocals,drums"]) == 0
    take = Path(capsys.readouterr().out.strip())
    assert sorted(path.stem.split("_")[0] for path in take.glob("*.wav")) == ["drums", "mix", "vocals"]
    assert json.loads((take / "take.json").read_text())["controls"]["density"]["vocals"] == 0.9
    for option, reason in (
        (("--density", "lead=1"), "stem 'lead' is not known: expected one of drums, bass, vocals"),
        (("--stems", "lead"), "stem 'lead' is not known: expected one of drums, bass, vocals"),
        (("--chords", "Am"), "does not know chords: it makes sound, not notes"),
    ):
        assert main([*words, *option]) == 2 and reason in capsys.readouterr().err


def test_info_lists_stems_and_export_refuses_them(
    band: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "info", str(band), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["stems"] == list(BAND) and told["signals"] == {"density": 3, "tempo": 1, "beat_phase": 4}
    assert {"stems", "density"} <= set(told["controls"]) and "warp" not in told["controls"]
    pytest.importorskip("h5py")
    with pytest.raises(UserError, match="makes 3 stems: the official program has no place for more than one"):
        export_official(str(band), tmp_path / "h5")


def test_all_stems_are_warped_alike(band: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a model knows no beats they are found in the mix: here in the drums, and the bass goes with them."""
    kicks = beaten(np.arange(0.2, 60, 60 / 126.3), 60)
    sound = Recorded(np.concatenate([kicks, 0.5 * kicks, np.zeros_like(kicks)]))
    monkeypatch.setattr(played.OfficialModel, "_sound", lambda self, score: sound)
    monkeypatch.setattr(played.OfficialModel, "knows_beats", False)
    stems = _chunks(band, _score({}), range(45))
    drums, bass = (kick_errors(stems[stem], np.arange(1, 31) * 0.5) for stem in ("drums", "bass"))
    assert np.mean(np.isnan(drums)) < 0.1 and np.nanmedian(np.abs(drums)) < 0.015
    assert np.nanmedian(np.abs(drums - bass)) < 0.001
    assert not stems["vocals"].any()


@pytest.fixture
def studio(band: Path, tmp_path: Path) -> Iterator[Studio]:
    corners = {f"anchor_{corner}": place for place, corner in enumerate("abcd", 1)}
    own = settings(model=str(band), seed=7, tempo=120.0, density=0.5, stems=BAND, **corners)
    controls = defaults().over(own)
    made = Studio(controls, tmp_path)
    yield made
    made.engine.close()


def test_live_each_stem_has_density_fader_and_mute(studio: Studio, tmp_path: Path) -> None:
    studio.post(("record", True), ("play",))
    studio.play_until(1.0)
    studio.post(("stem/vocals/density", 0.9), ("stem/bass/mute", True), ("stem/drums/gain", -6.0))
    studio.until(lambda: "/musika/stem/vocals/density" in [moved for moved, _ in studio.notices("/musika/landed")])
    studio.play_until(studio.engine.position() + 2)
    assert not studio.tape.heard("bass")[:, -10_000:].any() and studio.tape.heard("vocals")[:, -10_000:].any()
    assert {f"/musika/stem/{stem}/gain" for stem in BAND} <= set(map(address_of, studio.engine.targets()))
    for move, reason in (
        (("stem/lead/gain", 0.0), "there is no stem lead: expected one of drums, bass, vocals"),
        (("stem/vocals/notes", "off"), "makes sound, not notes"),
        (("brightness", 0.1), "trained without that conditioning signal"),
    ):
        with pytest.raises(RefusedError, match=reason):
            studio.post(move)
    studio.post(("record", False))
    studio.until(lambda: bool(studio.notices("/musika/done")))
    take = Path(studio.notices("/musika/done")[0][0])
    again = replay_take(read_session(take / "session.jsonl"), tmp_path / "again")
    files = sorted(path.name for path in take.glob("*.wav"))
    assert [name.split("_")[0] for name in files] == ["bass", "drums", "mix", "vocals"]
    assert all((take / name).read_bytes() == (again / name).read_bytes() for name in files)


def test_a_preset_for_it_names_its_stems(band: Path) -> None:
    table = {"model": str(band), "density": {"vocals": 0.2}, "levels": {"vocals": {"mute": True}}, "stems": ["vocals"]}
    preset = parse_preset(table, "mine")
    assert preset.state.own("mute", "vocals") == (True,) and preset.state.own("density", "vocals") == (0.2,)
    assert preset.state.own("stems") == ("vocals",)
    with pytest.raises(UserError, match="density: stem 'vocals' is not known: expected all, drums, bass, chords, lead"):
        parse_preset({**table, "model": "techno"}, "mine")


def test_controls_follow_from_what_the_file_says(band: Path) -> None:
    info = load_model(str(band)).info
    assert {"density", "stems"} <= set(known_controls(info)) and "warp" not in known_controls(info)
    untold = set(known_controls(dataclasses.replace(info, signals={})))
    assert {"stems", "warp"} <= untold and "density" not in untold
