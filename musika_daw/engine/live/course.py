"""What moves make of a place in the stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from musika_daw.engine.live.controls import Controls, changed
from musika_daw.engine.live.moves import Move

TRANSPORT = ("/musika/play", "/musika/stop", "/musika/continue", "/musika/locate")


@dataclass(frozen=True)
class Course:
    """What moves make of a place: the controls, whether the transport runs, and where it jumps to."""

    controls: Controls
    playing: bool
    jump: float | None


def course_after(controls: Controls, playing: bool, moves: Sequence[Move]) -> Course:
    """Moves applied one after the other; transport moves carry the song position they go to, if any."""
    jump: float | None = None
    for move in moves:
        if move.address in TRANSPORT:
            if move.address != "/musika/locate":
                playing = move.address != "/musika/stop"
            jump = float(move.values[0]) if move.values else jump
        else:
            controls = changed(controls, move) or controls
    return Course(controls, playing, jump)
