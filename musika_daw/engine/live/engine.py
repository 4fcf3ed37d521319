"""The live engine: what is played, as the control layer sees it.

Three threads meet here: whoever posts moves, the worker that makes the music and the writer that plays it
(see `Shared`). A move is checked when it is posted, so that a refusal is known at once, and heard when the worker has
made what it changes.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from musika_daw.controls.book import scope_of
from musika_daw.controls.control import Scope, Value
from musika_daw.controls.move import Move, Notice, failure
from musika_daw.controls.target import Target
from musika_daw.engine.bus.bus import Bus
from musika_daw.engine.fx.catalogue import PLUGIN
from musika_daw.engine.fx.plugin_pool import PluginPool
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.live.commands import PROJECT, UNTOLD, Commands, LiveSettings
from musika_daw.engine.live.intake import TEMPO, Intake, Posting
from musika_daw.engine.live.output.journal import Journal
from musika_daw.engine.live.output.played import Played
from musika_daw.engine.live.output.player import Player
from musika_daw.engine.live.output.recorder import RECORD, Recorder
from musika_daw.engine.live.output.writer import BLOCK, Writer
from musika_daw.engine.live.plan.change import Batch
from musika_daw.engine.live.plan.external_clock import FollowedClock
from musika_daw.engine.live.plan.render import BLOCK_SAMPLES
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.plan.shared import Level, Shared
from musika_daw.engine.live.plan.timeline import Timeline
from musika_daw.engine.live.plan.worker import Worker
from musika_daw.engine.live.state.chain_edits import FX
from musika_daw.engine.live.state.effects import Effects, is_parameter
from musika_daw.engine.live.state.notices import NoticeBoard
from musika_daw.engine.live.state.presets import PRESET
from musika_daw.engine.live.state.transition import LOCATE, PLAY, transition
from musika_daw.engine.live.state.wanted import EFFECTS, LOOP, MODEL, QUANTIZE, Wanted
from musika_daw.engine.models.load_model import load_model
from musika_daw.engine.presets.preset import chains_of
from musika_daw.engine.score_of import score_of
from musika_daw.music.notes import Note

__all__ = ["Heard", "LiveEngine", "LiveSettings"]


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
        model = load_model(settings.state.text(MODEL))
        song = settings.state.only(Scope.SONG)
        self.stems = settings.state.get("stems")
        rate = model.song(score_of(song)).sample_rate
        first = Segment(0, 0.0, None, song)
        self._shared = Shared(Timeline(first, self.stems), rate)
        self._board = NoticeBoard()
        self._lock = threading.Lock()
        self._commands = Commands(settings, self._shared, self._board, model, self._prepare)
        self._plugins = PluginPool(rate, lambda line: self._board.post(failure(Target(PRESET), line)))
        self._errands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._recorder = Recorder(Journal(first, rate), rate, BLOCK, self._commands.take_done)
        self._intake = Intake(self._shared, self._board, self._commands, self._recorder, self.position)
        self._wanted = Wanted(settings.state, Effects(self._intake.chains(settings.state), self._plugins.catalogue))
        player = Player(self._shared.timeline.stems, rate, first, plugins=self._plugins)
        self._writer = Writer(self._shared, player, self._recorder, self._board, bus, open_bus, stand_in)
        self._worker = Worker(self._shared, self._commands.models, self.reject)
        self._preparing: list[Batch] = []  # moves that wait for a model or for plug-ins to be loaded
        self.quit_asked = self._commands.quit_asked
        self.played = Played(self._shared)
        self._worker.start()
        self._writer.start()

    def close(self) -> None:
        """Fades out and ends; a take that is being recorded is finished."""
        self._commands.close()
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
            before = wanted = self._wanted
            posting = Posting()
            for move in moves:
                wanted = self._intake.take(wanted, move, posting)
            self._wanted = wanted
            begin, end = wanted.state.get(LOOP)
            with self._shared.lock:
                self._shared.located = wanted.state.number(LOCATE)
                self._shared.set_loop((begin, end))
                self._shared.levels.extend(Level(move, wanted.effects.chain_of(move.target)) for move in posting.levels)
                self._shared.wake.notify_all()
            if posting.musical:
                batch = Batch(tuple(posting.musical), wanted.state.text(QUANTIZE), now, posting.urgent)
                self._send(batch, wanted, posting)
        for action in posting.actions:
            action()
        self._tell(moves, before, wanted)

    def reject(self, moves: Sequence[Move], error: Exception, failed: Batch | None = None) -> None:
        """Takes moves back that were taken and cannot be heard: everything stands as it is planned, and as what still
        waits moves it, and everybody is told. Any thread may call it.

        Args:
            failed: moves that were being prepared, if it was they.
        """
        with self._lock:
            before = self._wanted
            with self._shared.lock:
                plan = self._shared.timeline.plan
                preparing = (move for batch in self._preparing if batch is not failed for move in batch.moves)
                waiting = (*self._worker.unheard(), *preparing)
            song = transition(plan.controls, plan.render is not None, waiting).controls
            after = before.with_song(song, forget_preset=any(move.control == PRESET for move in moves))
            self._wanted = after = after.with_chains(self._intake.chains(after.state))
        for target, values in after.changes(before).items():
            self._board.post(Notice.of(target, *values))
        about = moves[0].target if moves else Target(PLAY)
        self._board.post(failure(about, str(error) or type(error).__name__))

    def get(self, target: Target) -> tuple[Value, ...]:
        """The value of what can be asked for; `status` gives the arguments of its reply.

        Raises:
            RefusedError: the target names what is not there.
        """
        with self._lock:
            wanted = self._wanted
        if target == Target("status"):
            return self.status()
        if target == Target("bus"):
            return (self.bus_description,)
        if target == Target(PROJECT):
            return self._commands.project()
        if target == Target(RECORD):
            return (self._recorder.on,)
        if target == Target(TEMPO) and self._shared.leading:
            return self._shared.timeline.plan.controls.get(TEMPO)
        if target == Target(LOCATE):
            return (self.position(),)
        return wanted.value(target)

    def limits(self, target: Target) -> tuple[float, float] | None:
        """Range of an effect's parameter; None for everything that the book knows."""
        return self._wanted.effects.limits(target) if is_parameter(target) else None

    def targets(self) -> tuple[Target, ...]:
        """Everything that can be set or asked for now."""
        return self._wanted.targets()

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
            return Heard(segment.beat_at(stream), segment.controls.number(TEMPO), segment.render is not None)

    def status(self) -> tuple[Value, ...]:
        """How it is doing, as `status.reply` of the address table has it."""
        meter = self._shared.meter
        seconds = BLOCK_SAMPLES / self._shared.rate
        latency = float(np.median(meter.latencies)) if meter.latencies else 0.0
        leading = self._shared.leading
        return (
            seconds / meter.costs.block_seconds if meter.costs.block_seconds else 0.0,
            meter.load,
            meter.underruns + self._writer.bus_underruns,
            1000 * (latency + self._writer.latency_seconds),
            self._clock_text(),
            self._wanted.state.text(MODEL),
            self.position(),
            1000 * leading.clock.state_at(time.monotonic()).jitter_seconds if leading else 0.0,
            self.phase_error_ms,
            self.bus_latency_ms,
            self._commands.recording_into(self._recorder),
        )

    def _clock_text(self) -> str:
        leading = self._shared.leading
        if leading is None:
            return "internal"
        state = leading.clock.state_at(time.monotonic())
        text = f"{leading.name}, {'lost' if state.lost else 'running' if state.playing else 'stopped'}"
        return text if state.ratio == 1.0 else f"{text}, {state.bpm / state.ratio:.4g} bpm played as {state.bpm:.4g}"

    def follow(self, leading: FollowedClock | None) -> None:
        """Follows a clock from now on, or nobody: then it plays on as it does."""
        with self._lock:
            if leading is None and self._shared.leading is not None:
                tempo = Move(TEMPO, None, self._shared.timeline.plan.controls.get(TEMPO))
                self._wanted = self._wanted.moved(tempo)
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
        state = self._wanted.state
        return self._commands.models[state.text(MODEL)].song(score_of(state)).notes(stem, first_beat, end_beat)

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

    def finish_takes(self) -> None:
        """Makes takes of what a process that was killed had recorded into the project; done in the background."""
        self._commands.finish_takes()

    def play_into(self, open_bus: Callable[[], Bus]) -> None:
        """Plays into another bus as soon as it is open; whoever listens is told, also where it does not open."""
        self._writer.play_into(open_bus)

    @property
    def bus_latency_ms(self) -> float:
        return 1000 * self._writer.latency_seconds

    def run_errands(self) -> None:
        """Does what only the main thread may do (loading plug-ins); it calls this now and then."""
        while not self._errands.empty():
            self._errands.get()()

    # --- moves -------------------------------------------------------------------------------------------------------

    def _send(self, batch: Batch, wanted: Wanted, posting: Posting) -> None:
        """Hands moves to the worker, plug-ins that they need being loaded first."""
        own = chains_of(wanted.state)
        if not any(move.control == PRESET for move in batch.moves):
            own = {move.stem: own[move.stem] for move in batch.moves if move.control == FX and move.stem is not None}
        if any(spec.type == PLUGIN for chain in own.values() for spec in chain):
            load = partial(self._prepare, batch, partial(self._load_plugins, own))
            posting.actions.append(lambda: self._errands.put(load))
        else:
            self._enqueue(batch)

    def _load_plugins(self, chains: FxOf) -> None:
        """Loads what chains need, and tells what can be set on it."""
        self._plugins.load(chains)
        effects = self._wanted.effects
        for stem in chains:
            self._board.post(Notice.of(Target(EFFECTS, stem), *effects.described(stem)))

    def _tell(self, moves: Sequence[Move], before: Wanted, after: Wanted) -> None:
        """Tells what was moved, and what moved with it: a preset or a style brings more than its name."""
        told = {move.target: move.values for move in moves if move.values and move.control not in UNTOLD}
        if any(scope_of(move.target) is not Scope.MIX for move in moves):
            told |= after.changes(before)
        for target, values in told.items():
            self._board.post(Notice.of(target, *values))

    def _enqueue(self, batch: Batch) -> None:
        with self._shared.lock:
            self._shared.batches.append(batch)
            self._shared.wake.notify_all()

    def _prepare(self, batch: Batch, load: Callable[[], None]) -> None:
        """Has something loaded that moves ask for, then lets them go on their way."""
        self._preparing.append(batch)
        try:
            load()
            self._enqueue(batch)
        except Exception as error:
            self.reject(batch.moves, error, batch)
        finally:
            self._preparing.remove(batch)
