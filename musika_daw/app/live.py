"""`musika-daw live`: the generator process, played over OSC."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.app.controls import CONTROLS, IMPORTED, imported_controls
from musika_daw.app.real_time import play_in_real_time
from musika_daw.app.values import parse_whole
from osc_protocol.table import DEFAULT_PORT

if TYPE_CHECKING:
    from musika_daw.control.clock.protocol import Clock
    from musika_daw.control.instrument import Instrument
    from musika_daw.control.osc.thread import ControlThread
    from musika_daw.engine.bus.bus import Bus
    from musika_daw.engine.live.controls import Controls
    from musika_daw.engine.live.engine import LiveEngine
    from musika_daw.engine.live.moves import Move

_POLL_SECONDS = 0.1
_AT_THE_START = {"bpm": "/musika/tempo", "seed": "/musika/seed"}


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="project folder for takes (default Musika DAW in your music folder)"
    )
    parser.add_argument("--preset", default="default", metavar="NAME", help="a preset or the path of its .toml file")
    parser.add_argument("--model", metavar="NAME", help="a shipped model or the path of one (default: the preset's)")
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
        "--clock", choices=("internal", "midi", "link"), default="internal", help="which clock leads (default internal)"
    )
    parser.add_argument(
        "--midi-in",
        metavar="NAME",
        action="append",
        default=[],
        help="a MIDI input to listen to, by a part of its name; can be given several times",
    )
    for option, what in (("--midi-out", "the notes that are played"), ("--clock-out", "a MIDI clock that follows us")):
        parser.add_argument(
            option,
            metavar="NAME",
            nargs="?",
            const="virtual",
            help=f"send {what} to an output, by a part of its name; without a name to a virtual port",
        )
    parser.add_argument("--midi-map", metavar="NAME", help="map of a MIDI controller, e.g. generic_8_knobs")
    for control in CONTROLS:
        if control.name in _AT_THE_START:
            parser.add_argument(
                control.option,
                type=control.parse,
                metavar=control.metavar,
                help=f"{control.help}, at the start (default: the preset's, or {control.default})",
            )
    for control in imported_controls():
        # Suppressed: what is not given is left to the model.
        parser.add_argument(
            control.option, type=control.parse, metavar=control.metavar, default=argparse.SUPPRESS, help=control.help
        )
    parser.add_argument("--headless", action="store_true", help="without an audio device if there is none")
    parser.add_argument("--play", action="store_true", help="start to play at once")
    parser.add_argument("--record", action="store_true", help="record a take as soon as it plays")


def run(options: argparse.Namespace) -> None:
    from musika_daw.control.osc.thread import ControlSettings, ControlThread
    from musika_daw.engine.live.engine import LiveEngine, LiveSettings
    from musika_daw.engine.live.moves import Move
    from musika_daw.resources import music_folder

    play_in_real_time()
    imported = {name: getattr(options, name) for name in IMPORTED if hasattr(options, name)}
    controls, bus_map = _controls(options.preset, options.model, imported)
    bus, reopen, stand_in = _buses(options, bus_map, controls)
    stop = threading.Event()
    _stop_on_signals(stop)
    engine = LiveEngine(LiveSettings(controls, options.out or music_folder()), bus, reopen, stand_in)
    try:
        with ExitStack() as stack:
            instrument = _ensemble(engine, options, stack)
            given = {address: getattr(options, name) for name, address in _AT_THE_START.items()}
            start = [Move(address, (value,)) for address, value in given.items() if value is not None]
            engine.post([Move("/musika/preset", (options.preset,)), *start])
            settings = ControlSettings(options.osc_host, options.osc_port, announce=True)
            control = stack.enter_context(ControlThread(instrument, settings))
            _say(_where(options.osc_host, control, engine))
            moves = [Move("/musika/clock", (options.clock,))] if options.clock != "internal" else []
            moves += [Move("/musika/midi/map", (options.midi_map,))] if options.midi_map else []
            moves += [Move("/musika/midi/out", (options.midi_out,))] if options.midi_out else []
            moves += [Move("/musika/clock/out", (options.clock_out,))] if options.clock_out else []
            moves += [Move("/musika/record", (True,))] if options.record else []
            moves += [Move("/musika/play")] if options.play and options.clock == "internal" else []
            if moves:
                _post(instrument, moves)
            _wait(engine, stop)
    finally:
        engine.close()


def _ensemble(engine: LiveEngine, options: argparse.Namespace, stack: ExitStack) -> Instrument:
    """The engine, and clocks, MIDI and scenes beside it."""
    from musika_daw.control.clock.clock_messages import ClockSource
    from musika_daw.control.clock.link_clock import LinkClock
    from musika_daw.control.clock.midi_clock import MidiClock
    from musika_daw.control.clock.song_clock import SongClock
    from musika_daw.control.instrument import Ensemble
    from musika_daw.control.midi.pattern_messages import PatternMessages
    from musika_daw.control.midi.ports import VIRTUAL_NAME, InputPorts
    from musika_daw.control.parts.clock import ClockPart
    from musika_daw.control.parts.midi import MidiPart
    from musika_daw.control.parts.outputs import CLOCK_OUT, NOTES_OUT, OutputsPart
    from musika_daw.control.parts.scenes import ScenePart
    from musika_daw.errors import UserError
    from musika_daw.resources import own_folder

    midi_clock = MidiClock()
    others: dict[str, Callable[[], Clock]] = {
        "midi": lambda: midi_clock,
        "link": lambda: stack.enter_context(LinkClock()),
    }
    clocks = ClockPart(engine, others, SongClock(engine))
    # Controllers may recall scenes and choose clocks, too.
    inner = Ensemble(engine, (clocks, ScenePart(engine, own_folder("scenes", "MUSIKA_DAW_SCENES"))))
    midi = MidiPart(inner, midi_clock, clocks)
    outputs = OutputsPart(
        {
            NOTES_OUT: (f"{VIRTUAL_NAME} notes", lambda: PatternMessages(engine.played)),
            CLOCK_OUT: (f"{VIRTUAL_NAME} clock", lambda: ClockSource(SongClock(engine))),
        }
    )
    stack.callback(outputs.close)
    try:
        with _libraries_silent():
            stack.enter_context(InputPorts(midi.receive, options.midi_in, idle=midi.idle))
    except UserError as error:
        if options.midi_in or options.clock == "midi":
            raise
        _say(f"no MIDI: {error}")
    return Ensemble(inner, (midi, outputs))


@contextmanager
def _libraries_silent() -> Iterator[None]:
    """Nothing reaches stderr: the JACK library has much to say there when no server runs, and we say it in one line."""
    sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def _where(host: str, control: ControlThread, engine: LiveEngine) -> str:
    place = host if host != "127.0.0.1" else "localhost"
    query = f", OSCQuery on port {control.query_port}" if control.query_port else ""
    return f"OSC on {place}, port {control.osc_port}{query}; {engine.bus_description}"


def _post(instrument: Instrument, moves: list[Move]) -> None:
    from musika_daw.engine.live.moves import RefusedError
    from musika_daw.errors import UserError

    try:
        instrument.post(moves)
    except RefusedError as error:
        raise UserError(str(error)) from error


def _controls(preset_name: str, model: str | None, imported: Mapping[str, float | bool]) -> tuple[Controls, str | None]:
    """Controls at the start, and the preset's channel map.

    Args:
        imported: settings that only imported models know, by name.
    """
    import dataclasses

    from musika_daw.engine.known_controls import refusal
    from musika_daw.engine.live.controls import Controls, with_preset
    from musika_daw.engine.preset_folder import load_preset
    from musika_daw.errors import UsageError
    from musika_daw.model.official.official_file import read_any_info
    from osc_protocol.types import default

    start = Controls(
        str(default("/musika/model")),
        int(default("/musika/seed")),
        float(default("/musika/tempo")),
        float(default("/musika/density")),
        float(default("/musika/brightness")),
        float(default("/musika/variation")),
        ("warehouse", "tunnel", "echo_chamber", "circuit"),
    )
    preset = load_preset(preset_name)
    controls = with_preset(start, preset)
    info = read_any_info(model or controls.model)
    for name in imported:
        if reason := refusal(info, name):
            raise UsageError(reason)
    settings = dataclasses.replace(controls.imported, **imported)  # type: ignore[arg-type]
    controls = dataclasses.replace(controls, model=model or controls.model, stems=info.stems, imported=settings)
    return controls, preset.bus_map


def _buses(
    options: argparse.Namespace, bus_map: str | None, controls: Controls
) -> tuple[Bus, Callable[[], Bus], Callable[[], Bus]]:
    """The bus, how to open it again, and what keeps the pace while there is none."""
    from musika_daw.engine.bus.null_bus import NullBus
    from musika_daw.engine.bus.open_bus import open_bus
    from musika_daw.engine.bus.spec import parse_bus
    from musika_daw.errors import UserError

    text = options.bus or "default"
    spec = parse_bus(text if bus_map is None or "map=" in text else f"{text},map={bus_map}")

    def reopen() -> Bus:
        return open_bus(spec, controls.stems)

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


def _wait(engine: LiveEngine, stop: threading.Event) -> None:
    while not stop.wait(_POLL_SECONDS):
        engine.run_errands()
        if engine.quit_asked.is_set():
            return


def _say(text: str) -> None:
    print(f"{PROGRAM}: {text}", file=sys.stderr, flush=True)


COMMAND = Command(
    "Play: the generator process, controlled over OSC. It waits, stopped, at the start of the song.",
    f"{PROGRAM} live --bus default --preset default --play",
    add_arguments,
    run,
)
