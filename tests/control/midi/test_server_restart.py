"""MIDI ports when the JACK server goes and comes back."""

from __future__ import annotations

import time

from musika_daw.control.midi.output import OutputPort
from musika_daw.control.midi.ports import InputPorts
from musika_daw.engine.bus.jack_bus import JackBus
from tests.support.jack import connect, jack_server, ports, wait_for


def names_of_ours() -> list[str]:
    """Of everything, once the audio is there, too."""
    bus = JackBus(("drums",))
    try:
        return sorted(port for port in ports() if port.startswith("Musika DAW"))
    finally:
        bus.close()


def test_audio_and_midi_have_the_same_names_after_a_restart() -> None:
    """So that connections which are saved, by QjackCtl or aj-snapshot, find them."""
    with jack_server():
        inputs, clock = InputPorts(lambda name, data, at: None), OutputPort(name="Musika DAW clock")
        found = [names_of_ours()]
    wait_for(lambda: not inputs.connected, "the server is not missed")
    with jack_server():
        wait_for(lambda: inputs.connected, "the input does not come back")
        clock.look()
        found.append(names_of_ours())
        inputs.close()
        clock.close()
    assert found[0] == found[1]
    assert {"Musika DAW:drums_left", "Musika DAW MIDI:Musika DAW"} <= set(found[0])
    assert "Musika DAW clock:Musika DAW clock" in found[0]


def test_ports_come_back_with_the_server() -> None:
    heard: list[bytes] = []
    with jack_server():
        inputs = InputPorts(lambda name, data, at: heard.append(bytes(data)), ("keystation",), "Musika Test")
        clock = OutputPort(name="Clock out")
    wait_for(lambda: not inputs.connected, "the server is not missed")
    clock.send(b"\xf8")
    clock.look()
    with jack_server():
        wait_for(lambda: "Musika Test" in inputs.connected, "the input does not come back")
        clock.look()
        connect("Clock out:", ":Musika Test")
        time.sleep(0.1)
        clock.send(b"\xfa")
        wait_for(lambda: b"\xfa" in heard, "nothing is heard of the output")
        with OutputPort(name="Keystation 49") as keys:
            wait_for(lambda: len(inputs.connected) == 2, "the controller is not found")
            time.sleep(0.1)
            keys.send(bytes((0xB0, 20, 1)))
            wait_for(lambda: bytes((0xB0, 20, 1)) in heard, "nothing is heard of the controller")
        inputs.close()
        clock.close()
