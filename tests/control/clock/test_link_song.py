"""A song on a session's beats."""

from __future__ import annotations

import pytest

from musika_daw.control.clock.link_song import LinkSong

BPM = 120.0


def test_a_start_waits_for_the_bar_line() -> None:
    song = LinkSong(4)
    song.update(0.0, 9.0, BPM, False)
    song.update(0.5, 10.0, BPM, True)
    assert song.position(11.9) == (0.0, False)
    assert song.position(12.5) == (0.5, True)


def test_a_start_seen_late_is_not_put_off_by_a_bar() -> None:
    song = LinkSong(4)
    song.update(0.0, 8.01, BPM, True)
    assert song.position(8.01) == (pytest.approx(0.01), True)


def test_it_goes_on_from_where_it_stopped_or_was_located() -> None:
    song = LinkSong(4)
    song.update(0.0, 8.0, BPM, True)
    song.update(1.0, 10.0, BPM, False)
    assert song.position(11.0) == (2.0, False)
    song.locate(32.0)
    song.update(2.0, 12.0, BPM, True)
    assert song.position(13.0) == (33.0, True)


def test_a_jump_while_playing_keeps_the_place_in_the_bar() -> None:
    song = LinkSong(4)
    song.update(0.0, 0.0, BPM, True)
    song.update(0.75, 1.5, BPM, True)
    jumps = song.jumps
    song.locate(64.0)
    assert song.position(1.5) == (65.5, True) and song.jumps == jumps + 1


def test_joining_another_session_moves_the_phase_but_not_by_whole_bars() -> None:
    song = LinkSong(4)
    song.update(0.0, 0.0, BPM, True)
    song.update(1.0, 2.0, BPM, True)
    song.update(1.005, 403.01, BPM, True)
    position, playing = song.position(403.01)
    assert playing and position == pytest.approx(3.01)
