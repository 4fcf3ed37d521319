"""Which port a name means, and which ports are two ends of one bus."""

import pytest

from musika_daw.control.midi.port_names import choose_port, plain_name, same_bus
from musika_daw.errors import UserError

LOOP = ("loopMIDI Port 10 0", "loopMIDI Port 1 1", "loopMIDI Port 2 2")  # as Windows lists them
ALSA = ("Midi Through:Midi Through Port-0 14:0", "nanoKONTROL:nanoKONTROL MIDI 1 20:0", "Keystation 49:Keys 24:0")
JACK = ("a2j:nanoKONTROL [20] (capture): nanoKONTROL MIDI 1", "Musika DAW MIDI:Musika DAW", "system:midi_capture_1")
IAC = ("IAC Driver Bus 1", "IAC Driver Bus 2", "IAC Driver Bus 12")


@pytest.mark.parametrize(
    ("names", "wanted", "numbered", "place"),
    [
        (LOOP, "loopMIDI Port 1", True, 1),
        (LOOP, "loopmidi port 10", True, 0),
        (LOOP, "loopMIDI Port 10 0", True, 0),
        (LOOP[:1], "loopMIDI Port 1", True, None),
        (("loopMIDI Port 10", "loopMIDI Port 1"), "loopMIDI Port 1", False, 1),
        (("loopMIDI Port 10",), "loopMIDI Port 1", False, None),
        (IAC, "IAC Driver Bus 1", False, 0),
        (IAC, "Bus 2", False, 1),
        (IAC, "bus 12", False, 2),
        (ALSA, "nanokontrol", False, 1),
        (ALSA, "Keys", False, 2),
        (ALSA, "Keystation 49:Keys 24:0", False, 2),
        (ALSA, "Keystation 4", False, None),
        (JACK, "nanoKONTROL MIDI 1", False, 0),
        (JACK, "midi_capture_1", False, 2),
        (JACK, "no such port", False, None),
        ((), "anything", False, None),
        # Two of a kind: the same name, the first one.
        (("Keys:Keys 20:0", "Keys:Keys 24:0"), "Keys", False, 0),
    ],
)
def test_an_exact_name_beats_a_part_of_one(
    names: tuple[str, ...], wanted: str, numbered: bool, place: int | None
) -> None:
    assert choose_port(names, wanted, numbered) == place


@pytest.mark.parametrize(("names", "wanted"), [(IAC, "IAC"), (LOOP, "loopMIDI"), (ALSA, "Midi"), (IAC, "Bus")])
def test_a_part_that_means_several_is_refused_with_the_list(names: tuple[str, ...], wanted: str) -> None:
    with pytest.raises(UserError, match="is not clear") as caught:
        choose_port(names, wanted)
    assert all(plain_name(name) in str(caught.value) for name in names if wanted.casefold() in name.casefold())


@pytest.mark.parametrize(
    ("one", "other", "numbered", "same"),
    [
        ("IAC Driver Bus 1", "IAC Driver Bus 1", False, True),
        ("IAC Driver Bus 1", "IAC Driver Bus 2", False, False),
        ("loopMIDI Port 1", "loopMIDI Port 0", True, True),
        ("loopMIDI Port 1 4", "loopMIDI Port 1 0", True, True),
        ("loopMIDI Port 1 4", "loopMIDI Port 2 4", True, False),
        ("Midi Through:Midi Through Port-0 14:0", "Midi Through:Midi Through Port-0 14:0", False, True),
        ("a2j:Midi Through [14] (playback): Port-0", "a2j:Midi Through [14] (capture): Port-0", False, True),
        ("loop:in", "loop:out", False, True),
        ("loop:in_1", "loop:out_1", False, True),
        ("Musika DAW clock:Musika DAW clock", "Musika DAW MIDI:Musika DAW", False, False),
        ("a2j:Synth [20] (playback): MIDI 1", "a2j:Keys [24] (capture): MIDI 1", False, False),
    ],
)
def test_two_ends_of_one_bus(one: str, other: str, numbered: bool, same: bool) -> None:
    assert same_bus(one, other, numbered) is same
