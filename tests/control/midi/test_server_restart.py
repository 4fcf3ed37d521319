"""MIDI ports when the JACK server goes and comes back."""

from __future__ import annotations

import time

from musika_daw.control.midi.output import OutputPort
from musika_daw.control.midi.ports import InputPorts
from tests.control.midi.jack import connect, jack_server, wait_for


def test_ports_come_back_with_the_server() -> None:
    heard: list[bytes] = []
    with jack_server():
        ports = InputPorts(lambda name, data, at: heard.append(bytes(data)), ("keystation",), "Musika Test")
        clock = OutputPort(name="Clock out")
    wait_for(lambda: not ports.connected, "the server is not missed")
    clock.send(b"\xf8")
    clock.look()
    with jack_server():
        wait_for(lambda: "Musika Test" in ports.connected, "the input does not come back")
        clock.look()
        connect("Clock out:", "Musika Test:")
        time.sleep(0.1)
        clock.send(b"\xfa")
        wait_for(lambda: b"\xfa" in heard, "nothing is heard of the output")
        with OutputPort(name="Keystation 49") as keys:
            wait_for(lambda: len(ports.connected) == 2, "the controller is not found")
            time.sleep(0.1)
            keys.send(bytes((0xB0, 20, 1)))
            wait_for(lambda: bytes((0xB0, 20, 1)) in heard, "nothing is heard of the controller")
        ports.close()
        clock.close()
