"""What is no control of the song: takes, models, renders in the background, presets saved, the end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from musika_daw.controls.control import Scope
from musika_daw.controls.move import Move, Notice, RefusedError, failure
from musika_daw.controls.state import ControlState
from musika_daw.controls.target import Target
from musika_daw.engine.live.background import Background
from musika_daw.engine.live.output.recorder import RECORD, Recorder, TakeWish, at_beat, bar_after
from musika_daw.engine.live.plan.change import Batch
from musika_daw.engine.live.plan.landings import GRIDS
from musika_daw.engine.live.plan.shared import Shared
from musika_daw.engine.live.state.chain_edits import EDITS
from musika_daw.engine.live.state.cues import CUE
from musika_daw.engine.live.state.notices import NoticeBoard
from musika_daw.engine.live.state.wanted import MODEL, QUANTIZE, Wanted
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.playable import PlayedModel
from musika_daw.engine.presets.preset_folder import save_preset
from musika_daw.engine.score_of import score_of
from musika_daw.engine.take.audio_file import FADE_SECONDS
from musika_daw.engine.take.project_folder import takes_folder
from musika_daw.engine.take.take_folder import check_take_name
from musika_daw.engine.take.unfinished import finish_takes
from musika_daw.errors import UserError
from musika_daw.model.model_file import ModelInfo
from musika_daw.model.official.official_file import read_any_info
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.notes import MIX
from musika_daw.paths import user_path

_NOTICED_SECONDS = 2.0  # after the start, when a window is there to say it

PROJECT = "project"
"""The folder that takes go to."""

Action = Callable[[], None]
Prepare = Callable[[Batch, Action], None]
UNTOLD = (RECORD, "render", "preset/save", CUE, PROJECT, *EDITS)
"""Commands that nobody is told of: what they did is told when it is done."""


@dataclass(frozen=True)
class LiveSettings:
    """What a live engine starts with.

    Attributes:
        state: the controls at the start, `stems` among them; the transport stands at the start of the song.
        project: where takes land.
    """

    state: ControlState
    project: Path
    take_name: str = "take"
    sample_format: str = "float32"
    fade_seconds: float = FADE_SECONDS


class Commands:
    """Called by whoever posts moves, who holds the engine's lock; what takes long is done in the background.

    Attributes:
        models: that are loaded, by name.
        infos: of models that are loaded or being loaded.
        quit_asked: set when the process is to end.
    """

    def __init__(
        self, settings: LiveSettings, shared: Shared, board: NoticeBoard, model: PlayedModel, prepare: Prepare
    ) -> None:
        """Start with the model that plays; `prepare` has something loaded and then lets moves go on their way."""
        name = settings.state.text(MODEL)
        self.models = {name: model}
        self.infos: dict[str, ModelInfo] = {name: model.info}
        self.quit_asked = threading.Event()
        self._settings, self._shared, self._board, self._prepare = settings, shared, board, prepare
        self._project = settings.project
        self._background = Background(board)

    def close(self) -> None:
        """Ends what runs in the background."""
        self._background.close()

    def take(self, wanted: Wanted, move: Move, recorder: Recorder, position: Callable[[], float]) -> Taken | None:
        """What a command does, or a move that takes long; None if the move is of a control of the song.

        Raises:
            RefusedError: it is not possible now.
        """
        if move.control == RECORD:
            return Taken(wanted, self._record(wanted, move, recorder))
        if move.control == PROJECT:
            return self._change_project(wanted, move, recorder)
        if move.control == MODEL:
            return self._change_model(wanted, move, position)
        if move.control == "render":
            bars, project = float(move.values[0]), Path(str(move.values[1]))
            song = wanted.state.only(Scope.SONG)
            return Taken(wanted, lambda: self._background.render(song, bars, project))
        if move.control == "preset/save":
            preset = wanted.as_preset(str(move.values[0]))
            return Taken(wanted, lambda: self._background.run(lambda: f"saved as {save_preset(preset)}", move.target))
        if move.control == "quit":
            return Taken(wanted, self.quit_asked.set)
        return None

    def _record(self, wanted: Wanted, move: Move, recorder: Recorder) -> Action:
        """Takes begin and end on the grid of `quantize`; with `now` at the bar lines, where takes belong."""
        said = move.values[0]
        with self._shared.lock:
            here = self._shared.timeline.at(self._shared.cursor)
            beat = here.beat_at(self._shared.cursor)
        on_grid = None if here.render is None else bar_after(beat, GRIDS[wanted.state.text(QUANTIZE)])
        if said is False:
            return lambda: recorder.finish(at_beat(on_grid))
        name = said if isinstance(said, str) else self._settings.take_name
        try:
            check_take_name(name)
        except UserError as error:
            raise RefusedError(move.target, "range", str(error)) from error
        if recorder.on:
            raise RefusedError(move.target, "refused", "a take is being recorded: stop it first")
        settings = self._settings
        wish = TakeWish(
            self._project, name, settings.sample_format, at_beat(on_grid), fade_seconds=settings.fade_seconds
        )

        def begin() -> None:
            recorder.begin(wish)
            self._board.post(Notice.of(RECORD, True))
            when = "when it plays" if on_grid is None else f"from bar {on_grid / BEATS_PER_BAR + 1:g} on"
            told = f"recording {when}, into {takes_folder(wish.project)}"
            self._board.post(Notice.of("told", told, about=Target(RECORD)))

        return begin

    def project(self) -> tuple[str, str]:
        """The folder that takes go to, and where in it they are."""
        return str(self._project), str(takes_folder(self._project))

    def finish_takes(self) -> None:
        """Makes takes of what a killed process had recorded into the project, and tells of them."""

        def finish() -> None:
            for take in finish_takes(self._project):
                told = Notice.of("told", f"an unfinished take was found: it is {take.name} now", about=Target(RECORD))
                self._board.post(told, time.monotonic() + _NOTICED_SECONDS)

        self._background.run(finish, Target(RECORD))

    def _change_project(self, wanted: Wanted, move: Move, recorder: Recorder) -> Taken:
        if recorder.on:
            raise RefusedError(move.target, "refused", "a take is being recorded: stop it first")
        folder = user_path(str(move.values[0]))
        there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
        if not folder.is_absolute() or not there.is_dir() or not os.access(there, os.W_OK):
            told = f"takes cannot go to {folder}: expected the whole path of a folder that can be written to"
            raise RefusedError(move.target, "range", told)

        def change() -> None:
            self._project = folder
            self._board.post(Notice.of(PROJECT, *self.project()))
            self.finish_takes()

        return Taken(wanted, change)

    def recording_into(self, recorder: Recorder) -> str:
        """Folder that a take is being recorded into; empty if none is."""
        return str(takes_folder(self._project)) if recorder.on else ""

    def take_done(self, outcome: Path | UserError) -> None:
        """Tells of a take that was recorded, or could not be."""
        self._board.post(Notice.of(RECORD, False))
        if isinstance(outcome, Path):
            self._board.post(Notice.of("done", str(outcome)))
        else:
            self._board.post(failure(Target(RECORD), str(outcome)))

    def _change_model(self, wanted: Wanted, move: Move, position: Callable[[], float]) -> Taken:
        """Loads beside the one that plays; swaps at a bar line when it is there."""
        name = str(move.values[0])
        try:
            info = read_any_info(name)
        except UserError as error:
            raise RefusedError(move.target, "range", str(error)) from error
        stems = wanted.stems
        if info.stems not in (stems, (MIX,)):
            theirs, ours = ", ".join(info.stems), ", ".join(stems)
            hint = f": start with {name}, and either can be played" if stems == (MIX,) else ""
            told = f"{name} has other stems ({theirs}) than this process ({ours}){hint}"
            raise RefusedError(move.target, "refused", told)
        after = wanted.moved(move)
        self.infos[name] = info

        def load() -> None:
            if name not in self.models:
                self.models[name] = load_model(name)
            # A little ahead: what takes longest is there by the time it lands.
            self.models[name].song(score_of(after.state)).ready(position())

        batch = Batch((move,), "bar", time.monotonic())
        return Taken(after, lambda: self._background.run(lambda: self._prepare(batch, load), move.target))


@dataclass(frozen=True)
class Taken:
    """A command that was taken.

    Attributes:
        wanted: how everything stands afterwards.
        action: what is done once all moves that came together are taken.
    """

    wanted: Wanted
    action: Action
