"""Session logs: whole ones come back as they were, damaged ones get a line that says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState, defaults
from musika_daw.controls.target import Target
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.score import Curve, Score, StyleCurve
from musika_daw.engine.take.session_log import SessionEvent, SessionStart, SessionWriter, read_session
from musika_daw.errors import UserError
from musika_daw.music.harmony import parse_chords, parse_key
from musika_daw.music.line import Line
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import TempoMap

EVERYTHING = Score(
    seed=3,
    tempo_map=TempoMap(((0.0, 128.0), (16.0, 131.25)), ramps=True),
    style=StyleCurve(((0.0, "fathom"), (32.0, "1234"))),
    density={"drums": Curve(((0.0, 0.1), (8.0, 1.0)), ramps=True), "bass": Curve(((0.0, 0.3),))},
    brightness={"lead": Curve(((0.0, 1 / 3),))},
    key=parse_key("C# phrygian"),
    chords=parse_chords("C#m F#m7:2 A:6"),
    variation=0.7,
    notes={"bass": Line((Note(0.25, 0.1, 40, 0.9, -12.0), Note(4.0, 1.0, 33, 1.0)), 8.0, 16.0)},
    stems=("drums", "bass", "lead"),
)
STATE = (
    defaults()
    .with_move(Move.of("stem/lead/hold", True))
    .over(ControlState({Target("fx", "mix"): (FxSpec("Gain", {"gain_db": -3.0}),), Target("stems"): ("drums", "mix")}))
)
EVENTS = [
    SessionEvent(0.0, Move.of("stem/bass/mute", True)),
    SessionEvent(1 / 3, Move.of("anchor/a", 7, "dub", 0.5), 9, STATE),
]


def written(path: Path) -> Path:
    writer = SessionWriter(path / "session.jsonl", SessionStart("techno", EVERYTHING, versions={"torch": "2"}))
    for event in EVENTS:
        writer.append(event)
    writer.close()
    return path / "session.jsonl"


def test_everything_comes_back(tmp_path: Path) -> None:
    session = read_session(written(tmp_path))
    assert session.start == SessionStart("techno", EVERYTHING, versions={"torch": "2"})
    assert list(session.events) == EVENTS
    assert [type(a) for a in session.events[1].move.values] == [int, str, float]
    assert session.events[0].move.values[0] is True
    assert read_session(tmp_path) == session, "a take's folder stands for its log"


@pytest.mark.parametrize(
    ("line", "content", "message"),
    [
        (2, '{"beat": 1, "move": {"control": "den', "line 3 is damaged"),
        (2, '{"beat": NaN, "move": {"control": "a"}}', "line 3 is damaged"),
        (2, "[1, 2]", "line 3 is damaged"),
        (2, "[" * 100_000, "line 3 is damaged"),
        (2, '{"beat": "1", "move": {"control": "a"}}', "line 3: beat: expected a number, got '1'"),
        (2, '{"beat": 1e999, "move": {"control": "a"}}', "line 3: beat: expected a number"),
        (2, '{"beat": 1, "mvoe": 5}', "line 3: 'mvoe' is not known"),
        (2, '{"beat": 1}', "line 3: 'move' is missing"),
        (2, '{"beat": 1, "move": {"control": "a"}, "sample": -1}', "line 3: sample -1 comes before"),
        (2, '{"beat": 1, "move": {"control": 3}}', "line 3: move: control: expected a text, got 3"),
        (
            2,
            '{"beat": 1, "move": {"control": "a"}, "controls": {"settings": {"x": [1]}}}',
            "settings: x: is not known",
        ),
        (
            2,
            '{"beat": 1, "move": {"control": "a"}, "controls": {"settings": {"seed": [[]]}}}',
            "seed[0]: exp",
        ),
        (0, '{"format": 2, "score": 5}', "line 1: 'model' is missing"),
        (0, '{"format": 99, "score": 5}', "line 1: format 99 is newer"),
        (0, '{"beat": 1, "move": {"control": "a"}}', "line 1: expected the start of a session log"),
    ],
)
def test_damaged_lines(tmp_path: Path, line: int, content: str, message: str) -> None:
    path = written(tmp_path)
    lines = path.read_text().splitlines()
    lines[line] = content
    path.write_text("\n".join(lines))
    with pytest.raises(UserError) as caught:
        read_session(path)
    assert message in str(caught.value) and "\n" not in str(caught.value) and str(path) in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00", b"RIFF\0\0\0\0WAVE"])
def test_other_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(UserError):
        read_session(tmp_path / "x")
    with pytest.raises(UserError, match="it does not exist"):
        read_session(tmp_path / "none")


def test_a_score_that_breaks_its_own_rules(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text().replace("128.0", "4000.0"))
    with pytest.raises(UserError, match="bpm 4000 is out of range"):
        read_session(path)


def test_events_are_on_the_disk_within_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, on_disk, times = tmp_path / "session.jsonl", [], iter([0.0, 0.1, 0.9, 1.0, 1.5, 2.1])
    monkeypatch.setattr("os.fsync", lambda descriptor: on_disk.append(len(path.read_text().splitlines())))
    writer = SessionWriter(path, SessionStart("techno", EVERYTHING), lambda: next(times))
    for _ in range(5):
        writer.append(EVENTS[0])
    assert on_disk == [1, 4, 6]
    writer.close()
    writer.abandon()
    assert len(read_session(path).events) == 5
