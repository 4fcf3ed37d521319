"""The README's commands are those that are run, and its options exist."""

import re
from pathlib import Path

from musika_daw.app.controls import CONTROLS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_second_command_is_what_ci_runs() -> None:
    first, second = README.split("```sh\n")[1].split("```")[0].strip().splitlines()
    assert "musika-daw render" in first
    assert second in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_links_lead_somewhere() -> None:
    for page in ("README.md", "ARCHITECTURE.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{page}: {target}"


def test_every_control_is_explained() -> None:
    for control in CONTROLS:
        assert f"`{control.option}" in README, control.option
