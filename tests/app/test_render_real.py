"""`render` as a process, from the command line to the files of a take, with a tiny model."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile

from musika_daw.music.notes import STEMS

ROOT = Path(__file__).resolve().parents[2]
BARS, BPM = 2, 128


def start(model: Path, folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "musika_daw.app", "render", "--model", str(model), "--out", "P", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def rendered(model: Path, folder: Path, *options: str) -> Path:
    process = start(model, folder, *options)
    printed, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    return folder / printed.splitlines()[-1]


@pytest.fixture(scope="module")
def take(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    return rendered(tiny_model, folder, "--bars", str(BARS), "--bpm", str(BPM), "--seed", "7", "--key", "Am")


def test_a_take_has_stems_mix_and_notes_of_the_exact_length(take: Path) -> None:
    assert take.parts[-3:] == ("P", "Musika", "take 001")
    for stem in (*STEMS, "mix"):
        (wav,) = take.glob(f"{stem}_*.wav")
        assert soundfile.info(wav).frames == round(BARS * 4 * 60 / BPM * 44100)
    assert sorted(path.stem for path in take.glob("*.mid")) == sorted([*STEMS, "take"])


def test_its_session_log_renders_the_same_files_under_the_next_number(take: Path, tiny_model: Path) -> None:
    again = rendered(tiny_model, take.parents[2], "--session", str(take / "session.jsonl"))
    assert again.name == "take 002"
    wavs = sorted(path.name for path in take.glob("*.wav"))
    assert len(wavs) == len(STEMS) + 1
    assert [path.name for path in sorted(again.glob("*.wav"))] == wavs
    assert all((again / name).read_bytes() == (take / name).read_bytes() for name in wavs)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_render_that_is_stopped_leaves_nothing(number: int, code: int, tiny_model: Path, tmp_path: Path) -> None:
    process = start(tiny_model, tmp_path, "--bars", "2000")
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("P/Musika/.*/*.wav")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == code, errors
    assert printed == "" and "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_project_is_named(tiny_model: Path, tmp_path: Path) -> None:
    (tmp_path / "P").write_text("not a folder")
    process = start(tiny_model, tmp_path, "--bars", "1")
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 1 and printed == ""
    assert errors.startswith("musika-daw: cannot create P") and errors.count("\n") == 1
