"""Imports go downwards only: the contracts of pyproject.toml, and what an import may load."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_import_contracts_are_kept() -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_osc_protocol_loads_neither_audio_nor_networks() -> None:
    code = (
        "import sys, osc_protocol, osc_protocol.describe;"
        "print([m for m in ('torch', 'numpy', 'soundfile', 'musika_daw.engine') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
