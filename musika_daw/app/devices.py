"""`musika-daw devices`: what can be played into, what can be played from, and how a DAW gets to hear it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from musika_daw.app.command import PROGRAM, Command, Parser

if TYPE_CHECKING:
    from musika_daw.engine.bus.inventory import Inventory

_NO_MIDI = "MIDI ports need python-rtmidi: pip install python-rtmidi"


@dataclass(frozen=True)
class MidiPorts:
    """Names of the MIDI ports, or why there are none."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    problem: str | None = None


def midi_ports() -> MidiPorts:
    """The system's own MIDI (ALSA, Core MIDI, Windows), else JACK's."""
    import mido

    problem = _NO_MIDI
    for backend in ("mido.backends.rtmidi", "mido.backends.rtmidi/UNIX_JACK"):
        try:
            with _libraries_silenced():
                ports = mido.Backend(backend, load=True)
                return MidiPorts(tuple(ports.get_input_names()), tuple(ports.get_output_names()))
        except ImportError:
            break
        except Exception as error:  # a sound system that is missing has many ways to say so
            problem = f"no MIDI system answers: {' '.join(str(error).split())}"
    return MidiPorts(problem=problem)


@contextmanager
def _libraries_silenced() -> Iterator[None]:
    """ALSA and JACK print on stderr themselves when they are not there."""
    sys.stderr.flush()
    before, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
        os.close(nothing)


def add_arguments(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> None:
    from musika_daw.engine.bus.inventory import take_inventory
    from musika_daw.engine.bus.loopback import loopback_steps

    inventory, midi, steps = take_inventory(), midi_ports(), loopback_steps(sys.platform)
    if options.json:
        print(json.dumps({**asdict(inventory), "midi": asdict(midi), "loopback": steps}, indent=2))
    else:
        print("\n".join(_lines(inventory, midi, steps)))


def _lines(inventory: Inventory, midi: MidiPorts, steps: tuple[str, ...]) -> list[str]:
    return [
        "audio devices: --bus default, a number, or a name, also part of it (* is the default)",
        *_indented(_device_lines(inventory)),
        "JACK server: --bus jack",
        *_indented(_jack_lines(inventory)),
        "without a device: --bus file:PATH.wav, --bus null",
        "MIDI inputs: --midi-in NAME",
        *_indented([midi.problem] if midi.problem else midi.inputs or ["none"]),
        "MIDI outputs: --midi-out NAME, --clock-out NAME",
        *_indented([midi.problem] if midi.problem else midi.outputs or ["none"]),
        "how a DAW on this computer hears it",
        *_indented(steps),
    ]


def _device_lines(inventory: Inventory) -> list[str]:
    if inventory.audio_problem:
        return [inventory.audio_problem]
    return [
        f"{'*' if d.is_default else ' '} {d.index:>2}  {d.name}, {d.api}: {d.channels} channels at {d.rate} Hz"
        for d in inventory.devices
    ] or ["none"]


def _jack_lines(inventory: Inventory) -> list[str]:
    if inventory.jack is None:
        return [inventory.jack_problem or "none"]
    ports = ", ".join(inventory.jack.playback_ports) or "none"
    return [f"{inventory.jack.rate} Hz, {inventory.jack.period} frames a period; playback ports: {ports}"]


def _indented(lines: Iterable[str | None]) -> list[str]:
    return [f"  {line}" for line in lines]


COMMAND = Command(
    "What can be played into and from, and how a DAW gets to hear it.",
    f"{PROGRAM} devices",
    add_arguments,
    run,
)
