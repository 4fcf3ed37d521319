"""A take in Ardour itself: the script brings it in, Ardour exports it, and nothing has changed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from musika_daw.engine.console import Sound
from musika_daw.engine.offline.renderer import render_take
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import TempoMap, constant_tempo
from musika_daw.resources import presets_folder
from tests.controllers.ardour import real_ardour
from tests.engine.offline.test_renderer import a_score

SCRIPT = presets_folder() / "controllers" / "ardour" / "musika_daw_take.lua"
RAMP = TempoMap(((0.0, 100.0), (32.0, 150.0)), ramps=True)
SUPERCLOCKS = 282_240_000  # a second, in Ardour's files
CLOSE = 10 ** (-80 / 20)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(real_ardour.missing()), reason=real_ardour.missing() or "it is here"),
]


@pytest.mark.parametrize("tempo_map", [constant_tempo(126), RAMP])
def test_what_ardour_exports_is_the_take(tiny_model: Path, tmp_path: Path, tempo_map: TempoMap) -> None:
    take = render_take(
        str(tiny_model),
        a_score(tempo_map),
        first_bar=4,
        bars=4,
        project=tmp_path / "it's mine",
        sample_format="float32",
        fade_seconds=0.0,
        sound=Sound(),
    )
    facts = json.loads((take / "take.json").read_text(encoding="utf-8"))
    with real_ardour.ardour_with(tmp_path / "song", SCRIPT, str(take.parent / "latest")) as ardour:
        ardour.run_script()
        real_ardour.wait_for(lambda: "mix" in ardour.tracks(), "the last of the take's tracks")
        # What the script does last comes a moment after the track's name.
        real_ardour.wait_for(lambda: is_muted(ET.fromstring(ardour.save()), "mix"), "the mute of the mix")
        session = ET.fromstring(ardour.save())
    names = [route.get("name") for route in session.iter("Route")]
    assert [name for name in names if name in (*facts["files"], *(f"{stem} MIDI" for stem in facts["files"]))] == [
        *("drums", "drums MIDI", "bass", "bass MIDI", "chords", "chords MIDI", "lead", "lead MIDI", "mix")
    ]
    check_tempo(session, tempo_map)
    check_places(session, facts)
    stems = {name: soundfile.read(take / file)[0] for name, file in facts["files"].items()}
    heard = exported(session, tmp_path, None)
    assert heard.shape == (facts["length_samples"], 2) and np.abs(heard).max() > 0.01
    together = sum(stems[name] for name in STEMS)
    assert np.abs(heard - together).max() < CLOSE, "the mix is muted, the stems are what they were"
    for name, sound in () if tempo_map.ramps else stems.items():
        assert np.abs(exported(session, tmp_path, name) - sound).max() < CLOSE, name


def is_muted(session: ET.Element, name: str) -> bool:
    """Whether a track of a session is muted."""
    masters = [
        master for route in session.iter("Route") if route.get("name") == name for master in route.iter("MuteMaster")
    ]
    return any(master.get("muted") in ("1", "yes") for master in masters)


def exported(session: ET.Element, folder: Path, only: str | None) -> NDArray[np.float64]:
    """What Ardour exports of its session; with all but one track muted, if it is asked for alone."""
    for route in session.iter("Route") if only else ():
        muted = str(int(route.get("name") not in (only, "Master")))
        for master in route.iter("MuteMaster"):
            master.set("muted", muted)
        for control in route.iter("Controllable"):
            if control.get("name") == "mute":
                control.set("value", muted)
    name = only or "whole"
    (folder / "song" / f"{name}.ardour").write_bytes(ET.tostring(session))
    real_ardour.export(folder / "song", name, folder / "out.wav")
    sound, rate = soundfile.read(folder / "out.wav")
    assert rate == 44100
    return np.asarray(sound)


def check_tempo(session: ET.Element, tempo_map: TempoMap) -> None:
    """Every tempo of Ardour's map stands at its second of ours."""
    tempi = [tempo for tempo in session.iter("Tempo") if "sclock" in tempo.attrib]
    assert len(tempi) >= 17 if tempo_map.ramps else len(tempi) == 1
    for tempo in tempi:
        beats, ticks = map(int, str(tempo.get("quarters")).split(":"))
        seconds = int(str(tempo.get("sclock"))) / SUPERCLOCKS
        assert abs(seconds - tempo_map.seconds_at(beats + ticks / 1920)) < 1 / 44100


def check_places(session: ET.Element, facts: dict[str, object]) -> None:
    """Audio lies on its sample, notes on their beat."""
    heard: dict[str, list[str]] = {"audio": [], "midi": []}
    for playlist in session.iter("Playlist"):
        for region in playlist.findall("Region"):
            heard[str(region.get("type"))].append(re.split("@", str(region.get("length")))[1])
            if region.get("type") == "audio":
                assert (region.get("fade-in-active"), region.get("fade-out-active")) == ("0", "0")
    superclocks = int(str(facts["start_sample"])) * SUPERCLOCKS // 44100
    assert heard["audio"] == [f"a{superclocks}"] * 5
    assert heard["midi"] == ["b30720"] * 4
