"""What plays beside the engine: clocks, MIDI, scenes, fades, and the machine it runs on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial

from musika_daw.app.quiet_libraries import libraries_silent
from musika_daw.control.clock.clock_messages import ClockSource
from musika_daw.control.clock.link_clock import LinkClock
from musika_daw.control.clock.midi_clock import MidiClock
from musika_daw.control.clock.protocol import Clock
from musika_daw.control.clock.song_clock import SongClock
from musika_daw.control.handlers.bars import BarsHandler
from musika_daw.control.handlers.clock import ClockHandler
from musika_daw.control.handlers.fade import FadeHandler
from musika_daw.control.handlers.machine import DevicePlayer, MachineHandler
from musika_daw.control.handlers.midi import MidiHandler, map_paths
from musika_daw.control.handlers.outputs import CLOCK_OUT, NOTES_OUT, OutputsHandler
from musika_daw.control.handlers.presets import PresetHandler
from musika_daw.control.handlers.scenes import SceneHandler
from musika_daw.control.handlers.tap import TapHandler
from musika_daw.control.instrument import Instrument, Router
from musika_daw.control.midi.echoes import Echoes
from musika_daw.control.midi.pattern_messages import PatternMessages
from musika_daw.control.midi.port_names import same_bus
from musika_daw.control.midi.ports import (
    VIRTUAL_NAME,
    InputPorts,
    default_api,
    has_numbered_names,
    input_names,
    output_names,
)
from musika_daw.engine.bus.inventory import bus_names
from musika_daw.engine.live.engine import LiveEngine
from musika_daw.errors import UserError
from musika_daw.resources import own_folder


def beside_the_engine(
    engine: LiveEngine, midi_in: Sequence[str], clock: str, bus_map: str | None, stack: ExitStack
) -> tuple[Instrument, str]:
    """Puts clocks, scenes, MIDI and the machine's devices beside the engine.

    Args:
        midi_in: names of inputs that must be there, sooner or later.
        clock: the one that leads at the start.
        bus_map: the preset's channels.
        stack: closes what was opened.

    Returns:
        All of them as one instrument, and why there is no MIDI, "" if there is.

    Raises:
        UserError: there is no MIDI, but it was asked for.
    """
    midi_clock = MidiClock()
    clocks = _clocks(engine, midi_clock, stack)
    # Controllers may recall scenes and choose clocks, too.
    scenes = SceneHandler(engine, own_folder("scenes", "MUSIKA_DAW_SCENES"))
    inner = Router(
        engine, (clocks, scenes, PresetHandler(), FadeHandler(engine), TapHandler(Router(engine, (clocks,))))
    )
    echoes = Echoes(partial(same_bus, numbered=has_numbered_names(default_api())))
    midi = MidiHandler(inner, midi_clock, clocks, echoes)
    outputs = _outputs(engine, echoes)
    stack.callback(outputs.close)
    bars = BarsHandler(engine.played, lambda: engine.stems)
    stack.callback(bars.close)
    inputs, missing = None, ""
    try:
        with libraries_silent():
            inputs = stack.enter_context(InputPorts(midi.receive, midi_in, idle=midi.idle, tell=midi.tell))
    except UserError as error:
        if midi_in or clock == "midi":
            raise
        missing = str(error)
    machine = MachineHandler(DevicePlayer(engine, bus_map), lambda: inputs, _lists())
    return Router(inner, (midi, outputs, bars, machine)), missing


def _clocks(engine: LiveEngine, midi_clock: MidiClock, stack: ExitStack) -> ClockHandler:
    others: dict[str, Callable[[], Clock]] = {
        "midi": lambda: midi_clock,
        "link": lambda: stack.enter_context(LinkClock()),
    }
    return ClockHandler(engine, others, SongClock(engine))


def _outputs(engine: LiveEngine, echoes: Echoes) -> OutputsHandler:
    return OutputsHandler(
        {
            NOTES_OUT: (f"{VIRTUAL_NAME} notes", lambda: PatternMessages(engine.played)),
            CLOCK_OUT: (f"{VIRTUAL_NAME} clock", lambda: ClockSource(SongClock(engine))),
        },
        echoes,
    )


def _lists() -> dict[str, Callable[[], Sequence[str]]]:
    """What there is to choose from, by the control that lists it."""
    return {
        "bus/list": bus_names,
        "midi/in/list": partial(_silently, input_names),
        "midi/out/list": partial(_silently, output_names),
        "midi/map/list": lambda: ("off", *map_paths()),
    }


def _silently(names: Callable[[], Sequence[str]]) -> Sequence[str]:
    with libraries_silent():
        return names()
