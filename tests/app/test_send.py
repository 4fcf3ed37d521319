"""Messages from a terminal, and those that the documentation gives to try, sent to a generator as they stand there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from musika_daw.app.main import main
from musika_daw.control.osc.thread import ControlSettings, ControlThread
from musika_daw.engine.project_files.midi import write_midi
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import constant_tempo
from osc_protocol import Client
from osc_protocol.table import ROWS
from tests.support.live_process import live
from tests.support.memory_instrument import MemoryInstrument

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md")))
NAMES = {"/musika/preset NAME": "/musika/preset night_bus", "/musika/preset/save NAME": "/musika/preset/save jam"}
NAMES |= {"/musika/midi/map NAME": "/musika/midi/map generic_8_knobs"}


@pytest.fixture
def port() -> Iterator[int]:
    with ControlThread(MemoryInstrument(), ControlSettings(port=0, announce=False)) as control:
        yield control.osc_port


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("/musika/density 0.25", 0, ""),
        ("/musika/tempo", 0, "128"),
        ("'/musika/stem/*/mute' 1", 0, ""),
        ("/musika/stem/bass/mute on", 0, ""),
        ("/musika/stem/bass/gain -6", 0, ""),
        ("/musika/anchor/a 17", 0, ""),
        ("/musika/densitty 1", 1, "did you mean /musika/density?"),
        ("/musika/bpm 120", 1, "did you mean /musika/tempo?"),
        ("/musika/density 7", 1, "density 7 is out of range: expected 0 to 1"),
        ("'/musika/stem/*/gain' 700", 1, "gain 700 is out of range"),
        ("/musika/density loud", 1, "density 'loud' has the wrong type: expected 0 to 1"),
        ("/musika/morph 0.5", 1, "got 1 arguments: expected 2 (x, y)"),
        ("/musika/told", 1, "/musika/told"),
    ],
)
def test_one_message(port: int, words: str, code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["send", "--port", str(port), *shlex.split(words)]) == code
    printed = capsys.readouterr()
    assert said in (printed.err if code else printed.out)
    assert printed.err.count("\n") == (1 if code else 0)


def test_what_was_sent_is_there(port: int) -> None:
    assert main(["send", "--port", str(port), "/musika/density", "0.25"]) == 0
    assert main(["send", "--port", str(port), "/musika/chords", "Am F"]) == 0
    with Client(port=port) as client:
        assert client.query("/musika/density") == (0.25,) and client.query("/musika/chords") == ("Am F",)


def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["send", "--port", "9", "/musika/play"]) == 1
    assert re.search(r"no answer.*musika-daw live.*--port N", capsys.readouterr().err)


def messages(page: str) -> Iterator[str]:
    """The messages of a page, but for its table of addresses, mere names of them, and events that come back."""
    text = (ROOT / page).read_text(encoding="utf-8").split("\n## Addresses")[0]
    for words in re.findall(r'`("?/musika/[^`]*)`', text):
        row = ROWS.get(words.split()[0])
        is_event = row is not None and not (row.access.readable or row.access.writable)
        is_name = row is not None and row is ROWS.get(words) and row.arguments and not row.access.readable
        if not is_event and not is_name:
            yield NAMES.get(words, words)


def test_there_are_messages_to_paste() -> None:
    found = {page: list(messages(page)) for page in PAGES}
    assert len(found["README.md"]) > 15 and len(found["docs/clock_and_midi.md"]) > 15


@pytest.mark.slow
def test_every_message_can_be_pasted(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in ("PRESETS", "SCENES", "MIDI"):
        monkeypatch.setenv(f"MUSIKA_DAW_{kind}", str(tmp_path / kind))
    for name in ("line.mid", "song.mid"):
        notes = (Note(0.0, 1.0, 36, 0.8), Note(2.0, 0.5, 38, 1.0))
        write_midi(tmp_path / name, notes, constant_tempo(120), 0.0, 4.0, name="bass", channel=1)
    refused = []
    monkeypatch.chdir(tmp_path)
    with live(tmp_path, tiny_model, "--bus", "null", "--preset", "default") as process:
        for message in dict.fromkeys(message for page in PAGES for message in messages(page)):
            words = shlex.split(message.replace("song.mid:2", "song.mid:1"))
            if main(["send", "--port", str(process.port), *words]):
                refused.append((message, capsys.readouterr().err))
        assert process.program.poll() is None
    assert not refused, refused
