"""Takes: names, contents, and that nothing half-made ever shows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from musika_daw.controls.move import Move
from musika_daw.engine.mixer import mix_down
from musika_daw.engine.score import Score, StyleCurve, constant
from musika_daw.engine.take.session_log import SessionEvent, SessionStart, read_session
from musika_daw.engine.take.take_writer import TakePlan, TakeWriter
from musika_daw.errors import UsageError, UserError
from musika_daw.music.harmony import parse_key
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import TempoMap, constant_tempo

RATE = 44100
PROJECT_FILES = ("take.dawproject", "take.mid", "take.rpp")


def plan_for(
    project: Path,
    *,
    bars: float = 1,
    first_beat: float = 0.0,
    key: str = "Am",
    bpm: float = 240.0,
    tempo_map: TempoMap | None = None,
    sample_format: str = "pcm24",
    name: str = "take",
) -> TakePlan:
    tempo_map = tempo_map or constant_tempo(bpm)
    controls = {stem: constant(0.5) for stem in STEMS}
    score = Score(7, tempo_map, StyleCurve(((0.0, "fathom"),)), controls, controls, key=parse_key(key))
    start = tempo_map.sample_at(first_beat, RATE)
    length = tempo_map.sample_at(first_beat + 4 * bars, RATE) - start
    session = SessionStart("techno", score, first_beat, length, RATE, sample_format, name, {"musika_daw": "0.1"})
    return TakePlan(project, session, score.key, {"density": 0.5})


def stems_of(n: int) -> dict[str, NDArray[np.float32]]:
    generator = np.random.default_rng(1)
    return {stem: generator.uniform(-0.2, 0.2, (2, n)).astype(np.float32) for stem in STEMS}


def write_take(plan: TakePlan) -> Path:
    assert plan.session.length_samples is not None
    with TakeWriter(plan) as take:
        stems = stems_of(plan.session.length_samples)
        for half in (slice(None, 20_000), slice(20_000, None)):
            part = {stem: audio[:, half] for stem, audio in stems.items()}
            take.write(part, mix_down(part))
        take.log(SessionEvent(plan.session.first_beat, Move.of("density", 0.8)))
        take.write_notes("bass", [Note(plan.session.first_beat + 1, 0.5, 40, 0.8)])
        take.write_notes("drums", [Note(plan.session.first_beat, 0.25, 36, 1.0)])
        return take.finish()


def everything_under(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_a_take_holds_what_the_design_says(tmp_path: Path) -> None:
    project = tmp_path / "not yet" / "there"
    folder = write_take(plan_for(project, bars=2, bpm=128.0, first_beat=16))
    assert folder == project / "Musika" / "take 001"
    waves = [f"{name}_128bpm_Am.wav" for name in (*STEMS, "mix")]
    assert everything_under(folder) == sorted(
        [*waves, "bass.mid", "drums.mid", *PROJECT_FILES, "take.json", "session.jsonl"]
    )
    length = round(24 * 60 / 128 * RATE) - round(16 * 60 / 128 * RATE)
    audio = {name: soundfile.read(folder / name, dtype="float64")[0] for name in waves}
    assert {len(a) for a in audio.values()} == {length}
    error = np.abs(sum(audio[name] for name in waves[:-1]) - audio[waves[-1]]).max()
    assert error <= 2.5 * 2.0**-23 + 1e-7, "the mix is the sum of the stems to within rounding"
    facts = json.loads((folder / "take.json").read_text())
    assert facts["length_samples"] == length and facts["seed"] == 7 and facts["key"] == "Am"
    assert (facts["first_bar"], facts["bars"]) == (4, 2)
    assert facts["bar_line_samples"] == [0, round(20 * 60 / 128 * RATE) - facts["start_sample"], length]
    assert facts["files"]["bass"] == "bass_128bpm_Am.wav" and facts["versions"] == {"musika_daw": "0.1"}
    midi = mido.MidiFile(folder / "drums.mid")
    assert {m.channel for m in midi.tracks[0] if m.type == "note_on"} == {9}
    assert sum(m.time for m in midi.tracks[0]) == 8 * midi.ticks_per_beat


def test_the_session_log_brings_everything_back(tmp_path: Path) -> None:
    plan = plan_for(tmp_path)
    session = read_session(write_take(plan) / "session.jsonl")
    assert session.start == plan.session
    assert session.events == (SessionEvent(0.0, Move.of("density", 0.8)),)


def test_the_same_take_is_the_same_files(tmp_path: Path) -> None:
    first, second = (write_take(plan_for(tmp_path)) for _ in range(2))
    assert (first.name, second.name) == ("take 001", "take 002")
    for file in first.iterdir():
        assert file.read_bytes() == (second / file.name).read_bytes()


@pytest.mark.parametrize(
    ("bpm", "key", "name"),
    [
        (128.0, "off", "mix_128bpm.wav"),
        (97.5, "F#", "mix_97.5bpm_Gb.wav"),
        (100.0, "D dorian", "mix_100bpm_Ddorian.wav"),
        (123.456, "Bbm", "mix_123.46bpm_Bbm.wav"),
    ],
)
def test_file_names(tmp_path: Path, bpm: float, key: str, name: str) -> None:
    assert (write_take(plan_for(tmp_path, bpm=bpm, key=key)) / name).exists()


def test_numbers_go_up_and_nothing_is_overwritten(tmp_path: Path) -> None:
    takes = tmp_path / "Musika"
    takes.mkdir()
    (takes / "take 001").write_text("a file of mine")
    (takes / "take 002").mkdir()
    with TakeWriter(plan_for(tmp_path)) as late:
        assert write_take(plan_for(tmp_path)).name == "take 003"
        stems = stems_of(RATE)
        late.write(stems, mix_down(stems))
        (takes / "take 004").mkdir()
        (takes / "take 004" / "x").touch()
        assert late.finish().name == "take 005"
    assert (takes / "take 001").read_text() == "a file of mine" and not any((takes / "take 002").iterdir())


def test_tempo_ramp_bar_lines_do_not_drift(tmp_path: Path) -> None:
    tempo_map = TempoMap(((0.0, 200.0), (16.0, 240.0)), ramps=True)
    facts = json.loads((write_take(plan_for(tmp_path, bars=4, tempo_map=tempo_map)) / "take.json").read_text())
    assert facts["bar_line_samples"] == tempo_map.bar_line_samples(0, 4, RATE)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_take_cut_short_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), TakeWriter(plan_for(tmp_path / "project")) as take:
        take.write(stems_of(10), stems_of(10)["bass"])
        assert [p.name.startswith(".take 001.partial-") for p in (tmp_path / "project" / "Musika").iterdir()] == [True]
        raise error
    assert everything_under(tmp_path) == []
    with TakeWriter(plan_for(tmp_path / "project")):
        pass
    assert everything_under(tmp_path) == []


def test_a_take_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="10 were written"), TakeWriter(plan_for(tmp_path)) as take:
        take.write(stems_of(10), stems_of(10)["bass"])
        take.finish()
    with pytest.raises(ValueError, match="one shape"), TakeWriter(plan_for(tmp_path)) as take:
        take.write({"bass": stems_of(10)["bass"]}, stems_of(10)["bass"])
    assert everything_under(tmp_path) == []


@pytest.mark.parametrize("name", ["", " ", "a/b", "..", ".a", "a\\b", "a\nb", "x" * 81, "a?", "end."])
def test_impossible_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="take name"), TakeWriter(plan_for(tmp_path, name=name)):
        pass
    assert everything_under(tmp_path) == []


def test_a_project_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "song.rpp").write_text("x")
    with pytest.raises(UserError, match="is a file, not a folder; choose another folder") as caught:
        write_take(plan_for(tmp_path / "song.rpp"))
    assert "\n" not in str(caught.value)


@pytest.fixture
def read_only_folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "locked"
    folder.mkdir()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("root may write anywhere and read-only mounts are not possible here")
    if not root:
        folder.chmod(0o555)
    yield folder
    if root:
        subprocess.run(["umount", folder], check=True)
    else:
        folder.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="folder permissions are POSIX")
def test_an_unwritable_folder(read_only_folder: Path) -> None:
    with pytest.raises(UserError, match=r"cannot create .*locked.*; choose a folder you may write to"):
        write_take(plan_for(read_only_folder / "project"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs is Linux's")
def test_a_full_disk(small_disk: Path) -> None:
    with pytest.raises(UserError, match=r"cannot write .*\.wav: the disk is full; free some space") as caught:
        write_take(plan_for(small_disk))
    assert "\n" not in str(caught.value)
    assert everything_under(small_disk) == []


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs is Linux's")
@pytest.mark.parametrize("left", [0, 4096, 8192])
def test_a_disk_that_is_full_at_the_last_moment(small_disk: Path, left: int) -> None:
    with pytest.raises(UserError, match="the disk is full"), TakeWriter(plan_for(small_disk, bars=0.05)) as take:
        n = take._plan.session.length_samples
        assert n is not None
        take.write(stems_of(n), stems_of(n)["bass"])
        filler = small_disk / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                file.truncate(max(0, file.tell() - left))
        for stem in STEMS:
            take.write_notes(stem, [Note(0.0, 0.1, 40, 0.5)])
        take.finish()
    assert everything_under(small_disk / "Musika") == []


WRITE_SLOWLY = """
import sys, time, numpy as np
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_take_writer import plan_for, stems_of
from musika_daw.engine.take.take_writer import TakeWriter
with TakeWriter(plan_for(Path(sys.argv[1]), bars=100)) as take:
    while take.length_samples < 90 * 44100:
        stems = stems_of(10000)
        take.write(stems, stems["bass"])
        print(take.length_samples, flush=True)
        time.sleep(0.005)
"""


def child_in_mid_write(project: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITE_SLOWLY, str(project), str(Path(__file__).parent)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    while int(child.stdout.readline() or 10**9) < 2 * RATE:
        pass
    assert child.poll() is None
    return child


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_kill_9_leaves_valid_files_hidden_and_the_next_take_removes_them(tmp_path: Path) -> None:
    child = child_in_mid_write(tmp_path)
    write_take(plan_for(tmp_path))
    hidden = [p for p in (tmp_path / "Musika").iterdir() if p.name.startswith(".")]
    assert len(hidden) == 1, "a take that is being written is left alone"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    waves = sorted(hidden[0].glob("*.wav"))
    assert len(waves) == 5
    for wave in waves:
        audio, _ = soundfile.read(wave)
        assert len(audio) >= RATE and np.abs(audio).max() > 0.1
    write_take(plan_for(tmp_path))
    assert sorted(p.name for p in (tmp_path / "Musika").iterdir()) == ["latest", "take 001", "take 002"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_termination_cleans_up(tmp_path: Path, number: signal.Signals) -> None:
    child = child_in_mid_write(tmp_path / "project")
    child.send_signal(number)
    child.communicate()
    assert child.returncode not in (0, -signal.SIGKILL)
    assert everything_under(tmp_path) == []
