"""Hours of what an engine tells, as fast as the window takes it: its memory stays flat."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QTimer

from musika_daw.panel.window import Window
from osc_protocol.types import Value

pytestmark = pytest.mark.slow

BPM = 128.0
METERS_A_SECOND = 21
STEMS = ("drums", "bass", "chords", "lead", "mix")
HOURS = float(os.environ.get("MUSIKA_WINDOW_HOURS", "0.25"))
WARM_BEATS = 1000

Message = tuple[str, tuple[Value, ...]]


def told(beat: int) -> Iterator[Message]:
    """What a playing engine tells in one beat; now and then somebody moves something."""
    yield "/musika/beat", (float(beat),)
    if beat % 4 == 0:
        for at, stem in enumerate(STEMS[:4]):
            notes = ", ".join(f"{36 + (beat + at + n) % 24} {n / 4:g} 0.25 {60 + n * 4}" for n in range(16))
            yield "/musika/bar", (stem, float(beat + 4), notes)
    for n in range(round(METERS_A_SECOND * 60 / BPM)):
        for stem in STEMS:
            yield "/musika/meter", (stem, -3.0 - (beat + n) % 30, -12.0 - (beat + n) % 30)
    if beat % 8 == 0:
        value = beat % 100 / 100
        yield "/musika/density", (value,)
        yield "/musika/landed", ("/musika/density", float(beat))
        yield "/musika/error", ("/musika/style", f"there is no style {beat}")


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def test_hours_of_playing_leave_memory_flat(window: Window) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system does not say how much memory a process has")
    beats = iter(range(WARM_BEATS + round(HOURS * 60 * BPM)))
    early: list[float] = []

    def go_on() -> None:
        """Between two pictures: to draw them takes longest."""
        for beat in itertools.islice(beats, 16):
            early.extend([resident_mb()] if beat == WARM_BEATS else [])
            for address, values in told(beat):
                window.link._take(address, values)
        if beats.__length_hint__() == 0:
            loop.quit()

    # In a loop of its own, as in the program: objects that are to go later go there alone.
    loop, timer = QEventLoop(), QTimer(interval=0)
    timer.timeout.connect(go_on)
    timer.start()
    loop.exec()
    timer.stop()
    late = resident_mb()
    print(f"\n{HOURS:g} h: {early[0]:.1f} MB, then {late:.1f} MB")
    assert late - early[0] < 12.0
