"""Controls, transport and jump that result from moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from musika_daw.controls.book import scope_of
from musika_daw.controls.control import Scope
from musika_daw.controls.move import Move
from musika_daw.controls.state import ControlState
from musika_daw.engine.live.state.chain_edits import FX, with_chain
from musika_daw.engine.live.state.presets import PRESET, with_preset
from musika_daw.engine.presets.preset_folder import load_preset

PLAY, STOP, CONTINUE, LOCATE = "play", "stop", "continue", "locate"
TRANSPORT = (PLAY, STOP, CONTINUE, LOCATE)


@dataclass(frozen=True)
class Transition:
    """What moves make of a place in the stream.

    Attributes:
        controls: of the song, as they stand afterwards.
        playing: whether the transport runs.
        jump: song position that it goes to; None: it plays on.
    """

    controls: ControlState
    playing: bool
    jump: float | None


def transition(controls: ControlState, playing: bool, moves: Sequence[Move]) -> Transition:
    """Applies moves one after the other; transport moves carry the song position they go to, if any."""
    jump: float | None = None
    for move in moves:
        if move.control in TRANSPORT:
            if move.control != LOCATE:
                playing = move.control != STOP
            jump = float(move.values[0]) if move.values else jump
        elif move.control == PRESET:
            controls = with_preset(controls, load_preset(str(move.values[0]))).only(Scope.SONG)
        elif move.control == FX:
            controls = with_chain(controls, move)
        elif scope_of(move.target) is Scope.SONG:
            controls = controls.with_move(move).tidy()
    return Transition(controls, playing, jump)
