"""`musika-daw live`: the generator process, played over OSC."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.app.values import parse_whole
from osc_protocol.table import DEFAULT_PORT

if TYPE_CHECKING:
    from musika_daw.engine.bus.bus import Bus
    from musika_daw.engine.live.controls import Controls
    from musika_daw.engine.live.engine import LiveEngine

_POLL_SECONDS = 0.2
SWITCH_SECONDS = 0.001  # the writer must not wait long for the interpreter while the worker runs Python


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
    parser.add_argument("--headless", action="store_true", help="without an audio device if there is none")
    parser.add_argument("--play", action="store_true", help="start to play at once")
    parser.add_argument("--record", action="store_true", help="record a take as soon as it plays")


def run(options: argparse.Namespace) -> None:
    import torch

    from musika_daw.control.osc.server import LOOPBACK
    from musika_daw.control.osc.thread import ControlSettings, ControlThread
    from musika_daw.engine.live.engine import LiveEngine, LiveSettings
    from musika_daw.engine.live.moves import Move
    from musika_daw.resources import music_folder

    sys.setswitchinterval(SWITCH_SECONDS)
    torch.set_num_threads(1)  # stems are decoded side by side: a second thread within each would only wait
    controls, bus_map = _controls(options.preset, options.model)
    bus, reopen, stand_in = _buses(options, bus_map, controls)
    stop = threading.Event()
    _stop_on_signals(stop)
    engine = LiveEngine(LiveSettings(controls, options.out or music_folder()), bus, reopen, stand_in)
    try:
        if options.preset:
            engine.post([Move("/musika/preset", (options.preset,))])
        settings = ControlSettings(options.osc_host, options.osc_port, announce=True)
        with ControlThread(engine, settings) as control:
            place = options.osc_host if options.osc_host != LOOPBACK else "localhost"
            query = f", OSCQuery on port {control.query_port}" if control.query_port else ""
            _say(f"OSC on {place}, port {control.osc_port}{query}; {engine.bus_description}")
            moves = [Move("/musika/record", (True,))] if options.record else []
            moves += [Move("/musika/play")] if options.play else []
            if moves:
                engine.post(moves)
            _wait(engine, stop)
    finally:
        engine.close()


def _controls(preset_name: str, model: str | None) -> tuple[Controls, str | None]:
    """Controls at the start, and the preset's channel map."""
    import dataclasses

    from musika_daw.engine.live.controls import Controls, with_preset
    from musika_daw.engine.preset_folder import load_preset
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
    return dataclasses.replace(controls, model=model or controls.model), preset.bus_map


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
