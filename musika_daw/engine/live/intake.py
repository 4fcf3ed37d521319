"""Taking moves: each is checked when it is posted, so that a refusal is known at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from musika_daw.controls.book import scope_of
from musika_daw.controls.control import Scope
from musika_daw.controls.move import Move, Notice, RefusedError
from musika_daw.controls.state import ControlState
from musika_daw.controls.target import Target
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.known_controls import value_refusal
from musika_daw.engine.live.commands import Action, Commands
from musika_daw.engine.live.output.recorder import Recorder
from musika_daw.engine.live.plan.landings import GRIDS
from musika_daw.engine.live.plan.shared import Shared
from musika_daw.engine.live.state.chain_edits import EDITS, chain_moves, with_chain
from musika_daw.engine.live.state.cues import CUE, FORM, PHRASE, form_after, next_bar_of
from musika_daw.engine.live.state.given_notes import with_line
from musika_daw.engine.live.state.notices import NoticeBoard
from musika_daw.engine.live.state.presets import PRESET
from musika_daw.engine.live.state.transition import LOCATE, TRANSPORT
from musika_daw.engine.live.state.wanted import MODEL, QUANTIZE, Wanted
from musika_daw.engine.presets.preset import chains_of
from musika_daw.engine.score_of import score_of

TEMPO, NOTES = "tempo", "notes"
_LANDING_SECONDS = 0.2  # from a move being posted to its landing, mostly


@dataclass
class Posting:
    """What moves that came together mean, sorted by who does it."""

    musical: list[Move] = field(default_factory=list)
    levels: list[Move] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    urgent: bool = False


class Intake:
    """Called by whoever posts moves, who holds the engine's lock."""

    def __init__(
        self,
        shared: Shared,
        board: NoticeBoard,
        commands: Commands,
        recorder: Recorder,
        position: Callable[[], float],
    ) -> None:
        """`position`: the song position that is heard now, in beats."""
        self._shared, self._board, self._commands = shared, board, commands
        self._recorder, self._position = recorder, position

    def take(self, wanted: Wanted, move: Move, posting: Posting) -> Wanted:
        """Takes one of the moves that came together.

        Raises:
            RefusedError: it is not possible.
        """
        scope = scope_of(move.target)
        if self._shared.leading and move.control in (*TRANSPORT, TEMPO):
            name = self._shared.leading.name
            told = f"the {name} clock leads: move it there, or set clock to internal"
            raise RefusedError(move.target, "refused", told)
        if scope is Scope.MIX:
            posting.levels.append(move)
            return wanted.moved(move)
        if move.control in TRANSPORT:
            wanted, placed = wanted.transport(move)
            posting.musical.append(placed)
            posting.urgent |= move.control != LOCATE
            return wanted
        if scope is Scope.TRANSPORT:
            return wanted.moved(move)
        if move.control == CUE:
            cue, *when = (str(value) for value in move.values)
            bar = next_bar_of(self._next_bar(wanted.state))
            move = form_after(cue, when[0] if when else PHRASE, wanted.state.text(FORM), bar)
        if move.control in EDITS:
            return self._edit_chain(wanted, move, posting)
        if (taken := self._commands.take(wanted, move, self._recorder, self._position)) is not None:
            posting.actions.append(taken.action)
            return taken.wanted
        return self._take_song(wanted, move, posting)

    def _take_song(self, wanted: Wanted, move: Move, posting: Posting) -> Wanted:
        """Takes a move that makes a new render."""
        if reason := value_refusal(self._commands.infos[wanted.state.text(MODEL)], move.control, move.values):
            raise RefusedError(move.target, "refused", reason)
        if move.control == PRESET:
            wanted, levels = wanted.with_preset(move)
            wanted, restored = wanted.with_chains(self.chains(wanted.state)).restored()
            posting.levels += levels + restored
        else:
            if move.control == NOTES:
                wanted.check_stem(move.target)
                move = with_line(move, self._next_bar(wanted.state), partial(self._remark, move.target))
            wanted = wanted.moved(move)
            wanted = wanted.with_chains(self.chains(wanted.state))
        posting.musical.append(move)
        return wanted

    def _edit_chain(self, wanted: Wanted, edit: Move, posting: Posting) -> Wanted:
        """Takes an edit of a stem's effects, which is heard as soon as it can be, whatever `quantize` says."""
        moves = chain_moves(wanted.effects, wanted.state, wanted.stems, edit)
        state = wanted.state
        for move in moves:
            state = with_chain(state, move)
        posting.musical += moves
        posting.urgent = True
        return wanted.with_state(state).with_chains(self.chains(state))

    def chains(self, state: ControlState) -> FxOf:
        """The chains of the style that is nearest, and those that stand in their place."""
        models = self._commands.models
        model = models.get(state.text(MODEL)) or next(iter(models.values()))
        return {**model.song(score_of(state)).fx_at(0.0), **chains_of(state)}

    def _next_bar(self, state: ControlState) -> float:
        """Song position of the first bar line that a move which is posted now lands before, or on."""
        with self._shared.lock:
            stream = self._shared.cursor + round(_LANDING_SECONDS * self._shared.rate)
            here = self._shared.timeline.meant_at(stream)
            beat = state.number(LOCATE) if here.render is None else here.beat_at(stream)
        line = max(GRIDS[state.text(QUANTIZE)], GRIDS["bar"])
        return math.ceil(beat / line) * line

    def _remark(self, target: Target, line: str) -> None:
        """Tells what was made of something that was given: nothing failed."""
        self._board.post(Notice.of("told", line, about=target))
