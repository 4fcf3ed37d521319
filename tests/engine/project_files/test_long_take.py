"""An hour that was played with two thousand moves: its project files take little memory."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import mido
import pytest

ROOT = Path(__file__).resolve().parents[3]
LIMIT_MB = 300

WRITE = """
import random, resource, sys, time
from pathlib import Path
from musika_daw.controls.move import Move
from musika_daw.engine.project_files.arrangement import Arrangement, Track, phrase_markers
from musika_daw.engine.project_files.automation import CONTROLLERS, lanes_of
from musika_daw.engine.project_files.dawproject import write_dawproject
from musika_daw.engine.project_files.midi import write_song_midi
from musika_daw.engine.project_files.reaper import write_reaper_project
from musika_daw.music.harmony import parse_key
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.tempo_map import TempoMap

chance, folder, beats = random.Random(1), Path(sys.argv[1]), 60 * 130
points = ((0.0, 128.0), *((400.0 * n, 120.0 + n) for n in range(1, 20)))
tempo_map = TempoMap(points, ramps=True)
names = [target for target, place in CONTROLLERS if place == 0]
places = sorted(chance.uniform(0, beats) for _ in range(2000))
targets = [names[n % len(names)] for n in range(2000)]
values = [(chance.random(),) * (2 if target.control == "morph" else 1) for target in targets]
moves = [(beat, Move(t.control, t.stem, v)) for beat, t, v in zip(places, targets, values)]
steps = [n / 4 for n in range(4 * beats) if n % 5]  # 51 notes a bar, as many as songs have
notes = {stem: tuple(Note(b, 0.2, chance.randint(30, 90), chance.uniform(0.1, 1)) for b in steps) for stem in STEMS}
tracks = (*(Track(stem, f"{stem}.wav", notes[stem], n + 1) for n, stem in enumerate(STEMS)), Track("mix", "mix.wav"))
length = tempo_map.sample_at(beats, 44100)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.perf_counter()
key, markers = parse_key("Am"), phrase_markers(0.0, beats)
take = Arrangement("hour", tempo_map, 0.0, length, 44100, key, tracks, markers, lanes_of(moves))
write_dawproject(folder / "take.dawproject", take)
write_reaper_project(folder / "take.rpp", take)
write_song_midi(folder / "take.mid", take)
seconds = time.perf_counter() - started
print(length / 44100, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
@pytest.mark.slow
def test_an_hour_with_two_thousand_moves(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WRITE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=300)
    length, seconds, megabytes = map(float, done.stdout.split())
    print(f"a take of {length / 60:.0f} minutes: project files in {seconds:.1f} s, {megabytes:.0f} MB")
    assert length > 3000
    assert megabytes < LIMIT_MB
    with zipfile.ZipFile(tmp_path / "take.dawproject") as archive:
        root = ET.fromstring(archive.read("project.xml"))
    notes = 4 * 4 * (4 * 60 * 130 // 5)
    assert len(list(root.iter("Note"))) == notes
    assert len(list(root.iter("RealPoint"))) >= 2000
    assert sum(m.type == "note_on" for t in mido.MidiFile(tmp_path / "take.mid").tracks for m in t) == notes
