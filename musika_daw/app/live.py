"""`musika-daw live`: the generator process, played over OSC."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.app.control_options import add_control_options, given_controls
from musika_daw.app.quiet_libraries import own_stderr
from musika_daw.app.real_time import MemoryReturn, play_in_real_time
from musika_daw.app.status_line import Stage, StatusLine, status_text
from musika_daw.app.values import parse_whole
from musika_daw.controls.control import Scope, Surface
from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.paths import user_path
from osc_protocol.table import DEFAULT_PORT

if TYPE_CHECKING:
    from musika_daw.control.instrument import Instrument
    from musika_daw.control.osc.thread import ControlThread
    from musika_daw.controls.move import Move, Notice
    from musika_daw.engine.bus.bus import Bus
    from musika_daw.engine.live.engine import LiveEngine

_POLL_SECONDS = 0.1


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--out",
        type=user_path,
        metavar="FOLDER",
        help="project folder for takes (default: in your music folder)",
    )
    parser.add_argument("--preset", default="default", metavar="NAME", help="a preset or the path of its .toml file")
    parser.add_argument(
        "--bus",
        metavar="BUS",
        help="where to play: default, a device, jack, null (silent) or file:PATH.wav; 'musika-daw devices' lists them",
    )
    parser.add_argument(
        "--osc-port",
        type=lambda text: parse_whole("osc-port", text, 0, 65535),
        default=DEFAULT_PORT,
        metavar="PORT",
        help=f"UDP port to listen on (default {DEFAULT_PORT}; 0: a free one)",
    )
    parser.add_argument(
        "--osc-host", default="127.0.0.1", metavar="HOST", help="address to listen on (default 127.0.0.1: this machine)"
    )
    parser.add_argument(
        "--midi-in",
        metavar="NAME",
        action="append",
        default=[],
        help="a MIDI input to listen to, by its name or a part of it; can be given several times; it may come later",
    )
    add_control_options(parser, Surface.LIVE, "the preset's, or ")
    parser.add_argument("--headless", action="store_true", help="without an audio device if there is none")
    parser.add_argument("--play", action="store_true", help="start to play at once")
    parser.add_argument("--status", action="store_true", help="a line on how it is doing, also without a terminal")
    parser.add_argument("--record", action="store_true", help="record a take as soon as it plays")


def run(options: argparse.Namespace) -> None:
    with own_stderr():
        _play(options)


def _play(options: argparse.Namespace) -> None:
    from musika_daw.app.live_parts import beside_the_engine
    from musika_daw.control.osc.thread import ControlSettings, ControlThread
    from musika_daw.controls.move import Move
    from musika_daw.engine.live.engine import LiveEngine, LiveSettings
    from musika_daw.resources import music_folder

    play_in_real_time()
    given = given_controls(options, Surface.LIVE)
    state, bus_map = _start(options.preset, given)
    clock = given.text("clock")
    bus, reopen, stand_in = _buses(options, bus_map, state)
    stop = threading.Event()
    _stop_on_signals(stop)
    engine = LiveEngine(LiveSettings(state, options.out or music_folder()), bus, reopen, stand_in)
    line = StatusLine(sys.stderr, options.status)
    try:
        with ExitStack() as stack:
            stack.callback(line.close)
            instrument, no_midi = beside_the_engine(engine, options.midi_in, clock, bus_map, stack)
            if no_midi:
                _say(f"no MIDI: {no_midi}")
            own = ControlState({t: v for t, v in given.settings.items() if t.control != "model"}).only(
                Scope.SONG, Scope.MIX, Scope.TRANSPORT
            )
            _post(engine, [Move.of("preset", options.preset), *ControlState().diff(own)])
            settings = ControlSettings(options.osc_host, options.osc_port, announce=True)
            control = stack.enter_context(
                ControlThread(instrument, settings, listeners=(line.hear, partial(_tell, line)))
            )
            _say(_where(options.osc_host, control, engine))
            moves = [*ControlState().diff(given.only(Scope.SETUP))]
            moves += [Move.of("record", True)] if options.record else []
            moves += [Move("play")] if options.play and clock == "internal" else []
            if moves:
                _post(instrument, moves)
            engine.finish_takes()
            _wait(engine, stop, line)
    finally:
        engine.close()


def _where(host: str, control: ControlThread, engine: LiveEngine) -> str:
    place = host if host != "127.0.0.1" else "localhost"
    query = f", OSCQuery on port {control.query_port}" if control.query_port else ""
    return f"OSC on {place}, port {control.osc_port}{query}; {engine.bus_description}"


def _post(instrument: Instrument, moves: list[Move]) -> None:
    from musika_daw.controls.move import RefusedError
    from musika_daw.errors import UserError

    try:
        instrument.post(moves)
    except RefusedError as error:
        raise UserError(str(error)) from error


def _start(preset_name: str, given: ControlState) -> tuple[ControlState, str | None]:
    """Controls at the start, and the preset's channel map; the preset is loaded once more when the engine is there.

    Raises:
        UserError: there is no such preset or model, or the model does not know what was given.
    """
    from musika_daw.engine.known_controls import value_refusal
    from musika_daw.engine.live.state.presets import with_preset
    from musika_daw.engine.presets.preset_folder import load_preset
    from musika_daw.errors import UsageError
    from musika_daw.model.official.official_file import read_any_info

    preset = load_preset(preset_name)
    state = with_preset(defaults(), preset)
    model = given.own("model") or state.get("model")
    info = read_any_info(str(model[0]))
    for target, values in given.settings.items():
        if reason := value_refusal(info, target.control, values):
            raise UsageError(reason)
    bus_map = preset.state.own("bus_map")
    started = state.only(Scope.SONG, Scope.TRANSPORT).over(settings(model=str(model[0]), stems=info.stems))
    return started, None if bus_map is None else str(bus_map[0])


def _buses(
    options: argparse.Namespace, bus_map: str | None, state: ControlState
) -> tuple[Bus, Callable[[], Bus], Callable[[], Bus]]:
    """The bus, how to open it again, and what keeps the pace while there is none."""
    from musika_daw.engine.bus.null_bus import NullBus
    from musika_daw.engine.bus.open_bus import open_bus
    from musika_daw.engine.bus.spec import parse_bus
    from musika_daw.errors import UserError

    text = options.bus or "default"
    spec = parse_bus(text if bus_map is None or "map=" in text else f"{text},map={bus_map}")

    def reopen() -> Bus:
        return open_bus(spec, state.get("stems"))

    try:
        return reopen(), reopen, NullBus
    except UserError as error:
        if options.bus or not options.headless:
            raise
        _say(f"{error}; playing silently, as --headless allows")
        return NullBus(), reopen, NullBus


def _stop_on_signals(stop: threading.Event) -> None:
    def leave(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)


def _wait(engine: LiveEngine, stop: threading.Event, line: StatusLine) -> None:
    memory = MemoryReturn()
    while not stop.wait(_POLL_SECONDS):
        engine.run_errands()
        memory.look(time.monotonic())
        if engine.quit_asked.is_set():
            return
        if line.due:
            line.show(status_text(_stage(engine, line)))


def _stage(engine: LiveEngine, line: StatusLine) -> Stage:
    from musika_daw.controls.target import Target

    heard = engine.heard_at(time.monotonic())
    preset = str(engine.get(Target("preset"))[0])
    return Stage(engine.status(), heard.beat, heard.bpm, heard.playing, line.take_level(), preset)


def _tell(line: StatusLine, notice: Notice, _packet: bytes) -> None:
    """What becomes of things, and what fails: also on the terminal, where somebody may look."""
    if notice.control in ("told", "error"):
        line.say(f"{PROGRAM}: {notice.values[-1]}")
    elif notice.control == "done":
        line.say(f"{PROGRAM}: take: {notice.values[0]}")


def _say(text: str) -> None:
    print(f"{PROGRAM}: {text}", file=sys.stderr, flush=True)


COMMAND = Command(
    "Play: the generator process, controlled over OSC. It waits, stopped, at the start of the song.",
    f"{PROGRAM} live --bus default --preset default --play",
    add_arguments,
    run,
)
