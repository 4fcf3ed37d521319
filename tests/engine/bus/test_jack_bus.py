"""The JACK bus on a real JACK server."""

from __future__ import annotations

import itertools
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from musika_daw.engine.bus.bus import SAMPLE_RATE, AudioArray, BusLostError
from musika_daw.engine.bus.jack_bus import JackBus
from musika_daw.engine.bus.open_bus import open_bus
from musika_daw.engine.bus.spec import parse_bus
from musika_daw.errors import UserError
from tests.engine.bus.conftest import PERIOD, RATE, STEMS, JackServer
from tests.support.recording import Recording, breaks_of_tone

pytestmark = pytest.mark.slow

BLOCK = np.zeros((2, 1024), np.float32)
TONE = 997.0


def tones(seconds: float, block: int = 1024) -> Iterator[tuple[dict[str, AudioArray], AudioArray]]:
    """Blocks of a tone for each stem, every stem at a level of its own; the mix is their sum."""
    for start in range(0, round(seconds * SAMPLE_RATE), block):
        turns = 2.0 * np.pi * TONE * np.arange(start, start + block) / SAMPLE_RATE
        tone = np.stack([np.sin(turns), np.cos(turns)]).astype(np.float32)
        stems = {stem: np.asarray(tone * np.float32(0.05 * (i + 1))) for i, stem in enumerate(STEMS)}
        yield stems, np.asarray(tone * np.float32(0.5))


def open_jack(spec: str = "jack") -> JackBus:
    bus = open_bus(parse_bus(spec), STEMS)
    assert isinstance(bus, JackBus)
    return bus


def test_without_a_server_one_line_says_so(jack_server: JackServer) -> None:
    with pytest.raises(UserError, match="no JACK server is running: start one"):
        open_jack()


def test_ports_are_named_and_the_mix_is_heard(jack_server: JackServer) -> None:
    jack_server.start(playback_ports=2)
    bus = open_jack()
    ours = [port for port in jack_server.ports() if port.startswith("Musika DAW:")]
    assert ours == [f"Musika DAW:{source}_{side}" for source in ("mix", *STEMS) for side in ("left", "right")]
    assert jack_server.connections("system:playback_1") == ["Musika DAW:mix_left"]
    assert jack_server.connections("system:playback_2") == ["Musika DAW:mix_right"]
    assert bus.latency_seconds < 0.061
    assert "JACK client 'Musika DAW' (mix, drums, bass, chords, lead) at 48000 Hz" in bus.description
    bus.close()
    bus.close()
    assert not any("Musika" in port for port in jack_server.ports())


def test_the_default_bus_is_jack_where_there_is_nothing_else(jack_server: JackServer) -> None:
    portaudio = pytest.importorskip("sounddevice", exc_type=OSError)
    if any(device["max_output_channels"] for device in portaudio.query_devices()):
        pytest.skip("this computer has an audio device")
    with pytest.raises(UserError, match="no audio device is there"):
        open_bus(parse_bus("default"), STEMS)
    jack_server.start()
    bus = open_bus(parse_bus("default"), STEMS)
    assert isinstance(bus, JackBus)
    bus.close()


def test_stems_are_connected_where_there_are_playback_ports_for_all(jack_server: JackServer) -> None:
    jack_server.start(playback_ports=10)
    bus = open_jack()
    assert jack_server.connections("system:playback_3") == ["Musika DAW:drums_left"]
    assert jack_server.connections("system:playback_10") == ["Musika DAW:lead_right"]
    bus.close()


def test_a_map_names_ports_and_where_they_go(jack_server: JackServer) -> None:
    jack_server.start(playback_ports=4)
    bus = open_jack("jack,map=bass:3-4,drums:1")
    ours = [port for port in jack_server.ports() if port.startswith("Musika DAW:")]
    assert ours == ["Musika DAW:bass_left", "Musika DAW:bass_right", "Musika DAW:drums"]
    assert jack_server.connections("Musika DAW:bass_left") == ["system:playback_3"]
    assert jack_server.connections("Musika DAW:drums") == ["system:playback_1"]
    bus.close()


def test_two_on_one_server_have_names_of_their_own(jack_server: JackServer) -> None:
    jack_server.start()
    first, second = open_jack(), open_jack()
    for _ in range(20):
        first.write({}, BLOCK)
        second.write({}, BLOCK)
    assert {"Musika DAW:drums_left", "Musika DAW-01:drums_left"} <= set(jack_server.ports())
    first.close()
    second.write({}, BLOCK)
    second.close()


def test_every_port_carries_its_own_audio(jack_server: JackServer, tmp_path: Path) -> None:
    jack_server.start()
    bus = open_jack()
    ours = [port for port in jack_server.ports() if port.startswith("Musika DAW:")]
    with Recording(tmp_path / "heard.wav", ours, seconds=4) as recording:
        for stems, mix in tones(2.0):
            bus.write(stems, mix)
        bus.close()
    heard = recording.audio()
    sounding = np.flatnonzero(heard[1])
    middle = heard[:, sounding[0] + RATE // 4 : sounding[-1] - RATE // 4]
    levels = np.sqrt(2.0 * np.mean(np.square(middle), axis=1))
    assert levels == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.1, 0.1, 0.15, 0.15, 0.2, 0.2], rel=0.1)
    turns = 2.0 * np.pi * TONE * np.arange(RATE // 20) / RATE
    phases = [np.angle(np.exp(-1j * turns) @ side[: RATE // 20]) for side in middle[:2]]
    assert np.cos(phases[1] - phases[0] - np.pi / 2) == pytest.approx(1.0, abs=1e-2), "left is sine, right is cosine"


def test_a_late_writer_is_counted_and_the_end_is_not(jack_server: JackServer) -> None:
    jack_server.start()
    bus = open_jack()
    for stems, mix in tones(0.3):
        bus.write(stems, mix)
    before = bus.underruns
    time.sleep(0.3)
    for stems, mix in tones(0.3):
        bus.write(stems, mix)
    counted = bus.underruns
    assert counted > before
    bus.close()
    assert bus.underruns == counted


def test_the_period_may_change_while_it_plays(jack_server: JackServer) -> None:
    """As PipeWire does by itself: a hole where it grows at most, none after it, and the latency is told anew."""
    if not shutil.which("jack_bufsize"):
        pytest.skip("jack_bufsize is not installed")
    jack_server.start()
    bus = open_jack()
    blocks = itertools.cycle(list(tones(0.5, 512)))

    def play(seconds: float) -> None:
        for _ in range(round(seconds * SAMPLE_RATE / 512)):
            bus.write(*next(blocks))

    play(0.5)
    for changes, period in enumerate((64, 4096, 128, 2048, 1024, 256), 1):
        before = bus.underruns
        changing = subprocess.Popen(["jack_bufsize", str(period)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        play(1.0)
        assert changing.wait(10) == 0
        assert bus.underruns - before < 5, f"{period} frames"
        before, xruns = bus.underruns, bus.xruns
        play(0.7)
        assert bus.underruns == before or bus.xruns > xruns, f"{period} frames"
        assert bus.changes == changes
        asked = max(2 * period + period, round(0.043 * RATE)) / RATE
        assert asked <= bus.latency_seconds < asked + 0.02 + 2 * period / RATE
        assert f"{bus._latency_seconds * 1000:.0f} ms" in bus.description
    bus.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
def test_a_server_that_goes_away_is_told_within_two_seconds(jack_server: JackServer, how: int) -> None:
    jack_server.start()
    bus = open_jack()
    for _ in range(20):
        bus.write({}, BLOCK)
    jack_server.send(how)
    begin = time.monotonic()
    with pytest.raises(BusLostError, match="the JACK server"):
        while time.monotonic() < begin + 5.0:
            bus.write({}, BLOCK)
    assert time.monotonic() - begin < 2.0
    begin = time.monotonic()
    bus.close()
    assert time.monotonic() - begin < 1.5
    jack_server.stop()
    jack_server.start()
    again = open_jack()
    for _ in range(20):
        again.write({}, BLOCK)
    assert "Musika DAW:drums_left" in jack_server.ports()
    again.close()


@pytest.mark.parametrize("stop", [signal.SIGSTOP])
def test_a_frozen_server_does_not_keep_us_waiting(jack_server: JackServer, stop: int) -> None:
    jack_server.start()
    jack_server.send(stop)
    begin = time.monotonic()
    with pytest.raises(UserError, match="the JACK server does not answer"):
        open_jack()
    assert time.monotonic() - begin < 8.0


def test_a_tone_arrives_unbroken_for_seconds(jack_server: JackServer, tmp_path: Path) -> None:
    soak(jack_server, tmp_path, 5.0)


def test_a_tone_arrives_unbroken_for_a_minute_beside_a_busy_loop(jack_server: JackServer, tmp_path: Path) -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        soak(jack_server, tmp_path, 60.0)
    finally:
        busy.kill()
        busy.wait()


def soak(jack_server: JackServer, folder: Path, seconds: float) -> None:
    """A tone for so long: every sample that was heard follows from those before it."""
    jack_server.start()
    bus = open_jack()
    with Recording(
        folder / "heard.wav", ["Musika DAW:mix_left", "Musika DAW:lead_right"], round(seconds) + 2
    ) as recording:
        begin, late_before = time.monotonic(), bus.xruns
        for stems, mix in tones(seconds):
            bus.write(stems, mix)
        took, late = time.monotonic() - begin, bus.xruns - late_before
        xruns = recording.xruns
        bus.close()
    print(f"{seconds:g} s took {took:.2f} s: {bus.underruns} underruns, JACK was late {late} and {xruns} times")
    assert bus.underruns == 0
    if xruns:
        pytest.skip(f"the JACK server itself was late {xruns} times: this computer is too busy to tell more")
    if not recording.complete:
        pytest.skip("the recorder did not keep up: this computer is too busy to tell more")
    assert late == 0
    assert took == pytest.approx(seconds, abs=0.5)
    for port in recording.audio():
        sounding = np.flatnonzero(port)
        sound = port[sounding[0] + 10 * PERIOD : sounding[-1] - 10 * PERIOD]
        assert len(sound) > (seconds - 0.5) * RATE
        assert breaks_of_tone(sound, TONE, RATE).size == 0
        assert breaks_of_tone(np.delete(sound, RATE), TONE, RATE).size > 0, "one sample that is missing would be seen"
