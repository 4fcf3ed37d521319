"""Paths as people and systems have them: homes that no shell opened, names that the terminal cannot say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from musika_daw.app.main import main
from musika_daw.errors import UserError
from musika_daw.paths import user_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def test_a_home_is_opened_wherever_a_path_comes_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert user_path("~/Song") == tmp_path / "Song" and user_path("~nobody-of-this-name/x") == Path(
        "~nobody-of-this-name/x"
    )
    assert user_path("a~b") == Path("a~b")
    with pytest.raises(UserError, match="is not possible"):
        user_path("a\0b")


def test_paths_that_the_terminal_cannot_say_are_printed_with_escapes(tiny_model: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "musika_daw.app", "render", "--model", str(tiny_model), "--seconds", "0.5"]
    for encoding in ("cp1252", "ascii"):
        done = subprocess.run(
            [*command, "--out", "Песня"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        assert rb"\u041f\u0435\u0441\u043d\u044f" in done.stdout
    assert len(list((tmp_path / "Песня" / "Musika").glob("take *"))) == 2


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["rendr"], "did you mean render?"),
        (["models", "lst"], "did you mean list?"),
        (["render", "--bars", "1", "--out", "P", "--densitty", "1"], "did you mean --density?"),
        (["render", "--bars", "1", "--out", "P", "--model", "tecno"], "did you mean techno?"),
    ],
)
def test_the_nearest_name_is_told(words: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert hint in capsys.readouterr().err
