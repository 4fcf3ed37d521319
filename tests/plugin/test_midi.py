"""MIDI through the plug-in: keys become lines and harmony, and the notes that are played come out at their frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.music.notes import STEMS
from tests.plugin.test_bounce import rendered
from tests.support.clap_host import ClapHost

pytestmark = pytest.mark.slow
Make = Callable[..., ClapHost]
Midi = Sequence[tuple[int, bytes]]
BEAT = 60 / 128.0 * 44100
BAR = round(4 * BEAT)
BASS_LINE = ((0.0, 0.5, 40), (1.0, 0.5, 43), (2.5, 1.0, 45))


def keys(channel: int, notes: Sequence[tuple[float, float, int]], first_beat: float = 0.0) -> Midi:
    """Messages of notes: start and length in beats, pitch."""
    messages = []
    for start, length, pitch in notes:
        begin, end = ((first_beat + beat) * BEAT for beat in (start, start + length))
        messages += [(round(begin), bytes((0x90 | channel, pitch, 100)))]
        messages += [(round(end), bytes((0x80 | channel, pitch, 0)))]
    return sorted(messages)


def started(host: ClapHost, channel: int) -> list[tuple[int, int]]:
    """Samples and pitches of the notes that came out on a channel."""
    return [(at, m[1]) for at, m in host.heard if m[0] == 0x90 | channel]


def test_notes_come_out_at_their_frames_and_end(instance: Make, tiny_model: Path) -> None:
    from musika_daw.engine.models.load_model import load_model
    from musika_daw.engine.presets.preset import with_whole_style
    from musika_daw.engine.score_of import score_of

    host = instance()
    host.play(0.0, 4 * BAR, frames=333)
    host.block(16.0, 512, playing=False)
    song = load_model(str(tiny_model)).song(score_of(with_whole_style(defaults().over(settings(stems=STEMS)))))
    for stem, channel in (("drums", 9), ("bass", 10), ("chords", 11), ("lead", 12)):
        expected = sorted((round(n.start_beat * BEAT), n.pitch) for n in song.notes(stem, 0.0, 16.0))
        assert expected and sorted(started(host, channel)) == expected
    down: dict[tuple[int, int], int] = {}
    for at, (status, pitch, _) in host.heard:
        held = (status & 0x0F, pitch)
        down[held] = down.get(held, 0) + (1 if status & 0xF0 == 0x90 else -1)
        assert 0 <= down[held] <= 1, (at, held)
    assert not any(down.values())
    assert [at for at, _ in host.heard] == sorted(at for at, _ in host.heard)


def test_a_jump_ends_notes_and_a_loop_brings_them_again(instance: Make) -> None:
    host = instance()
    host.play(4.0, 3 * BAR, loop=(4.0, 8.0))
    passes = [[(at % BAR, p) for at, p in started(host, 9) if at // BAR == n] for n in range(3)]
    assert passes[0] and passes[0] == passes[1] == passes[2]


def test_a_bar_of_keys_is_heard_from_the_bar_line_after_it(instance: Make, tiny_model: Path) -> None:
    host = instance()
    bounced = host.play(0.0, 3 * BAR, frames=500, midi=keys(10, BASS_LINE))
    line = Move("notes", "bass", ("loop 16: " + ", ".join(f"{p} {s:g} {n:g} 100" for s, n, p in BASS_LINE),))
    before = rendered(tiny_model, 8.0, 128.0)
    np.testing.assert_array_equal(bounced[:, : BAR - 1], before[:, : BAR - 1])
    # Bars keep their places: what was played in the first of four bars comes again in the fifth.
    assert [p for at, p in started(host, 10) if BAR <= at < 3 * BAR - 2] == []
    assert line.stem == "bass"
    again = instance()
    np.testing.assert_array_equal(again.play(0.0, 3 * BAR, frames=97, midi=keys(10, BASS_LINE)), bounced)


def test_a_line_of_a_looped_clip_stays_in_its_place(instance: Make) -> None:
    host = instance()
    clip = [message for n in range(8) for message in keys(10, BASS_LINE, 4.0 * n)]
    host.play(0.0, 8 * BAR, midi=clip)
    heard = [(at, pitch) for at, pitch in started(host, 10) if 4 * BAR - 4 <= at < 8 * BAR - 4]
    expected = [(round((4 * n + s) * BEAT), p) for n in range(4, 8) for s, _, p in BASS_LINE]
    assert heard == expected


@pytest.mark.parametrize("frames", [64, 4096])
def test_a_chord_is_heard_from_its_frame_on(instance: Make, tiny_model: Path, frames: int) -> None:
    at = BAR + 1234
    host = instance()
    bounced = host.play(0.0, 3 * BAR, frames=frames, midi=[(at, bytes((0x90, p, 100))) for p in (57, 60, 64)])
    still = rendered(tiny_model, 8.0, 128.0)
    np.testing.assert_array_equal(bounced[:, :at], still[:, :at])
    played: ControlState = settings(chords="Am")
    chord = rendered(tiny_model, 8.0, 128.0, played)
    # Effects still hold what sounded before the chord.
    begin = at + 22050
    assert np.abs(bounced[4:6, begin:] - chord[4:6, begin : 3 * BAR]).max() < 0.05 * np.abs(chord[4:6]).max()
    other = instance().play(0.0, 3 * BAR, frames=333, midi=[(at, bytes((0x90, p, 100))) for p in (57, 60, 64)])
    np.testing.assert_array_equal(other, bounced)


def test_what_was_played_in_is_forgotten_when_the_host_stops(instance: Make) -> None:
    host = instance()
    first = host.play(0.0, 2 * BAR, midi=keys(10, BASS_LINE))
    host.block(8.0, 512, playing=False)
    np.testing.assert_array_equal(host.play(0.0, 2 * BAR, midi=keys(10, BASS_LINE))[:, :BAR], first[:, :BAR])
    host.block(8.0, 512, playing=False)
    np.testing.assert_array_equal(host.play(0.0, 2 * BAR), instance().play(0.0, 2 * BAR))
