"""Session logs that older versions wrote, with addresses for moves: they are read, and mean what they meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.controls.target import address_of
from musika_daw.engine.live.state.transition import transition
from musika_daw.engine.presets.preset import chains_of
from musika_daw.engine.score_of import score_of
from musika_daw.engine.take.session_log import SessionWriter, read_session
from musika_daw.engine.take.typed_json import to_json
from musika_daw.music.line import line_text, parse_line

LOGS = sorted((Path(__file__).parent / "take_logs").glob("*.jsonl"))
every_log = pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)


@every_log
def test_every_move_is_the_one_that_was_made(log: Path) -> None:
    session = read_session(log)
    lines = [json.loads(line) for line in log.read_text().splitlines()][1:]
    assert len(lines) == len(session.events) > 3
    for line, event in zip(lines, session.events, strict=True):
        values = ["still"] if (line["address"], line["args"]) == ("/musika/chords", ["off"]) else line["args"]
        assert (address_of(event.move.target), list(event.move.values)) == (line["address"], values)
        assert (event.beat, event.sample) == (line["beat"], line["sample"])
        assert (event.controls is None) == (line["controls"] is None)
        if event.controls is not None:
            assert_same(event.controls, line["controls"])


@every_log
def test_controls_at_the_start_are_those_that_stood_there(log: Path) -> None:
    first = json.loads(log.read_text().splitlines()[0])
    live = read_session(log).start.live
    assert live is not None
    assert_same(live.controls, first["live"]["controls"])
    *levels, mastering = live.levels
    assert [[address_of(move.target), list(move.values)] for move in levels] == first["live"]["levels"]
    assert mastering == Move.of("mastering", False), "there was none then"
    assert live.controls.number("motion") == 0.0


@every_log
def test_moves_up_to_the_take_lead_to_the_song_that_it_began_with(log: Path) -> None:
    session = read_session(log)
    live = session.start.live
    assert live is not None
    controls = live.controls
    for event in session.events:
        if event.sample <= 0:
            controls = event.controls or transition(controls, True, [event.move]).controls
    assert score_of(controls) == session.start.score


@every_log
def test_what_is_read_is_written_anew_and_read_again(log: Path, tmp_path: Path) -> None:
    session = read_session(log)
    writer = SessionWriter(tmp_path / "again.jsonl", session.start)
    for event in session.events:
        writer.append(event)
    writer.close()
    assert read_session(tmp_path / "again.jsonl") == session
    assert "/musika/" not in (tmp_path / "again.jsonl").read_text()


def assert_same(state: ControlState, old: dict[str, Any]) -> None:
    """The state is what an old log's controls say."""
    plain = ("model", "seed", "density", "brightness", "variation", "key", "chords")
    # What was free then hardly left the tonic.
    chords = "still" if old["chords"] == "off" else old["chords"]
    assert [state.get(name)[0] for name in plain] == [{**old, "chords": chords}[name] for name in plain]
    assert state.number("tempo") == old["bpm"] and list(state.get("morph")) == old["morph"]
    assert [state.text(f"anchor/{corner}") for corner in "abcd"] == old["anchors"]
    for name in ("density", "brightness"):
        assert {stem: own[0] for stem, own in state.of(name).items()} == old[f"stem_{name}"]
    imported = {name: state.get(name)[0] for name in ("truncation", "noise", "warp")}
    assert imported == old["imported"] and list(state.get("stems")) == old["stems"]
    assert to_json(chains_of(state)) == old["fx"]
    assert set(state.held) == set(old["held"])
    for stem, kept in old["held"].items():
        assert_same(state.held[stem], kept)
    lines = {stem: own[0] for stem, own in state.of("notes").items()}
    assert {stem: to_json(parse_line(text)) for stem, text in lines.items()} == old["notes"]
    assert all(line_text(parse_line(text)) == text for text in lines.values())
