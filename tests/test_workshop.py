"""What CONTRIBUTING.md and .ci/run promise."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RUN = (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", PAGE)
    assert len(links) > 15
    for target in links:
        assert (ROOT / target).exists(), target


def test_files_in_commands_are_there() -> None:
    commands = PAGE.split("```sh\n")[1].split("```")[0]
    assert commands.splitlines()[0] in RUN
    for target in re.findall(r"(?:tests/|\.ci/)[\w/.]+", commands):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("musika_daw/engine/fx/effect.py", "class Effect("),
        ("musika_daw/engine/fx/catalogue.py", "_OWN"),
        ("musika_daw/engine/fx/chain.py", "def _build("),
        ("musika_daw/engine/bus/bus.py", "class Bus("),
        ("musika_daw/engine/playable.py", "class PlayedModel("),
    ],
)
def test_names_are_where_the_page_says(file: str, name: str) -> None:
    assert file in PAGE and name in (ROOT / file).read_text(encoding="utf-8")
    assert name.removeprefix("class ").removeprefix("def ").rstrip("(") in PAGE


def test_cheap_checks_come_first_and_pytest_has_the_last_word() -> None:
    order = [RUN.index(words) for words in ("apt-get install", "ruff check", "mypy", "bin/pytest\n", "pytest -m slow")]
    assert order == sorted(order) and RUN.count("apt-get install") == 1
    assert "bin/pytest" in RUN.replace("\\\n", "").strip().splitlines()[-1]


def test_what_is_missing_is_installed_at_once(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    scripts = {
        "apt-get": 'echo "$@" >> "$LOG"',
        "id": "echo 0",
        "oscsend": "",
        "gcc": "",
        "python3": "exit 7",  # what comes after is not this test's
    }
    for name, body in scripts.items():
        (tools / name).write_text(f"#!/bin/sh\n{body}\n")
        (tools / name).chmod(0o755)
    for name in ("tr", "sort", "uname", "dirname", "sh"):
        (tools / name).symlink_to(f"/usr/bin/{name}" if Path(f"/usr/bin/{name}").exists() else f"/bin/{name}")
    log = tmp_path / "log"
    command = ["/bin/sh", str(ROOT / ".ci" / "run")]
    assert subprocess.run(command, env={"PATH": str(tools), "LOG": str(log)}, check=False).returncode == 7
    update, install = log.read_text().splitlines()
    assert update == "update" and install.startswith("install -y --no-install-recommends ")
    packages = install.split()[3:]
    assert {"puredata-core", "jackd2", "fluidsynth", "lua5.4"} <= set(packages) and len(packages) == len(set(packages))
    assert "liblo-tools" not in packages and "libc6-dev" not in packages, "they are there"


def test_pure_tests_start_without_torch() -> None:
    code = (
        "import sys; sys.modules['torch'] = None; import pytest;"
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', *sys.argv[1:]]))"
    )
    pure = ["tests/music/test_line.py", "tests/storage/test_wav_file.py", "tests/osc_protocol/test_types.py"]
    done = subprocess.run([sys.executable, "-c", code, *pure], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
