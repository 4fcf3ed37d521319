"""What `render` hands to the engine: options over preset over session log over defaults."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from musika_daw.app.main import main
from musika_daw.controls.move import Move
from musika_daw.engine.loop_kit import render_kit
from musika_daw.engine.offline import renderer
from musika_daw.engine.project_files.midi import write_midi
from musika_daw.engine.score import Score
from musika_daw.engine.take.session_log import SessionEvent, SessionStart, SessionWriter
from musika_daw.music.harmony import Key
from musika_daw.music.line import Line
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import constant_tempo


@dataclasses.dataclass
class Call:
    model: str
    score: Score
    arguments: dict[str, Any]

    def densities(self) -> dict[str, float]:
        return {stem: curve.at(0) for stem, curve in self.score.density.items()}


@pytest.fixture
def render(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Call]:
    """Runs the command with an engine that only notes how it was called."""
    calls = []

    def render_take(model: str, score: Score, *, progress: Callable[[float], None], **arguments: Any) -> Path:
        calls.append(Call(model, score, arguments))
        progress(0.5)
        progress(1.0)
        return Path(arguments["project"]) / "Musika" / "take 001"

    monkeypatch.setattr(renderer, "render_take", render_take)
    monkeypatch.chdir(tmp_path)

    def run(*options: str) -> Call:
        assert main(["render", "--out", "P", *options]) == 0
        return calls[-1]

    return run


def test_defaults(render: Callable[..., Call], capsys: pytest.CaptureFixture[str]) -> None:
    call = render("--bars", "16")
    assert call.model == "techno"
    assert call.arguments == {"first_bar": 0, "bars": 16, "project": Path("P"), "sample_format": "pcm24"}
    score = call.score
    assert (score.seed, score.tempo_map, score.key, score.chords) == (0, constant_tempo(128), None, None)
    assert (score.style.at(0), score.variation, score.stems, score.notes) == ("warehouse", 0.15, STEMS, {})
    assert call.densities() == dict.fromkeys(STEMS, 0.7)
    printed = capsys.readouterr()
    assert printed.out == "P/Musika/take 001\n"
    assert printed.err == "render 50 %\nrender 100 %, took 0:00\n"


def test_every_option_arrives(render: Callable[..., Call], tmp_path: Path) -> None:
    line = (Note(0.0, 1.0, 36, 100 / 127), Note(2.0, 0.5, 38, 1.0))
    write_midi(tmp_path / "line.mid", line, constant_tempo(120), 0.0, 4.0, name="bass", channel=1)
    call = render(
        *("--seconds", "7.5", "--start-bar", "5", "--bpm", "90.5", "--seed", "9223372036854775807"),
        *("--model", "mine.safetensors", "--style", "12", "--density", "drums=0.9,bass=0.3", "--brightness", "1"),
        *("--key", "D dorian", "--chords", "Am:2 E7:2", "--variation", "1", "--stems", "lead,bass"),
        *("--format", "float", "--notes", "bass=line.mid", "--name", "jam"),
    )
    assert call.model == "mine.safetensors"
    assert call.arguments == {
        "first_bar": 4,
        "seconds": 7.5,
        "project": Path("P"),
        "take_name": "jam",
        "sample_format": "float32",
    }
    score = call.score
    assert (score.seed, score.tempo_map, score.key) == (2**63 - 1, constant_tempo(90.5), Key(2, "dorian"))
    assert (str(score.chords), score.style.at(0), score.variation) == ("Am:2 E7:2", "12", 1.0)
    assert score.stems == ("bass", "lead")
    assert call.densities() == {"drums": 0.9, "bass": 0.3, "chords": 0.7, "lead": 0.7}
    assert score.notes == {"bass": Line(line)}


def test_lines_may_be_texts_of_any_length(render: Callable[..., Call]) -> None:
    call = render(
        "--bars", "4", "--notes", "bass=loop 3.5: 33 0 0.5 100, 36 1.5 0.25 90", "--notes", "drums=loop 3: 35 0 1 99"
    )
    bass, drums = call.score.notes["bass"], call.score.notes["drums"]
    assert (bass.length_beats, bass.looped, [note.start_beat for note in bass.notes]) == (3.5, True, [0.0, 1.5])
    assert (drums.length_beats, drums.notes[0].pitch) == (3.0, 36), "the nearest drum there is"


def test_options_win_over_the_preset(render: Callable[..., Call], tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'description = "mine"\nbpm = 100\nseconds = 3\nkey = "Am"\nstems = ["drums", "bass"]\n'
        "density = {drums = 0.2, bass = 0.4}\n"
    )
    call = render("--preset", "mine.toml", "--bars", "2", "--key", "off", "--density", "bass=1")
    assert (call.score.tempo_map, call.score.key, call.score.stems) == (constant_tempo(100), None, ("drums", "bass"))
    assert call.arguments["bars"] == 2 and "seconds" not in call.arguments
    assert call.densities() == {"drums": 0.2, "bass": 1.0, "chords": 0.7, "lead": 0.7}


def test_loops_make_a_kit_in_place_of_a_take(
    render: Callable[..., Call], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kits = []

    def kit(model: str, score: Score, plan: render_kit.KitPlan, **arguments: Any) -> Path:
        kits.append((plan, arguments))
        return Path("P/Musika/loops 001")

    monkeypatch.setattr(render_kit, "render_kit", kit)
    assert main(["render", "--out", "P", "--loops", "4"]) == 0
    assert main(["render", "--out", "P", "--loops", "2", "--kit-bars", "4", "--bars", "40", "--start-bar", "9"]) == 0
    assert main(["render", "--out", "P", "--loops", "1", "--form", "intro 8, drop 8", "--name", "kit"]) == 0
    (first, told), (second, _), (third, named) = kits
    assert (first.loops, first.loop_bars, first.first_bar, first.bars) == (4, (1, 2, 4, 8), 0, None)
    assert {name for name in told if name != "progress"} == {"project", "sample_format"}
    assert (second.loops, second.loop_bars, second.first_bar, second.bars) == (2, (4,), 8, 40)
    assert third.bars == 16 and named["take_name"] == "kit"
    assert capsys.readouterr().out.splitlines()[0] == "P/Musika/loops 001"


def test_a_session_log_gives_what_is_not_asked_for(
    render: Callable[..., Call], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = render("--bars", "2", "--bpm", "97", "--density", "0.3", "--key", "Am", "--seed", "5")
    start = SessionStart("mine", before.score, 8.0, 123_457, 44100, "float32", "jam")
    log = SessionWriter(tmp_path / "session.jsonl", start)
    log.append(SessionEvent(9.0, Move.of("density", 0.8)))
    log.close()
    again = render("--session", "session.jsonl")
    assert (again.model, again.score) == ("mine", before.score)
    assert again.arguments["seconds"] * 44100 == pytest.approx(123_457, abs=1e-6)
    assert (again.arguments["first_bar"], again.arguments["take_name"]) == (2, "jam")
    assert again.arguments["sample_format"] == "float32"
    assert "holds 1 control moves" in capsys.readouterr().err
    other = render("--session", "session.jsonl", "--bars", "1", "--density", "lead=1", "--start-bar", "1")
    assert other.densities() == {"drums": 0.3, "bass": 0.3, "chords": 0.3, "lead": 1.0}
    assert (other.arguments["bars"], other.arguments["first_bar"], other.score.seed) == (1, 0, 5)


def test_preset_folder_is_where_it_says(render: Callable[..., Call], tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)  # the folder need not exist: nothing is written before the engine does
    assert render("--bars", "1").arguments["project"] == Path("P")
