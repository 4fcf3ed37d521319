"""The live engine: what is played, as the control layer sees it.

Three threads meet here: whoever posts moves, the worker that makes the music and the writer that plays it
(see `Shared`). A move is checked when it is posted, so that a refusal is known at once, and heard when the worker has
made what it changes.
"""

from __future__ import annotations

import dataclasses
import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from musika_daw.engine.bus.bus import Bus
from musika_daw.engine.fx.catalogue import PLUGIN
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.fx.shelf import PluginShelf
from musika_daw.engine.known_controls import refusal, style_refusal
from musika_daw.engine.live.background import Background
from musika_daw.engine.live.controls import PRESET, Controls
from musika_daw.engine.live.course import TRANSPORT
from musika_daw.engine.live.desk import Desk
from musika_daw.engine.live.given import with_line
from musika_daw.engine.live.journal import Journal
from musika_daw.engine.live.lead import Leading
from musika_daw.engine.live.moves import Move, Notice, RefusedError, Value
from musika_daw.engine.live.notices import NoticeBoard
from musika_daw.engine.live.played import Played
from musika_daw.engine.live.player import Player
from musika_daw.engine.live.recorder import Recorder, TakeWish, at_beat, bar_after
from musika_daw.engine.live.shared import Batch, Shared
from musika_daw.engine.live.standing import LOCATE, LOOP, QUANTIZE, Standing
from musika_daw.engine.live.timeline import Segment, Timeline
from musika_daw.engine.live.version import BLOCK_SAMPLES
from musika_daw.engine.live.worker import GRIDS, Worker
from musika_daw.engine.live.writer import BLOCK, Writer
from musika_daw.engine.load_model import load_model
from musika_daw.engine.preset_folder import save_preset
from musika_daw.engine.take.take_folder import check_take_name
from musika_daw.errors import UserError
from musika_daw.model.official.official_file import read_any_info
from musika_daw.music.notes import MIX, Note

_LANDING_SECONDS = 0.2  # from a move being posted to its landing, mostly
_UNTOLD = ("/musika/record", "/musika/render", "/musika/preset/save")


@dataclass(frozen=True)
class Heard:
    """A place in the song that is heard.

    Attributes:
        beat: song position; while stopped, where it stopped.
        playing: whether it moves on at `bpm`.
    """

    beat: float
    bpm: float
    playing: bool


@dataclass(frozen=True)
class LiveSettings:
    """What a live engine starts with.

    Attributes:
        controls: as they stand at the start; the transport stands at the start of the song.
        project: where takes land.
    """

    controls: Controls
    project: Path
    take_name: str = "take"
    sample_format: str = "float32"


class LiveEngine:
    """Plays; see `control.instrument.Instrument` for what the methods promise. Close it to fade out and end."""

    def __init__(
        self, settings: LiveSettings, bus: Bus, open_bus: Callable[[], Bus], stand_in: Callable[[], Bus]
    ) -> None:
        """Starts to play silence.

        Args:
            bus: where it plays into.
            open_bus: opens it again after it was lost; may raise.
            stand_in: keeps the pace meanwhile.

        Raises:
            UserError: the model cannot be loaded.
        """
        controls = settings.controls
        self._settings = settings
        model = load_model(controls.model)
        self._models = {controls.model: model}
        self._infos = {controls.model: model.info}  # of models that are loaded or being loaded
        self.stems = controls.stems
        rate = model.song(controls.score()).sample_rate
        first = Segment(0, 0.0, None, controls)
        self._shared = Shared(Timeline(first, controls.stems), rate)
        self._board = NoticeBoard()
        self._lock = threading.Lock()
        self._shelf = PluginShelf(
            rate, lambda line: self._board.post(Notice("/musika/error", (PRESET, "failed", line)))
        )
        self._errands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._standing = Standing(controls, Desk(controls.stems, self._fx_of(controls), self._shelf.catalogue))
        self._recorder = Recorder(Journal(first, rate), rate, BLOCK, self._take_done)
        player = Player(self._shared.timeline.stems, rate, first, shelf=self._shelf)
        self._writer = Writer(self._shared, player, self._recorder, self._board, bus, open_bus, stand_in)
        self._worker = Worker(self._shared, self._models)
        self._background = Background(self._board)
        self.quit_asked = threading.Event()
        self.played = Played(self._shared)
        self._worker.start()
        self._writer.start()

    def close(self) -> None:
        """Fades out and ends; a take that is being recorded is finished."""
        self._background.close()
        self._writer.close()
        self._recorder.close()
        self._shared.quitting = True
        with self._shared.lock:
            self._shared.wake.notify_all()
        self._worker.join()

    # --- what the control layer calls --------------------------------------------------------------------------------

    def post(self, moves: Sequence[Move]) -> None:
        """Applies moves all together or not at all.

        Raises:
            RefusedError: one of them is not possible; nothing changed.
        """
        now = time.monotonic()
        with self._lock:
            standing = self._standing.copy()
            actions: list[Callable[[], None]] = []
            musical, levels, urgent = [], [], False
            for move in moves:
                if move.of_level:
                    standing.check_stem(move.address)
                    standing.desk.set(move)
                    levels.append(move)
                elif move.address in (QUANTIZE, LOOP):
                    standing.set_grid(move)
                elif self._shared.leading and move.address in (*TRANSPORT, "/musika/tempo"):
                    name = self._shared.leading.name
                    raise RefusedError(
                        move.address, "refused", f"the {name} clock leads: move it there, or set /musika/clock internal"
                    )
                elif move.address in TRANSPORT:
                    musical.append(standing.transport(move))
                    urgent |= move.address != LOCATE
                elif (action := self._action(standing, move)) is not None:
                    actions.append(action)
                else:
                    self._check_known(standing.controls, move)
                    if move.address.endswith("/notes"):
                        move = with_line(move, self._next_bar(standing))
                    levels += standing.set_control(move)
                    standing.desk.use(self._fx_of(standing.controls))
                    if move.address == PRESET:
                        levels += standing.desk.restore()
                    musical.append(move)
            before, self._standing = self._standing, standing
            with self._shared.lock:
                self._shared.located, self._shared.loop = standing.located, standing.loop
                self._shared.levels.extend(levels)
                self._shared.wake.notify_all()
            if musical:
                batch = Batch(tuple(musical), standing.quantize, now, urgent)
                plugins = any(spec.type == PLUGIN for chain in standing.controls.fx.values() for spec in chain)
                if plugins and any(move.address == PRESET for move in moves):
                    fx = standing.controls.fx
                    actions.append(lambda: self._errands.put(lambda: self._load_plugins(fx, batch)))
                else:
                    self._enqueue(batch)
        for action in actions:
            action()
        self._tell(moves, before, standing)

    def _tell(self, moves: Sequence[Move], before: Standing, after: Standing) -> None:
        """Tells what was moved, and what moved with it: a preset or a style brings more than its name."""
        told = {m.address: m.values for m in moves if m.values and m.address not in _UNTOLD}
        if any(not move.of_level for move in moves):
            was = before.readings()
            told |= {address: v for address, v in after.readings().items() if was.get(address) != v}
        for address, values in told.items():
            self._board.post(Notice(address, values))

    def get(self, address: str) -> tuple[Value, ...]:
        """The value of a readable address.

        Raises:
            RefusedError: the address names what is not there.
        """
        with self._lock:
            standing = self._standing
        if address == "/musika/status":
            return self.status()
        if address == "/musika/bus":
            return (self.bus_description,)
        if address == "/musika/record":
            return (self._recorder.on,)
        if address == "/musika/tempo":
            plan = self._shared.timeline.plan
            return (plan.controls.bpm if self._shared.leading else standing.controls.bpm,)
        if address == LOCATE:
            return (self.position(),)
        return standing.value(address)

    def limits(self, address: str) -> tuple[float, float] | None:
        """Range of an effect's parameter; None for all other addresses."""
        return self._standing.desk.limits(address)

    def addresses(self) -> tuple[str, ...]:
        """Every address that can be read or written now."""
        return self._standing.addresses()

    def notices(self) -> list[Notice]:
        """What there is to tell since the last call, oldest first."""
        return self._board.take(time.monotonic())

    def position(self) -> float:
        """Song position that is heard now, in beats."""
        return self.heard_at(time.monotonic()).beat

    def heard_at(self, seconds: float) -> Heard:
        """What is heard at a moment of the monotonic clock, a little ahead or behind of now."""
        with self._shared.lock:
            stream = self.played.stream_at(seconds)
            segment = self._shared.timeline.at(stream)
            return Heard(segment.beat_at(stream), segment.controls.bpm, segment.version is not None)

    def status(self) -> tuple[Value, ...]:
        """The arguments of `/musika/status.reply`."""
        meter = self._shared.meter
        seconds = BLOCK_SAMPLES / self._shared.rate
        latency = float(np.median(meter.latencies)) if meter.latencies else 0.0
        leading = self._shared.leading
        return (
            seconds / meter.block_seconds if meter.block_seconds else 0.0,
            meter.load,
            meter.underruns + self._writer.bus_underruns,
            1000 * (latency + self._writer.latency_seconds),
            self._clock_text(),
            self._standing.controls.model,
            self.position(),
            1000 * leading.clock.state_at(time.monotonic()).jitter_seconds if leading else 0.0,
            self.phase_error_ms,
            self.bus_latency_ms,
        )

    def _clock_text(self) -> str:
        leading = self._shared.leading
        if leading is None:
            return "internal"
        state = leading.clock.state_at(time.monotonic())
        return f"{leading.name}, {'lost' if state.lost else 'running' if state.playing else 'stopped'}"

    def follow(self, leading: Leading | None) -> None:
        """Follows a clock from now on, or nobody: then it plays on as it does."""
        with self._lock:
            if leading is None and self._shared.leading is not None:
                bpm = self._shared.timeline.plan.controls.bpm
                self._standing.controls = dataclasses.replace(self._standing.controls, bpm=bpm)
            self._shared.leading = leading
        with self._shared.lock:
            self._shared.wake.notify_all()

    @property
    def phase_error_ms(self) -> float:
        """How much later than the leading clock the sound is that is heard now; 0 without one."""
        leading = self._shared.leading
        if leading is None:
            return 0.0
        state = leading.clock.state_at(time.monotonic() - leading.offset_seconds)
        return 60_000.0 * (state.beat - self.position()) / state.bpm if state.playing else 0.0

    def song_notes(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """What a stem plays as the controls stand, whether it is heard yet or not."""
        controls = self._standing.controls
        return self._models[controls.model].song(controls.score()).notes(stem, first_beat, end_beat)

    def ahead_seconds(self) -> float:
        """How much sound is made ahead of what the writer takes next; infinite while nothing plays."""
        with self._shared.lock:
            gap = self._shared.timeline.gap(self._shared.cursor)
            return math.inf if gap is None else (gap[1] - self._shared.cursor) / self._shared.rate

    def latencies_ms(self) -> list[float]:
        """From each of the last moves to the first sample that it changed being handed to the bus."""
        return [1000 * seconds for seconds in list(self._shared.meter.latencies)]

    def forget_latencies(self) -> None:
        """Starts to measure anew."""
        self._shared.meter.latencies.clear()

    @property
    def bus_description(self) -> str:
        return self._writer.bus_description

    @property
    def bus_latency_ms(self) -> float:
        return 1000 * self._writer.latency_seconds

    def run_errands(self) -> None:
        """Does what only the main thread may do (loading plug-ins); it calls this now and then."""
        while not self._errands.empty():
            self._errands.get()()

    # --- moves -------------------------------------------------------------------------------------------------------

    def _check_known(self, controls: Controls, move: Move) -> None:
        """Raises RefusedError: the model that is to play does not know what is moved."""
        info = self._infos[controls.model]
        parts = move.address.split("/")
        reason = refusal(info, parts[-1])
        if parts[2] == "anchor":
            reason = style_refusal(info, str(move.values[0]))
        if reason:
            raise RefusedError(move.address, "refused", reason)

    def _enqueue(self, batch: Batch) -> None:
        with self._shared.lock:
            self._shared.batches.append(batch)
            self._shared.wake.notify_all()

    def _load_plugins(self, fx: FxOf, batch: Batch) -> None:
        self._shelf.load(fx)
        self._enqueue(batch)

    def _fx_of(self, controls: Controls) -> FxOf:
        """The chains of the style that is nearest, and those that stand in their place."""
        model = self._models.get(controls.model) or next(iter(self._models.values()))
        return {**model.song(controls.score()).fx_at(0.0), **controls.fx}

    def _action(self, standing: Standing, move: Move) -> Callable[[], None] | None:
        """What a move does that is no setting of the song; None if it is one."""
        if move.address == "/musika/record":
            return self._record(standing, move)
        if move.address == "/musika/model":
            return self._change_model(standing, move)
        if move.address == "/musika/render":
            bars, project = float(move.values[0]), Path(str(move.values[1]))
            return lambda: self._background.render(standing.controls, bars, project)
        if move.address == "/musika/preset/save":
            preset = standing.as_preset(str(move.values[0]))
            return lambda: self._background.run(lambda: save_preset(preset), move.address)
        if move.address == "/musika/quit":
            return self.quit_asked.set
        return None

    def _next_bar(self, standing: Standing) -> float:
        """Song position of the first bar line that a move which is posted now lands before, or on."""
        with self._shared.lock:
            stream = self._shared.cursor + round(_LANDING_SECONDS * self._shared.rate)
            here = self._shared.timeline.meant_at(stream)
            beat = standing.located if here.version is None else here.beat_at(stream)
        line = max(GRIDS[standing.quantize], GRIDS["bar"])
        return math.ceil(beat / line) * line

    def _record(self, standing: Standing, move: Move) -> Callable[[], None] | None:
        """Takes begin and end on the grid of `quantize`; with `now` at the bar lines, where takes belong."""
        wanted = move.values[0]
        with self._shared.lock:
            here = self._shared.timeline.at(self._shared.cursor)
            beat = here.beat_at(self._shared.cursor)
        on_grid = None if here.version is None else bar_after(beat, GRIDS[standing.quantize])
        if wanted is False:
            return lambda: self._recorder.finish(at_beat(on_grid))
        name = wanted if isinstance(wanted, str) else self._settings.take_name
        try:
            check_take_name(name)
        except UserError as error:
            raise RefusedError(move.address, "range", str(error)) from error
        if self._recorder.on:
            raise RefusedError(move.address, "refused", "a take is being recorded: stop it first")
        wish = TakeWish(self._settings.project, name, self._settings.sample_format, at_beat(on_grid))
        return lambda: self._recorder.begin(wish)

    def _take_done(self, outcome: Path | UserError) -> None:
        self._board.post(Notice("/musika/record", (False,)))
        if isinstance(outcome, Path):
            self._board.post(Notice("/musika/done", (str(outcome),)))
        else:
            self._fail("/musika/record", str(outcome))

    def _fail(self, address: str, message: str) -> None:
        self._board.post(Notice("/musika/error", (address, "failed", message)))

    def _change_model(self, standing: Standing, move: Move) -> Callable[[], None]:
        """Loads beside the one that plays; swaps at a bar line when it is there."""
        name = str(move.values[0])
        try:
            info = read_any_info(name)
        except UserError as error:
            raise RefusedError(move.address, "range", str(error)) from error
        if info.stems not in (self.stems, (MIX,)):
            theirs, ours = ", ".join(info.stems), ", ".join(self.stems)
            hint = f": start with {name}, and either can be played" if self.stems == (MIX,) else ""
            told = f"{name} has other stems ({theirs}) than this process ({ours}){hint}"
            raise RefusedError(move.address, "refused", told)
        standing.controls = dataclasses.replace(standing.controls, model=name)
        self._infos[name] = info

        def load() -> None:
            if name not in self._models:
                self._models[name] = load_model(name)
            # A little ahead: what takes longest is there by the time it lands.
            self._models[name].song(standing.controls.score()).ready(self.position())
            self._enqueue(Batch((move,), "bar", time.monotonic()))

        return lambda: self._background.run(load, move.address)
