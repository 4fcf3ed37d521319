"""What the host's MIDI plays in, as the engine takes it, and the notes of a block."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from musika_daw.controls.move import Move
from musika_daw.controls.state import defaults, settings
from musika_daw.engine.live.plan.landings import GRIDS
from musika_daw.music.line import parse_line
from musika_daw.music.notes import STEMS
from musika_daw.plugin import layout, parameters
from musika_daw.plugin.serve.block_notes import block_notes
from musika_daw.plugin.serve.host_midi import HostEvent, HostMidi

BASS, CHORDS = 10, parameters.CHORDS_CHANNEL - 1  # channels as their bytes have them


def bar(beat: float) -> HostEvent:
    return HostEvent(beat, layout.BAR)


def key(beat: float, channel: int, pitch: int, velocity: int = 100) -> HostEvent:
    return HostEvent(beat, layout.MESSAGE, bytes((0x90 | channel, pitch, velocity)))


def after(*events: HostEvent) -> tuple[Move, ...]:
    midi = HostMidi()
    midi.take(events)
    return midi.moves


def notes(move: Move) -> Sequence[tuple[float, float, int]]:
    return [(n.start_beat, n.length_beats, n.pitch) for n in parse_line(str(move.values[0])).notes]


def test_a_bar_of_keys_is_the_stems_line_from_the_bar_line_on() -> None:
    played = [bar(4.0), key(4.02, BASS, 40), key(4.52, BASS, 40, 0), key(6.98, BASS, 43), key(7.48, BASS, 43, 0)]
    assert after(*played) == ()
    (line,) = after(*played, bar(8.0))
    assert line.stem == "bass"
    assert notes(line) == [(4.0, 0.5, 40), (7.0, 0.5, 43)]


def test_a_loop_that_is_played_again_and_again_stays_the_line_that_it_is() -> None:
    midi = HostMidi()
    for _ in range(3):
        midi.take([bar(0.0), key(1.0, BASS, 40), key(2.0, BASS, 40, 0), HostEvent(4.0, layout.LEFT)])
        midi.take([bar(0.0)])
        assert [notes(move) for move in midi.moves] == [[(1.0, 1.0, 40)]]


def test_a_key_just_before_the_bar_line_belongs_to_the_bar_after_it() -> None:
    (line,) = after(bar(0.0), key(3.97, BASS, 40), bar(4.0), key(4.4, BASS, 40, 0), bar(8.0))
    assert notes(line) == [(4.0, 0.43, 40)]


def test_drums_are_the_nearest_that_there_are() -> None:
    (line,) = after(bar(0.0), key(0.0, 9, 35), key(0.1, 9, 35, 0), bar(4.0))
    assert notes(line)[0][2] == 36


def test_held_chords_are_the_harmony_until_all_is_let_go() -> None:
    chord = [key(1.0, CHORDS, pitch) for pitch in (57, 60, 64)]
    assert after(*chord) == (Move.of("chords", "Am"),)
    assert after(*chord, *(key(2.0, CHORDS, pitch, 0) for pitch in (57, 60, 64))) == (Move.of("chords", "Am"),)
    assert after(*chord, HostEvent(2.0, layout.MESSAGE, bytes((0xB0 | CHORDS, 123, 0)))) == ()


def test_when_the_host_stops_what_was_played_in_holds_no_more() -> None:
    played = [bar(0.0), key(1.0, BASS, 40), bar(4.0), *(key(5.0, CHORDS, pitch) for pitch in (57, 60, 64))]
    assert len(after(*played)) == 2
    assert after(*played, HostEvent(6.0, layout.FORGET)) == ()
    assert after(*played, HostEvent(6.0, layout.FORGET), bar(8.0), bar(12.0)) == ()


def test_moves_land_where_they_do_in_the_live_process() -> None:
    quantize = next(each for each in parameters.parameters() if each.symbol == "quantize")
    assert dict(zip(quantize.labels, parameters.GRIDS, strict=True)) == GRIDS


def test_blocks_hold_each_note_once_where_it_starts_and_wherever_it_sounds(tiny_model: Path) -> None:
    from musika_daw.engine.models.load_model import load_model
    from musika_daw.engine.score_of import score_of

    bass = "loop 4: 40 0 1.5 100, 43 3.9 0.05 80"
    state = defaults().over(settings(stems=STEMS)).with_move(Move("notes", "bass", (bass,)))
    song = load_model(str(tiny_model)).song(score_of(state))
    a_beat = 60 / 128 * 48000
    started, sounding = [], 0
    for block in range(int(8 * a_beat) // layout.BLOCK_FRAMES):
        for start, frames, channel, pitch, velocity, _ in block_notes(song, 128.0, 48000.0, block).tolist():
            if channel != BASS:
                continue
            sounding += 1
            if start >= 0:
                started.append((start + block * layout.BLOCK_FRAMES, frames, pitch, velocity))
    expected = [(0.0, 1.5, 40, 100), (3.9, 0.05, 43, 80), (4.0, 1.5, 40, 100), (7.9, 0.05, 43, 80)]
    assert [(s, p, v) for s, _, p, v in started] == [(round(b * a_beat), p, v) for b, _, p, v in expected]
    assert [frames for _, frames, *_ in started] == pytest.approx([n * a_beat for _, n, *_ in expected], abs=1.1)
    assert sounding > 2 * 1.5 * a_beat / layout.BLOCK_FRAMES
