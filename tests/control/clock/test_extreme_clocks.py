"""Tempos beyond what can be played, from the clocks of other programs: kicks are on their beats in half or double time.

MUSIKA_CLOCK_SECONDS: how long each tempo is followed (default 20).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.control.clock.test_link_clock import THEIRS, Peer, has_multicast
from tests.support.band import MIDI_IN, RATE, Band, band, connect, figures, wait_for

pytestmark = pytest.mark.slow
SECONDS = float(os.environ.get("MUSIKA_CLOCK_SECONDS", "20"))
_BEATS = 14  # of a slow clock at least


class Heard:
    """What a subscriber is told: lines about the clock, and the beats that pass."""

    def __init__(self, made: Band) -> None:
        self.told: list[str] = []
        self.beats: list[float] = []
        made.osc.subscribe(self._hear)

    def _hear(self, address: str, values: tuple[object, ...]) -> None:
        if address == "/musika/told" and "clock are played" in str(values[1]):
            self.told.append(str(values[1]))
        elif address == "/musika/beat":
            self.beats.append(float(str(values[0])))

    def unbroken(self) -> bool:
        """Whether beats come one after the other once the tempo is known."""
        settled = self.beats[len(self.beats) // 3 :]
        return settled == [settled[0] + i for i in range(len(settled))]


def judge(made: Band, heard: Heard, bpm: float, beat_frames: np.ndarray) -> None:
    """One line told; kicks on the beats that are ours, within 5 ms in the middle."""
    every = 2 if bpm > 240 else 1
    errors = made.kick_errors_ms(beat_frames[::every])[max(3, round(6.0 * bpm / 60 / every)) : -1]
    kicks = errors[~np.isnan(errors)]
    state, (told,) = str(made.osc.query("/musika/status")[4]), heard.told
    print(f"\n{bpm} bpm: {figures(errors)}; {state}; {told}")
    found = re.match(r"(\S+) bpm of the (midi|link) clock are played as (\S+), in (half|double) time", told)
    assert found and float(found[1]) == pytest.approx(bpm, rel=0.02)
    assert " bpm played as " in state
    good = len(kicks) > 0.6 * len(errors) and np.median(np.abs(kicks)) <= 5.0 and heard.unbroken()
    real_time_factor, _, underruns, *_ = made.osc.query("/musika/status")
    if not good and (underruns or made.player.missed or real_time_factor < 2.0):
        pytest.skip(f"this computer is too busy: {underruns} underruns, {made.player.missed} frames lost by the server")
    assert good


def transport(command: str) -> None:
    subprocess.run(["jack_transport"], input=f"{command}\nquit\n", text=True, capture_output=True, timeout=20)


def playback_latency() -> int:
    """Frames from a client to the sound: what is meant for a moment passes by so much before it."""
    told = subprocess.run(["jack_lsp", "-l", "system:playback_1"], capture_output=True, text=True, timeout=10).stdout
    found = re.search(r"playback latency = \[ \d+ (\d+) \]", told)
    assert found, told
    return int(found[1])


@contextmanager
def midi_clock(bpm: float) -> Iterator[None]:
    source = subprocess.Popen(["jack_midi_clock", "-b", str(bpm), "-B"], stdout=subprocess.DEVNULL)
    try:
        connect("mclk_out", MIDI_IN)
        time.sleep(1.0)
        yield
    finally:
        source.terminate()
        source.wait(10)


@pytest.mark.parametrize("bpm", [20, 30, 39, 241, 300, 400])
def test_the_midi_clock_of_another_program(tmp_path: Path, bpm: float) -> None:
    if not shutil.which("jack_midi_clock") or not shutil.which("jack_transport"):
        pytest.skip("jack_midi_clock is not installed (Debian: apt-get install jack-midi-clock)")
    with band(tmp_path, "--clock", "midi") as made, midi_clock(bpm):
        heard = Heard(made)
        transport("play")
        time.sleep(max(SECONDS, _BEATS * 60.0 / bpm))
        frames, places = np.array(made.player.transport, np.float64).T
        beats = np.arange(0, places[-1] * bpm / 60 / RATE)
        judge(made, heard, bpm, np.interp(beats * RATE * 60 / bpm, places, frames))


@pytest.mark.parametrize("bpm", [25.0, 300.0])
def test_link(tmp_path: Path, bpm: float) -> None:
    if not has_multicast():
        pytest.skip("no multicast on this machine: Link peers cannot find each other")
    peer = Peer(THEIRS, bpm)
    try:
        with band(tmp_path, "--clock", "link") as made:
            heard, player = Heard(made), made.player
            deadline = time.monotonic() + 20.0
            while peer.at(time.monotonic())["peers"] != 1:
                if time.monotonic() > deadline:
                    pytest.skip("Link peers do not find each other: multicast is filtered here")
                time.sleep(0.1)
            peer.tell("play")
            wait_for(lambda: made.osc.query("/musika/status")[4].startswith("link, running"), "it does not start", 30.0)
            start, seconds = player.frame, max(SECONDS, _BEATS * 60.0 / bpm)
            looks = []
            while player.frame < start + seconds * RATE:
                now = time.monotonic()
                looks.append((player.frame_at(now), peer.at(now)["link_beat"]))
                time.sleep(0.2)
            places, theirs = np.array(looks).T
            slope, offset = np.polyfit(theirs, places, 1)
            beats = np.arange(np.ceil(theirs[0] / 4) * 4, theirs[-1])
            judge(made, heard, bpm, slope * beats + offset - playback_latency())
    finally:
        peer.close()
