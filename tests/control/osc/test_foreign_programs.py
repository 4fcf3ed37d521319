"""Programs of others play it and get answers: liblo's tools and Pure Data."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from musika_daw.control.osc.thread import ControlThread
from musika_daw.controls.move import Move
from musika_daw.controls.target import parse_target
from osc_protocol.pure_data import pure_data_patch
from tests.support.controller import Controller
from tests.support.memory_instrument import MemoryInstrument


def program(name: str, package: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed (Debian: {package})")
    return path


def test_liblo_sends(control: ControlThread, controller: Controller, instrument: MemoryInstrument) -> None:
    oscsend = program("oscsend", "liblo-tools")
    for arguments in (
        ["/musika/density", "f", "0.25"],
        ["/musika/morph", "if", "1", "0.5"],
        ["/musika/stem/bass/mute", "T"],
        ["/musika/key", "s", "Am"],
        ["/musika/play"],
        ["/musika/seed", "h", str(2**40)],
    ):
        subprocess.run([oscsend, "localhost", str(control.osc_port), *arguments], check=True, timeout=20)
    controller.sync()
    assert instrument.moves == [
        Move.of("density", 0.25),
        Move.of("morph", 1.0, 0.5),
        Move.of("stem/bass/mute", True),
        Move.of("key", "Am"),
        Move.of("play"),
        Move.of("seed", 2**40),
    ]


@pytest.fixture
def dump() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A port and the oscdump that prints what arrives there."""
    oscdump = program("oscdump", "liblo-tools")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([oscdump, "-L", str(port)], stdout=subprocess.PIPE, text=True)
    yield port, process
    process.kill()
    process.wait()


def test_liblo_receives_what_is_pushed(
    dump: tuple[int, subprocess.Popen[str]], controller: Controller, instrument: MemoryInstrument
) -> None:
    port, process = dump
    assert process.stdout is not None
    controller.ask("/musika/subscribe", port)
    instrument.tell("/musika/beat", 4.0)
    lines: list[str] = []
    # It needs a moment to open its port: what was sent before that is lost.
    while not any("/musika/beat f 4.0" in line for line in lines):
        line = _line(process, instrument)
        lines.append(line)
    controller.ask("/musika/stem/bass/mute", 1)
    controller.ask("/musika/key", "Am")
    expected = ["/musika/stem/bass/mute T", '/musika/key s "Am"']
    while expected:
        line = process.stdout.readline()
        assert line, "oscdump ended"
        expected = [text for text in expected if text not in line]


def _line(process: subprocess.Popen[str], instrument: MemoryInstrument) -> str:
    import select

    assert process.stdout is not None
    while not select.select([process.stdout], [], [], 0.1)[0]:
        assert process.poll() is None
        instrument.tell("/musika/beat", 4.0)
    return process.stdout.readline()


_PATCH = """\
#N canvas 0 0 600 400 12;
#X obj 10 10 loadbang;
#X obj 10 40 t b b b;
#X msg 200 70 connect 127.0.0.1 {port};
#X obj 10 300 netsend -u -b;
#X msg 100 100 0.25;
#X obj 100 130 oscformat musika density;
#X msg 180 100 7;
#X obj 180 130 oscformat musika seed;
#X msg 260 100 1;
#X obj 260 130 oscformat musika stem bass mute;
#X msg 340 100 list fathom;
#X obj 340 130 oscformat musika anchor a;
#X obj 420 100 bang;
#X obj 420 130 oscformat musika density;
#X obj 100 200 list prepend send;
#X obj 100 230 list trim;
#X obj 100 330 oscparse;
#X obj 100 360 print answer;
#X obj 10 70 t b b b b b;
#X connect 0 0 1 0;
#X connect 1 2 2 0;
#X connect 1 1 18 0;
#X connect 2 0 3 0;
#X connect 18 4 4 0;
#X connect 18 3 6 0;
#X connect 18 2 8 0;
#X connect 18 1 10 0;
#X connect 18 0 12 0;
#X connect 4 0 5 0;
#X connect 6 0 7 0;
#X connect 8 0 9 0;
#X connect 10 0 11 0;
#X connect 12 0 13 0;
#X connect 5 0 14 0;
#X connect 7 0 14 0;
#X connect 9 0 14 0;
#X connect 11 0 14 0;
#X connect 13 0 14 0;
#X connect 14 0 15 0;
#X connect 15 0 3 0;
#X connect 3 1 16 0;
#X connect 16 0 17 0;
"""


def test_pure_data_plays_and_is_answered(control: ControlThread, instrument: MemoryInstrument, tmp_path: Path) -> None:
    pd = program("pd", "puredata-core")
    patch = tmp_path / "play.pd"
    patch.write_text(_PATCH.format(port=control.osc_port))
    arguments = [pd, "-nogui", "-noaudio", "-nomidi", "-nrt", "-stderr", str(patch)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            answer = next(line for line in process.stderr if line.startswith("answer"))
        finally:
            process.kill()
    assert answer.split()[-3:] == ["musika", "density", "0.25"]
    assert instrument.moves == [
        Move.of("density", 0.25),
        Move.of("seed", 7),
        Move.of("stem/bass/mute", True),
        Move.of("anchor/a", "fathom"),
    ]


_HANDS = """\
#N canvas 0 0 300 300 12;
#X obj 10 10 loadbang;
#X msg 10 40 \\; /musika/play bang \\; /musika/density 0.25 \\; /musika/morph/x 0.5 \\; /musika/morph/y 1
\\; /musika/stem/bass/mute 1 \\; /musika/key symbol Am \\; out/musika/quantize/bar bang \\; /musika/tempo 140
\\; /musika/seed 7;
#X obj 10 90 r /musika/brightness;
#X obj 10 120 route set;
#X obj 10 150 print brightness;
#X obj 150 90 r /musika/stem/drums/mute;
#X obj 150 120 route set;
#X obj 150 150 print muted;
#X obj 290 90 r /musika/morph/y;
#X obj 290 120 route set;
#X obj 290 150 print morph;
#X connect 0 0 1 0;
#X connect 2 0 3 0;
#X connect 3 0 4 0;
#X connect 5 0 6 0;
#X connect 6 0 7 0;
#X connect 8 0 9 0;
#X connect 9 0 10 0;
"""


def test_the_patch_that_we_print_plays_in_pure_data(
    control: ControlThread, controller: Controller, instrument: MemoryInstrument, tmp_path: Path
) -> None:
    pd = program("pd", "puredata-core")
    patch, hands = tmp_path / "musika.pd", tmp_path / "hands.pd"
    patch.write_text(pure_data_patch(instrument.stems, control.osc_port))
    hands.write_text(_HANDS)
    controller.ask("/musika/subscribe")
    arguments = [pd, "-nogui", "-noaudio", "-nomidi", "-nrt", "-stderr", str(patch), str(hands)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert controller.expect("/musika/seed") == [7]
            controller.send("/musika/brightness", 0.125)
            controller.send("/musika/stem/drums/mute", True)
            assert process.stderr is not None
            said = []
            while not ("brightness: 0.125\n" in said and "muted: 1\n" in said and "morph: 1\n" in said):
                said.append(process.stderr.readline())
                assert said[-1], "Pure Data ended"
        finally:
            process.kill()
        assert "error" not in "".join(said) + process.stderr.read()
    assert instrument.moves[0] == Move.of("play")
    assert instrument.get(parse_target("density")) == (0.25,)
    assert instrument.get(parse_target("morph")) == (0.5, 1.0)
    assert instrument.get(parse_target("stem/bass/mute")) == (True,)
    assert instrument.get(parse_target("key")) == ("Am",)
    assert instrument.get(parse_target("quantize")) == ("bar",)
    assert instrument.get(parse_target("tempo")) == (140.0,)
