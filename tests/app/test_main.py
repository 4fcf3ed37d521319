"""What every command shares: help, version, exit codes, signals, a reader that leaves."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from musika_daw import __version__
from musika_daw.app import main as main_module
from musika_daw.app.command import Command, Group, Parser
from musika_daw.app.main import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
START = [sys.executable, "-m", "musika_daw.app"]


def _commands(group: Group, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command and group by its words; what loads networks stands for itself."""
    found = [words]
    for word, (_, load) in group.entries.items():
        if word in ("autoencoder", "pattern", "generator", "quick"):
            continue
        node = load()
        found += _commands(node, (*words, word)) if isinstance(node, Group) else [(*words, word)]
    return found


@pytest.mark.parametrize("words", [w for w in _commands(COMMANDS) if w != ("bench",)], ids=" ".join)
def test_every_help_shows_an_example(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.suppress(SystemExit):  # how argparse leaves after printing
        main([*words, "--help"])
    printed = capsys.readouterr().out
    assert f"usage: {' '.join(('musika-daw', *words))}" in printed
    assert "example:\n  musika-daw " in printed


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"musika-daw {__version__}\n"


def test_help_and_protocol_load_nothing_heavy() -> None:
    code = (
        "import sys; from musika_daw.app.main import main; main(['--help']); main(['protocol']);"
        "print([m for m in ('torch', 'numpy', 'pedalboard') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def _with_command(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(_options: object) -> None:
        raise error

    command = Command("", "musika-daw x", lambda parser: None, fail)
    monkeypatch.setattr(main_module, "COMMANDS", Group("", "musika-daw x", {"x": ("", lambda: command)}))


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (RuntimeError("two\nlines"), 1, "RuntimeError: two lines; please report this with what"),
        (OSError(5, "Input/output error", "a.wav"), 1, "OSError: [Errno 5] Input/output error: 'a.wav'; please report"),
        (MemoryError(), 1, "not enough memory"),
        (ModuleNotFoundError("no", name="scipy.signal"), 1, "pip install 'musika-daw[train]'"),
        (ModuleNotFoundError("No module named 'zz'", name="zz"), 1, "ModuleNotFoundError: No module named 'zz'"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_whatever_goes_wrong_is_one_line(
    error: BaseException, code: int, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MUSIKA_DAW_TRACEBACK", raising=False)
    _with_command(monkeypatch, error)
    assert main(["x"]) == code
    printed = capsys.readouterr().err
    assert line in printed and printed.count("\n") == 1


def test_a_traceback_can_be_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _with_command(monkeypatch, RuntimeError("oh"))
    monkeypatch.setenv("MUSIKA_DAW_TRACEBACK", "1")
    assert main(["x"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_parser_does_not_guess_at_short_options() -> None:
    assert not Parser("x", "", "").allow_abbrev


@pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signals_end_it_with_their_code(number: int, code: int) -> None:
    code_text = (
        "import sys, time; from musika_daw.app import main as m; from musika_daw.app.command import Command, Group;"
        "wait = Command('', '', lambda parser: None, lambda options: (print('ready', flush=True), time.sleep(60)));"
        "m.COMMANDS = Group('', '', {'wait': ('', lambda: wait)}); sys.exit(m.main(['wait']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code_text], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    _, printed = process.communicate(timeout=30)
    assert process.returncode == code
    assert b"Traceback" not in printed


@pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")
def test_a_reader_that_leaves_is_no_error() -> None:
    process = subprocess.Popen([*START, "protocol", "--json"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 141
