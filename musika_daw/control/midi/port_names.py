"""Which MIDI port a name means: an exact name before a part of one, and no part that means several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from musika_daw.errors import UserError

_ALSA_NUMBERS = re.compile(r" \d+:\d+$")
_SIDE = re.compile(r"[\s_:.-]*\b(in|out|input|output|capture|playback|send|receive|src|dst)(put)?[\s_]*\d*$")


def plain_name(name: str) -> str:
    """Without the numbers that ALSA gives anew each time a device is plugged in."""
    return _ALSA_NUMBERS.sub("", name)


def choose_port(names: Sequence[str], wanted: str, numbered: bool = False) -> int | None:
    """The place of the port that a person means; None if it is not there.

    Args:
        names: as the system lists them.
        wanted: a name, or a part of one; capitals do not matter.
        numbered: whether the system puts a port's place after its name, as on Windows (`loopMIDI Port 1 3`).

    Raises:
        UserError: several ports have that part in their names.
    """
    word = wanted.strip().casefold()
    known = [_readings(name, place, numbered) for place, name in enumerate(names)]
    exact = [place for place, readings in enumerate(known) if word in readings]
    if exact:
        return exact[0]
    # A part that ends in a number means that number: Port 1 is not Port 10.
    edges = (r"(?<!\d)" if word[:1].isdigit() else "", r"(?!\d)" if word[-1:].isdigit() else "")
    part = re.compile(edges[0] + re.escape(word) + edges[1])
    found = [place for place, readings in enumerate(known) if any(part.search(reading) for reading in readings)]
    if len({plain_name(names[place]).casefold() for place in found}) > 1:
        listed = ", ".join(repr(plain_name(names[place])) for place in found)
        raise UserError(f"MIDI port {wanted!r} is not clear: it is a part of {listed}; name one of them")
    return found[0] if found else None


def same_bus(one: str, other: str, numbered: bool = False) -> bool:
    """Whether an output and an input are two ends of one bus, as of IAC or loopMIDI, by their names."""
    return _bus(one, numbered) == _bus(other, numbered)


def _readings(name: str, place: int, numbered: bool) -> tuple[str, ...]:
    """What a person may call a port: its whole name, and the same without numbers that are not the device's."""
    readings = [name.casefold(), plain_name(name).casefold()]
    if numbered and name.endswith(f" {place}"):
        readings = [name[: -len(f" {place}")].casefold(), readings[0]]
    # ALSA and JACK: the program or device, then its port.
    own = readings[1 if not numbered else 0].partition(":")[2].strip()
    return (*readings, own) if own else tuple(readings)


def _bus(name: str, numbered: bool) -> str:
    name = plain_name(name).casefold().strip()
    if numbered:
        name = re.sub(r" \d+$", "", name)
    name = re.sub(r"\((capture|playback|in|out)\)", "", name)
    while (shorter := _SIDE.sub("", name)) != name and shorter:
        name = shorter
    return re.sub(r"\s+", " ", name).strip(" :")
