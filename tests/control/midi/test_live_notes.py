"""Notes in and out of the live process over real virtual ports, against the sound that is captured."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from musika_daw.analysis.onsets import find_onsets
from musika_daw.analysis.pitch import pitch_errors_cents
from musika_daw.control.midi.channels import STEM_CHANNELS
from musika_daw.control.midi.messages import NOTE_OFF, NOTE_ON, START, TICK, Message
from musika_daw.music.line import parse_line
from musika_daw.music.notes import DRUM_PITCHES, Note
from musika_daw.music.tempo_map import constant_tempo
from musika_daw.train.metrics.kick_timing import kick_errors
from musika_daw.train.metrics.onset_agreement import onset_agreement
from tests.control.clock.test_live_follows import TICKS, one, require, tick_frames, ticks, why_busy
from tests.support.band import AHEAD, RATE, SAMPLE_RATE, Event, band, connect, wait_for

pytestmark = pytest.mark.slow
BPM = 124.0
_THRESHOLD = 0.5  # of onsets: a distorted bass that is cut short makes a noise of its own below that
PITCHES = (33, 33, 45, 36, 38, 38, 31, 43)
LINE = [
    (bar * 4 + place, 0.45, PITCHES[(bar + i) % 8])
    for bar in range(4)
    for i, place in enumerate((0.0, 0.75, 1.5, 2.0, 2.75, 3.5))
]


def test_a_line_that_is_sent_is_heard_back_in_the_bass(tmp_path: Path) -> None:
    """A DAW's track: four bars on the bass's channel, in time with its clock."""
    with band(tmp_path, "--clock", "midi", sources=("bass",)) as made:
        player, beat = made.player, RATE * 60.0 / BPM
        time.sleep(1.0)
        start = player.frame + AHEAD
        frames = tick_frames(start, lambda _: BPM, 56.0)
        channel = STEM_CHANNELS["bass"]
        events: list[Event] = [(start - 1, one(START)), *ticks(frames)]
        for onset, length, pitch in LINE:
            at = start + round((16.0 + onset) * beat)
            events.append((at, Message(NOTE_ON, channel, (pitch, 100)).encoded()))
            events.append((at + round(length * beat), Message(NOTE_OFF, channel, (pitch, 0)).encoded()))
        player.send(events)
        wait_for(lambda: player.frame > frames[-1] - AHEAD, "the clock does not end", 60.0)
        line = parse_line(str(made.osc.query("/musika/stem/bass/notes")[0]))
        assert [(n.start_beat, n.pitch) for n in line.notes] == [(onset, pitch) for onset, _, pitch in LINE]
        first = round((start + 36 * beat) / RATE * SAMPLE_RATE)  # from the ninth bar on it is all there
        audio = player.audio()[:, first : first + round(16 * 60 / BPM * SAMPLE_RATE)]
        busy = why_busy(made)
    played = sorted(
        (Note((onset - 4.0) % 16.0, length, pitch, 0.8) for onset, length, pitch in LINE), key=lambda n: n.start_beat
    )
    wanted = np.array([note.start_beat for note in played]) * 60.0 / BPM
    onset_f = onset_agreement(find_onsets(audio, _THRESHOLD), wanted, 0.03).f_measure
    cents = np.array(pitch_errors_cents(audio, played, constant_tempo(BPM)))
    pitch_right = np.mean(np.abs((cents + 600.0) % 1200.0 - 600.0) < 50.0)
    print(f"\nheard back: onset F {onset_f:.2f}, pitch class {pitch_right:.0%}")
    require(bool(onset_f >= 0.75 and pitch_right >= 0.8), busy)


def test_notes_and_clock_that_are_sent_are_in_time_with_the_sound(tmp_path: Path) -> None:
    with band(tmp_path, "--midi-out", "--clock-out", sources=("drums",)) as made:
        player = made.player
        for port in ("Musika DAW notes", "Musika DAW clock"):
            connect(f":{port}", "player:in")
        made.osc.set("/musika/tempo", 126.0)
        time.sleep(1.0)
        made.osc.set("/musika/play")
        time.sleep(20.0)
        made.osc.set("/musika/stem/bass/density", 0.2)
        time.sleep(2.0)
        made.osc.set("/musika/stop")
        time.sleep(1.0)
        heard, audio = list(player.heard), player.audio()
        busy = why_busy(made)
    start = next(i for i, (_, data) in enumerate(heard) if data[0] == START)
    came = np.array([frame for frame, data in heard[start:] if data[0] == TICK][: 18 * 2 * TICKS])
    slope, first = np.polyfit(np.arange(len(came)), came, 1)
    jitter_ms = float(np.std(came - slope * np.arange(len(came)) - first)) / RATE * 1000
    channel = STEM_CHANNELS["drums"] - 1
    kicks = [f for f, d in heard if d[0] == NOTE_ON | channel and d[1] == DRUM_PITCHES["kick"]]
    errors = kick_errors(audio, np.array(kicks) / RATE) * 1000
    against_clock = [((f - first) / slope / TICKS + 0.5) % 1.0 - 0.5 for f in kicks]
    print(
        f"\n{len(kicks)} kicks: sound after note {np.nanmedian(errors):+.1f} ms, 95 % "
        f"{np.nanpercentile(np.abs(errors), 95):.1f}; tick to note {np.median(against_clock) * 60_000 / 126:+.1f} ms; "
        f"ticks {60 * RATE / slope / TICKS:.4f} bpm, jitter {jitter_ms:.2f} ms"
    )
    near = abs(np.nanmedian(errors)) < 10 and np.nanpercentile(np.abs(errors), 95) < 30
    require(bool(len(kicks) > 20 and near), busy)
    assert 60 * RATE / slope / TICKS == pytest.approx(126.0, rel=1e-4)
    for pitch_channel in {(d[0] & 15, d[1]) for _, d in heard if d[0] & 0xF0 == NOTE_ON}:
        own = [d[0] & 0xF0 for _, d in heard if d[0] < 0xF0 and (d[0] & 15, d[1]) == pitch_channel]
        assert own == [NOTE_ON, NOTE_OFF] * (len(own) // 2)  # no note hangs
