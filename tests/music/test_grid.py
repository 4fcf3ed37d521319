"""Which notes a density leaves."""

from __future__ import annotations

from musika_daw.music.grid import GridNote, keeps_the_beat, rank, thin

KICKS = [GridNote("drums", step, 0.3, drum="kick") for step in (0, 4, 8, 12)]
OTHERS = [
    GridNote("drums", step, 0.9, drum=drum) for step, drum in [(4, "clap"), (12, "clap"), (2, "open_hat"), (7, "kick")]
]


def left(density: float) -> list[tuple[int, str]]:
    return [(n.step, n.drum) for n in thin(rank([*OTHERS, *KICKS], keeps_the_beat), lambda beat: density)]


def test_the_kick_on_the_beat_stays_longest() -> None:
    assert left(0.5) == [(0, "kick"), (4, "kick"), (8, "kick"), (12, "kick")]
    assert left(0.25) == [(0, "kick"), (4, "kick")]
    assert left(0.0) == []
    assert [drum for _, drum in left(0.75)].count("kick") == 4, "the kick off the beat is one of the others"


def test_density_takes_away_one_note_after_the_other() -> None:
    before: set[tuple[int, str]] = set()
    for eighth in range(9):
        now = set(left(eighth / 8))
        assert before <= now and len(now) == eighth
        before = now
