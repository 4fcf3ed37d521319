"""DAWproject archives as another program's reader sees them: openDAW's, from npm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from musika_daw.engine.project_files.dawproject import write_dawproject
from musika_daw.music.tempo_map import TempoMap
from tests.engine.project_files.arranged import RAMP, RATE, STEADY, STEPS, arranged
from tests.engine.project_files.test_dawproject import second_at

MODULES = "MUSIKA_DAWPROJECT_READER"
SCRIPT = Path(__file__).with_name("read_dawproject.mjs")

pytestmark = [
    pytest.mark.skipif(
        MODULES not in os.environ,
        reason=f"{MODULES} does not name a node_modules with @opendaw/lib-dawproject@0.0.70, jsdom and esbuild",
    ),
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no node"),
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script with the library in it, which is made for bundlers."""
    out, modules = tmp_path_factory.mktemp("reader") / "read.cjs", Path(os.environ[MODULES])
    options = [
        "--bundle",
        "--platform=node",
        "--keep-names",
        "--external:jsdom",
        "--log-level=error",
        f"--outfile={out}",
    ]
    command = [str(modules / ".bin" / "esbuild"), str(SCRIPT), *options, f"--outfile={out}"]
    subprocess.run(command, check=True, env=os.environ | {"NODE_PATH": str(modules)}, timeout=60)
    return out


def read(reader: Path, folder: Path, tempo_map: TempoMap) -> Any:
    """The project as the library's classes hold it; the name of the class is its `kind`."""
    write_dawproject(folder / "take.dawproject", arranged(tempo_map))
    with zipfile.ZipFile(folder / "take.dawproject") as archive:
        archive.extract("project.xml", folder)
    environment = os.environ | {"NODE_PATH": os.environ[MODULES]}
    command = ["node", str(reader), str(folder / "project.xml")]
    return json.loads(subprocess.run(command, check=True, capture_output=True, env=environment, timeout=60).stdout)


@pytest.mark.parametrize("tempo_map", [STEADY, STEPS, RAMP])
def test_every_clip_is_at_its_beat_and_sample(reader: Path, tmp_path: Path, tempo_map: TempoMap) -> None:
    project = read(reader, tmp_path, tempo_map)
    tracks = {track["id"]: track["name"] for track in project["structure"]}
    assert list(tracks.values()) == ["drums", "bass", "mix", "drums MIDI", "bass MIDI", "Master"]
    lanes = {tracks[lane["track"]]: lane["lanes"][0]["clips"] for lane in project["arrangement"]["lanes"]["lanes"]}
    for name in ("drums", "bass", "mix"):
        (clip,) = lanes[name]
        assert (clip["time"], round(clip["duration"], 3)) == (16, 72)
        (warps,) = clip["content"][0]["clips"][0]["content"]
        assert (warps["kind"], warps["timeUnit"], warps["contentTimeUnit"]) == ("WarpsSchema", "beats", "seconds")
        assert warps["content"][0]["file"]["path"] == f"{name}_128bpm.wav"
        points = [(warp["time"], warp["contentTime"]) for warp in warps["warps"]]
        for beat in range(72):
            sample = tempo_map.sample_at(16.0 + beat, RATE) - tempo_map.sample_at(16.0, RATE)
            assert abs(second_at(beat, points) * RATE - sample) < 1.0
    (notes,) = lanes["bass MIDI"][0]["content"]
    assert notes["kind"] == "NotesSchema"
    assert [(n["time"], n["key"], n["channel"]) for n in notes["notes"]] == [(0, 40, 1), (1.26, 43, 1), (71, 45, 1)]


def test_tempo_leads_every_beat_to_its_second(reader: Path, tmp_path: Path) -> None:
    project = read(reader, tmp_path, RAMP)
    tempo = project["arrangement"]["tempoAutomation"]
    assert tempo["target"]["parameter"] == project["transport"]["tempo"]["id"] and tempo["unit"] == "bpm"
    seconds, points = 0.0, [(float(p["time"]), p["value"]) for p in tempo["points"]]
    for (beat, bpm), (after, _) in pairwise(points):
        assert abs(seconds - RAMP.seconds_at(beat)) < 1e-6
        seconds += (after - beat) * 60.0 / bpm
