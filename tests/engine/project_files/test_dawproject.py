"""DAWproject archives, read back without the writer: every clip at its beat, every beat at its sample."""

from __future__ import annotations

import dataclasses
import zipfile
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from musika_daw.engine.project_files.arrangement import Arrangement
from musika_daw.engine.project_files.automation import Lane
from musika_daw.engine.project_files.dawproject import write_dawproject
from musika_daw.music.tempo_map import TempoMap
from tests.engine.project_files.arranged import RAMP, RATE, STEADY, STEPS, arranged

SCHEMA = Path(__file__).with_name("dawproject_schema")  # as Bitwig publishes it (github.com/bitwig/dawproject), MIT
LANES = (Lane("density", 70, ((16.0, 0.25), (24.5, 0.75))),)


def written(folder: Path, arrangement: Arrangement) -> ET.Element:
    write_dawproject(folder / "take.dawproject", arrangement)
    with zipfile.ZipFile(folder / "take.dawproject") as archive:
        assert archive.testzip() is None and archive.namelist() == ["project.xml", "metadata.xml"]
        return ET.fromstring(archive.read("project.xml"))


def clips_of(root: ET.Element, name: str) -> ET.Element:
    """The `Clips` in the lane of the track with that name."""
    (track,) = (t for t in root.iter("Track") if t.get("name") == name)
    (clips,) = root.findall(f"./Arrangement/Lanes/Lanes[@track='{track.get('id')}']/Clips")
    return clips


def number(element: ET.Element, name: str) -> float:
    return float(element.attrib[name])


def second_at(beat: float, points: list[tuple[float, float]]) -> float:
    """Read between (beat, second) points as a DAW does: in a straight line."""
    for (b0, s0), (b1, s1) in pairwise(points):
        if b0 <= beat <= b1:
            return s0 + (s1 - s0) * (beat - b0) / (b1 - b0)
    raise AssertionError(f"beat {beat} lies outside")


@pytest.mark.parametrize("tempo_map", [STEADY, STEPS, RAMP])
def test_beats_lie_on_their_samples(tmp_path: Path, tempo_map: TempoMap) -> None:
    take = arranged(tempo_map)
    root = written(tmp_path, take)
    for name in ("drums", "bass", "mix"):
        (clip,) = clips_of(root, name)
        assert (number(clip, "time"), round(number(clip, "duration"), 4)) == (16.0, 72.0)
        (event,) = clip.findall("./Clips/Clip")
        (warps,) = event.findall("Warps")
        assert (warps.get("timeUnit"), warps.get("contentTimeUnit")) == ("beats", "seconds")
        points = [(number(w, "time"), number(w, "contentTime")) for w in warps.findall("Warp")]
        for beat in range(72):
            sample = tempo_map.sample_at(16.0 + beat, RATE) - tempo_map.sample_at(16.0, RATE)
            assert abs(second_at(beat, points) * RATE - sample) < 1.0
        (audio,) = warps.findall("Audio")
        assert number(audio, "duration") * RATE == pytest.approx(take.length_samples, abs=0.01)
        assert audio.find("File").attrib == {"path": f"{name}_128bpm.wav", "external": "true"}  # type: ignore[union-attr]


def test_tempo_automation_gives_every_beat_its_second(tmp_path: Path) -> None:
    root = written(tmp_path, arranged(RAMP))
    (tempo,) = root.findall("./Transport/Tempo")
    (lane,) = root.findall("./Arrangement/TempoAutomation")
    assert lane.find("Target").get("parameter") == tempo.get("id")  # type: ignore[union-attr]
    points = [(number(p, "time"), number(p, "value")) for p in lane.findall("RealPoint")]
    assert {p.get("interpolation") for p in lane.findall("RealPoint")} == {"hold"}
    seconds = 0.0
    for (beat, bpm), (after, _) in pairwise(points):
        assert abs(seconds - RAMP.seconds_at(beat)) < 1e-6
        seconds += (after - beat) * 60.0 / bpm


def test_a_steady_tempo_needs_no_automation(tmp_path: Path) -> None:
    root = written(tmp_path, arranged(STEADY))
    assert root.find("./Arrangement/TempoAutomation") is None
    assert number(root.find("./Transport/Tempo"), "value") == 128.0  # type: ignore[arg-type]


def test_notes_lie_singly_in_their_clip(tmp_path: Path) -> None:
    """Studio One cannot read MIDI clips in clips."""
    (clip,) = clips_of(written(tmp_path, arranged(STEADY)), "bass MIDI")
    assert clip.find("Clips") is None and number(clip, "time") == 16.0
    notes = [tuple(number(n, k) for k in ("time", "duration", "key", "vel", "channel")) for n in clip.iter("Note")]
    assert notes == [(0.0, 0.5, 40, 0.5, 1), (1.26, 0.5, 43, 0.7, 1), (71.0, 1.0, 45, 0.9, 1)]


def test_a_short_take_is_a_scene_that_loops(tmp_path: Path) -> None:
    root = written(tmp_path, arranged(RAMP))
    tracks = {t.get("id"): t.get("name") for t in root.iter("Track")}
    (scene,) = root.findall("./Scenes/Scene")
    slots = {tracks[slot.get("track")]: slot for slot in scene.findall("./Lanes/ClipSlot")}
    assert set(slots) == {"drums", "bass", "drums MIDI", "bass MIDI"}, "the mix is the sum of them"
    for slot in slots.values():
        (clip,) = slot.findall("Clip")
        ends = [round(number(clip, name), 4) for name in ("time", "duration", "loopStart", "loopEnd")]
        assert ends == [0.0, 72.0, 0.0, 72.0]
    warps = slots["bass"].findall("./Clip/Clips/Clip/Warps/Warp")
    there = clips_of(root, "bass").findall("./Clip/Clips/Clip/Warps/Warp")
    assert [w.attrib for w in warps] == [w.attrib for w in there]
    assert len(slots["bass MIDI"].findall("./Clip/Notes/Note")) == 3


def test_long_takes_and_sound_without_a_beat_are_no_scenes(tmp_path: Path) -> None:
    long = arranged(STEADY)
    for name, take in (
        ("a", dataclasses.replace(long, length_samples=4 * long.length_samples)),
        ("b", dataclasses.replace(long, has_beat=False)),
    ):
        (tmp_path / name).mkdir()
        assert len(written(tmp_path / name, take).findall("./Scenes/*")) == 0


def test_names_colours_markers_and_a_muted_mix(tmp_path: Path) -> None:
    root = written(tmp_path, arranged(STEADY))
    tracks = {t.get("name"): t for t in root.iter("Track")}
    assert list(tracks) == ["drums", "bass", "mix", "drums MIDI", "bass MIDI", "Master"]
    assert tracks["bass"].get("color") == tracks["bass MIDI"].get("color") != tracks["drums"].get("color")
    muted = {name: t.find("./Channel/Mute").get("value") for name, t in tracks.items()}  # type: ignore[union-attr]
    assert muted == {name: "true" if name == "mix" else "false" for name in tracks}
    markers = [(number(m, "time"), m.get("name")) for m in root.iter("Marker")]
    assert markers == [(16.0, "bar 5"), (64.0, "bar 17")]


def test_sound_without_a_beat_is_not_warped(tmp_path: Path) -> None:
    root = written(tmp_path, dataclasses.replace(arranged(STEADY), has_beat=False))
    assert not list(root.iter("Warps"))
    (event,) = clips_of(root, "mix").findall("./Clip/Clips/Clip")
    assert event.get("contentTimeUnit") == "seconds" and event.find("Audio") is not None


def test_references_lead_somewhere(tmp_path: Path) -> None:
    root = written(tmp_path, arranged(RAMP))
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        for reference in ("track", "destination", "parameter"):
            assert element.get(reference, ids[0]) in ids


def test_the_same_take_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, arranged(RAMP))
    assert (tmp_path / "a/take.dawproject").read_bytes() == (tmp_path / "b/take.dawproject").read_bytes()


@pytest.mark.parametrize("tempo_map", [STEADY, STEPS, RAMP])
def test_the_published_schema_accepts_it(tmp_path: Path, tempo_map: TempoMap) -> None:
    etree = pytest.importorskip("lxml.etree")
    for beat in (True, False):  # with automation in both
        path = tmp_path / f"{beat}.dawproject"
        write_dawproject(path, dataclasses.replace(arranged(tempo_map), has_beat=beat, automation=LANES))
        with zipfile.ZipFile(path) as archive:
            for member, schema in (("project.xml", "Project.xsd"), ("metadata.xml", "MetaData.xsd")):
                schema_of = etree.XMLSchema(etree.parse(str(SCHEMA / schema)))
                schema_of.assertValid(etree.fromstring(archive.read(member)))
