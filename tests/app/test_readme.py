"""The README's commands are those that are run, and its options exist."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from musika_daw.app.command import PROGRAM, find_command
from musika_daw.app.control_options import option
from musika_daw.app.main import COMMANDS
from musika_daw.controls.book import on_surface
from musika_daw.controls.control import Surface
from tests.support.jack import jack_server
from tests.support.live_process import listening_port

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


PAGES = ["README.md", *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md"))]
_ASIDE = ("...", "…", "<", "$")  # lines that stand for something else


def commands(page: str, before: str = "no such heading") -> Iterator[list[str]]:
    """The words after `musika-daw` of every line that a page gives to paste into a shell, up to a heading."""
    text = (ROOT / page).read_text(encoding="utf-8").split(f"\n## {before}")[0].replace("\\\n", " ")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            starts = [i + 1 for i, word in enumerate(words) if Path(word).name == PROGRAM]
            for start in starts:
                ends = [i for i, word in enumerate(words) if i >= start and word in ("&&", "|", ">", "&", ";")]
                said = words[start : min(ends, default=len(words))]
                if not any(aside in word for aside in _ASIDE for word in said):
                    yield said


@pytest.mark.parametrize("page", PAGES)
def test_commands_can_be_pasted(page: str) -> None:
    for words in commands(page):
        assert find_command(PROGRAM, COMMANDS, words) is not None, words


@pytest.mark.slow
def test_the_first_ten_minutes_work(tmp_path: Path) -> None:
    """Every render of the README, one after the other, as a newcomer pastes them; those of a model that was trained
    have hours before them."""
    takes = 0
    for words in commands("README.md", before="Train it"):
        if words[0] in ("render", "styles", "presets", "devices", "protocol"):
            done = subprocess.run(
                [sys.executable, "-m", "musika_daw.app", *words],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, (words, done.stderr)
            takes += words[0] == "render"
    assert takes >= 5


@pytest.mark.slow
def test_it_listens_as_it_is_started(tmp_path: Path) -> None:
    """Every `live` of the README, on a JACK server, for the sake of its MIDI."""
    started = 0
    with jack_server():
        for words in commands("README.md", before="Train it"):
            if words[0] == "live":
                program = subprocess.Popen(
                    [sys.executable, "-m", "musika_daw.app", *words, "--osc-port", "0"],
                    cwd=tmp_path,
                    env={**os.environ, "PYTHONPATH": str(ROOT)},
                    stderr=subprocess.PIPE,
                    text=True,
                )
                try:
                    assert listening_port(program), words
                    started += 1
                finally:
                    program.terminate()
                    program.communicate(timeout=60)
    assert started >= 5


@pytest.mark.parametrize("page", PAGES)
def test_commands_say_that_they_are_of_a_shell(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for language, block in re.findall(r"```(\w*)\n(.*?)```", text, re.DOTALL):
        assert language in ("sh", "console") or not re.search(rf"^{PROGRAM} ", block, re.MULTILINE), block


def test_the_second_command_is_what_ci_runs() -> None:
    first, second = README.split("```sh\n")[1].split("```")[0].strip().splitlines()
    assert "musika-daw render" in first
    assert second in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_links_lead_somewhere() -> None:
    for page in ("README.md", "ARCHITECTURE.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{page}: {target}"


def test_every_control_is_explained() -> None:
    for control in on_surface(Surface.RENDER):
        assert f"`{option(control.name)}" in README, control.name
