"""`musika-daw doctor`: what is wrong on this computer, and how to mend it; one line for each thing looked at."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata

from musika_daw.app.command import PROGRAM, Command, Parser
from musika_daw.controls.target import Target, address_of
from musika_daw.errors import UserError

OK, WARNING, BROKEN = "ok", "warning", "broken"
_OLDEST_PYTHON = (3, 11)
# Module -> package that brings it.
_PACKAGES = {
    "torch": "torch",
    "pedalboard": "pedalboard",
    "numpy": "numpy",
    "soundfile": "soundfile",
    "safetensors": "safetensors",
    "soxr": "soxr",
    "pythonosc": "python-osc",
    "mido": "mido",
}
_ANSWER_SECONDS = 0.5
_MATRIX = 512
_SPEED_SECONDS = 0.3
_SLOW_GFLOPS = 20.0  # a fifth of one core of a server that plays many times faster than real time


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        status: `ok`, `warning` (something will not be possible) or `broken` (the program does not work as it is).
        remedy: what to do; empty where nothing is to be done.
    """

    subject: str
    status: str
    text: str
    remedy: str = ""


def add_arguments(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> None:
    findings = [finding for check in _CHECKS for finding in check()]
    if options.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        width = max(len(finding.subject) for finding in findings)
        for f in findings:
            print(f"{f.status:<8} {f.subject:<{width}}  {f.text}{f'; {f.remedy}' if f.remedy else ''}")
    broken = [finding.subject for finding in findings if finding.status == BROKEN]
    if broken:
        raise UserError(f"broken: {', '.join(broken)}; the lines above say how to mend it")


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _OLDEST_PYTHON:
        needed = ".".join(map(str, _OLDEST_PYTHON))
        yield Finding("Python", BROKEN, version, f"install Python {needed} or newer")
    else:
        yield Finding("Python", OK, version)


def _packages() -> Iterator[Finding]:
    wanted = _exact_versions()
    for module, package in _PACKAGES.items():
        try:
            importlib.import_module(module)
            version = _version(package)
        except Exception as error:  # a damaged package may raise anything
            yield Finding(package, BROKEN, f"does not load: {_one_line(error)}", _anew(package))
            continue
        if version[0].isdigit() and version != wanted.get(package, version):
            remedy = f"renders will differ from those of {wanted[package]}: pip install {package}=={wanted[package]}"
            yield Finding(package, WARNING, version, remedy)
        else:
            yield Finding(package, OK, version)


def _version(package: str) -> str:
    """As its installation says; a package that works without saying so is no trouble."""
    try:
        return metadata.version(package).split("+")[0]
    except metadata.PackageNotFoundError:
        return "there, version unknown"


def _anew(package: str) -> str:
    if getattr(sys, "frozen", False):
        return "unpack the download again"
    return f"pip install --force-reinstall {package}"


def _exact_versions() -> dict[str, str]:
    """Package -> version, of what this program asks for exactly."""
    try:
        required = metadata.requires("musika-daw") or []
    except metadata.PackageNotFoundError:
        return {}
    pairs = (line.split(";")[0].split("==") for line in required if "==" in line.split(";")[0])
    return {name.strip(): version.strip() for name, version in pairs}


def _models() -> Iterator[Finding]:
    from musika_daw.model.model_file import FAMILY, list_models, load_networks
    from musika_daw.model.official.official_file import read_any_info
    from musika_daw.resources import models_folder

    if not list(models_folder().glob("*.safetensors")):
        yield Finding("models", BROKEN, f"no model in {models_folder()}", "reinstall musika-daw")
    for path in list_models():
        try:
            info = read_any_info(str(path))
            if info.family == FAMILY:
                load_networks(str(path))
        except UserError as error:
            yield Finding(f"model {path.stem}", BROKEN, str(error), "reinstall musika-daw, or remove the file")
        else:
            text = f"{info.family}, {', '.join(info.stems)} at {info.sample_rate} Hz"
            yield Finding(f"model {path.stem}", OK, text)


def _sound() -> Iterator[Finding]:
    from musika_daw.engine.bus.inventory import take_inventory

    found = take_inventory()
    default = next((device for device in found.devices if device.is_default), None)
    if found.audio_problem:
        yield Finding("audio devices", WARNING, found.audio_problem)
    elif default is None:
        remedy = "connect one, or play with --bus jack, file:PATH.wav or null"
        yield Finding("audio devices", WARNING, "none", remedy)
    else:
        text = f"{len(found.devices)}, by default {default.name}: {default.channels} channels at {default.rate} Hz"
        yield Finding("audio devices", OK, text)
    if found.jack is not None:
        yield Finding("JACK", OK, f"a server at {found.jack.rate} Hz, {found.jack.period} frames a period")
    else:
        # Nobody needs JACK who has a device.
        yield Finding("JACK", OK if default else WARNING, found.jack_problem or "none")


def _midi() -> Iterator[Finding]:
    from musika_daw.app.devices import midi_ports

    ports = midi_ports()
    if ports.problem:
        yield Finding("MIDI", WARNING, ports.problem)
    else:
        yield Finding("MIDI", OK, f"{len(ports.inputs)} inputs, {len(ports.outputs)} outputs")


def _live() -> Iterator[Finding]:
    """How a generator process that runs here is in time."""
    from osc_protocol import Client, ProtocolError

    try:
        with Client(timeout_seconds=_ANSWER_SECONDS) as client:
            status = client.query(address_of(Target("status")))
    except (OSError, ProtocolError):
        return  # none runs, or on another port
    _, _, underruns, latency, clock, _, _, jitter, error, output = status
    text = (
        f"clock {clock}, jitter {jitter:.1f} ms, sound {error:+.1f} ms after it; output latency {output:.0f} ms, "
        f"compensated; control to sound {latency:.0f} ms; {underruns} underruns"
    )
    yield Finding("live process", OK if not underruns else WARNING, text)


def _speed() -> Iterator[Finding]:
    import torch

    cores = os.cpu_count() or 1
    matrix = torch.ones(_MATRIX, _MATRIX)
    matrix @ matrix  # the first one also starts torch's threads
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < _SPEED_SECONDS:
        matrix @ matrix
        count += 1
    gflops = count * 2.0 * _MATRIX**3 / (time.perf_counter() - begin) / 1e9
    text = f"{cores} cores, {gflops:.0f} GFLOP/s now"
    if gflops < _SLOW_GFLOPS:
        remedy = f"live play may break up: close other programs, play fewer stems; '{PROGRAM} bench' says more"
        yield Finding("speed", WARNING, text, remedy)
    else:
        yield Finding("speed", OK, text)


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


_CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (_python, _packages, _models, _sound, _midi, _live, _speed)

COMMAND = Command(
    "What is wrong on this computer, and how to mend it.",
    f"{PROGRAM} doctor",
    add_arguments,
    run,
)
