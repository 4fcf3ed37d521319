"""The address table: every OSC address of Musika DAW as one row of data.

Dispatch, validation, queries, documentation and the client are derived from these rows; nothing repeats them.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

DEFAULT_PORT = 7771
LARGEST_SEED = 2**63 - 1


class Access(enum.Enum):
    """What an address does."""

    READ = "read"  # without arguments: a query
    WRITE = "write"  # acts, cannot be queried: a message without arguments acts too, if none are needed
    READ_WRITE = "read-write"  # without arguments a query, with arguments it sets
    EVENT = "event"  # sent by the generator

    @property
    def readable(self) -> bool:
        return self in (Access.READ, Access.READ_WRITE)

    @property
    def writable(self) -> bool:
        return self in (Access.WRITE, Access.READ_WRITE)


@dataclass(frozen=True)
class Argument:
    """One value of a message.

    Attributes:
        types: `f` number, `i` whole number, `s` text, `T` boolean; several where several are taken (`is`).
        low, high: limits of numbers, both included; None where there is none.
        units: of numbers, e.g. `bpm`, `dB`.
        default: its value in a fresh process; None where model or preset decide.
        choices: the texts that are taken; empty where any is.
        optional: a message may leave it out.
        repeated: may come any number of times, or not at all; the last one of its row.
    """

    name: str
    types: str
    help: str = ""
    low: float | None = None
    high: float | None = None
    units: str = ""
    default: float | str | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Placeholder:
    """A part of an address that names something: what it may be and an example of it."""

    help: str
    example: str
    choices: tuple[str, ...] = ()


# OSC forbids these within a part of an address: space # * , / ? [ ] { }
_PART = r"[^ #*,/?\[\]{}]+"

PLACEHOLDERS: Mapping[str, Placeholder] = {
    "anchor": Placeholder("corner of the morph square: a (0,0), b (1,0), c (0,1), d (1,1)", "b", ("a", "b", "c", "d")),
    "name": Placeholder("a stem of the model; effects: or mix", "bass"),
    "i": Placeholder("place in the chain, from 0", "0", tuple(map(str, range(16)))),
    "parameter": Placeholder("name of the effect's parameter", "cutoff_hz"),
}


@dataclass(frozen=True)
class Row:
    """One address.

    Attributes:
        pattern: the address, with `{placeholder}` where `PLACEHOLDERS` names something.
        arguments: in order; optional ones last. Of a readable address they are what a query is answered with, too.
        replies: patterns of the events that answer it; a query without any is answered at its own address.
    """

    pattern: str
    access: Access
    help: str
    arguments: tuple[Argument, ...] = ()
    replies: tuple[str, ...] = ()

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(re.findall(r"\{(\w+)\}", self.pattern))

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Matches addresses of this row; a group per placeholder."""
        parts = re.split(r"\{(\w+)\}", self.pattern)
        expression = ""
        for i, part in enumerate(parts):
            if i % 2 == 0:
                expression += re.escape(part)
            else:
                choices = "|".join(PLACEHOLDERS[part].choices)
                expression += f"(?P<{part}>{choices or _PART})"
        return re.compile(expression)

    def address(self, **names: str | int) -> str:
        """The address with its placeholders filled in, e.g. `row.address(name="bass")`."""
        filled = self.pattern.format(**names)
        if not self.regex.fullmatch(filled):
            raise ValueError(f"{filled} is not an address of {self.pattern}")
        return filled

    @property
    def example(self) -> str:
        return self.pattern.format(**{name: PLACEHOLDERS[name].example for name in self.placeholders})


def _share(name: str, text: str, default: float | None = None) -> Argument:
    return Argument(name, "f", text, 0.0, 1.0, default=default)


# Buttons of controllers send 1 when pressed and 0 when released: the release must not act again.
PRESSED = Argument("pressed", "T", "0 does nothing, so that buttons can be used", default=True, optional=True)
_NAMES = Argument("names", "s", repeated=True)
_PORT = Argument("port", "i", "UDP port to send to; without it the sender's own", 1, 65535, optional=True)
_RW, _W, _R, _E = Access.READ_WRITE, Access.WRITE, Access.READ, Access.EVENT

TABLE: tuple[Row, ...] = (
    Row("/musika/play", _W, "play from the start of the song or the located position", (PRESSED,)),
    Row("/musika/stop", _W, "stop; the song position stays", (PRESSED,)),
    Row("/musika/continue", _W, "play on from where it stopped", (PRESSED,)),
    Row("/musika/locate", _RW, "go to a song position", (Argument("position", "f", "", 0.0, 1e6, "beats", 0.0),)),
    Row(
        "/musika/loop",
        _RW,
        "stretch of the song that repeats; off while both are equal",
        (Argument("start", "f", "", 0.0, 1e6, "beats", 0.0), Argument("end", "f", "", 0.0, 1e6, "beats", 0.0)),
    ),
    Row(
        "/musika/tempo",
        _RW,
        "tempo; refused while another clock leads",
        (Argument("bpm", "f", "", 40.0, 240.0, "bpm", 128.0),),
    ),
    Row(
        "/musika/clock",
        _RW,
        "which clock leads",
        (Argument("source", "s", default="internal", choices=("internal", "midi", "link")),),
    ),
    Row(
        "/musika/clock/offset",
        _RW,
        "moves the sound against the clock: more is later",
        (Argument("offset", "f", "", -500.0, 500.0, "ms", 0.0),),
    ),
    Row(
        "/musika/clock/on_loss",
        _RW,
        "what to do when the leading clock is lost",
        (Argument("action", "s", default="continue", choices=("continue", "stop")),),
    ),
    Row(
        "/musika/clock/out",
        _RW,
        "where a MIDI clock that follows the song is sent to",
        (Argument("port", "s", "off, virtual for a port of its own, or a part of an output's name", default="off"),),
    ),
    Row("/musika/density", _RW, "how many notes sound, all stems", (_share("density", "", 0.7),)),
    Row("/musika/brightness", _RW, "how bright the sound is, all stems", (_share("brightness", "", 0.5),)),
    Row(
        "/musika/variation",
        _RW,
        "how much a bar differs from the one before: 0 repeats the loop, 1 never does",
        (_share("variation", "", 0.15),),
    ),
    Row(
        "/musika/key",
        _RW,
        "key of the pitched stems",
        (Argument("key", "s", "e.g. Am, F#, D dorian; off: the model chooses", default="off"),),
    ),
    Row(
        "/musika/chords",
        _RW,
        "the harmony that bass, chords and lead follow",
        (
            Argument(
                "chords", "s", "e.g. Am F C G, one a bar; Am:2 E7:2 in beats; off: the model chooses", default="off"
            ),
        ),
    ),
    Row(
        "/musika/morph",
        _RW,
        "position between the four style anchors",
        (_share("x", "0: A and C, 1: B and D", 0.0), _share("y", "0: A and B, 1: C and D", 0.0)),
    ),
    Row(
        "/musika/anchor/{anchor}",
        _RW,
        "style at a corner of the morph square",
        (Argument("style", "is", "a seed, or the name of a style", 0, LARGEST_SEED),),
    ),
    Row("/musika/seed", _RW, "which song it is", (Argument("seed", "i", "", 0, LARGEST_SEED, default=0),)),
    Row(
        "/musika/quantize",
        _RW,
        "when control moves land",
        (Argument("grid", "s", default="now", choices=("now", "beat", "bar", "phrase")),),
    ),
    Row("/musika/stem/{name}/density", _RW, "how many notes of one stem sound", (_share("density", "", 0.7),)),
    Row("/musika/stem/{name}/brightness", _RW, "how bright one stem is", (_share("brightness", "", 0.5),)),
    Row(
        "/musika/stem/{name}/gain",
        _RW,
        "level of one stem",
        (Argument("gain", "f", "", -90.0, 12.0, "dB", default=0.0),),
    ),
    Row(
        "/musika/stem/{name}/pan",
        _RW,
        "place of one stem between left and right",
        (Argument("pan", "f", "-1 left, 1 right", -1.0, 1.0, default=0.0),),
    ),
    Row("/musika/stem/{name}/mute", _RW, "silences one stem", (Argument("mute", "T", default=False),)),
    Row("/musika/stem/{name}/solo", _RW, "silences the stems without solo", (Argument("solo", "T", default=False),)),
    Row(
        "/musika/stem/{name}/hold",
        _RW,
        "keeps the stem's pattern while sound, style and the rest move",
        (Argument("hold", "T", default=False),),
    ),
    Row(
        "/musika/stem/{name}/notes",
        _RW,
        "notes that the stem plays instead of its own pattern",
        (
            Argument(
                "notes",
                "s",
                "a MIDI file; or off; or text, e.g. loop 16: 36 0 0.5 100, 43 1.5 0.25 90: pitch, start and length in "
                "beats, velocity of each note of a line of 16 beats",
                default="off",
            ),
            Argument(
                "mode", "s", "repeats, or plays once from the next bar on", choices=("loop", "once"), optional=True
            ),
            Argument("timing", "s", "as it is, or on sixteenths", choices=("played", "grid"), optional=True),
        ),
    ),
    Row(
        "/musika/stem/{name}/fx/{i}/{parameter}",
        _RW,
        "a parameter of an effect of one stem or the mix; bypass 1 leaves the effect out",
        (Argument("value", "f", "in the parameter's own units and range"),),
    ),
    Row("/musika/model", _RW, "which model plays", (Argument("name", "s", default="techno"),)),
    Row("/musika/model/list", _R, "the models there are", (_NAMES,)),
    Row("/musika/preset", _RW, "load a preset", (Argument("name", "s"),)),
    Row("/musika/preset/list", _R, "the presets there are", (_NAMES,)),
    Row("/musika/preset/save", _W, "save what is set now as a preset", (Argument("name", "s"),)),
    Row("/musika/scene/list", _R, "the scenes there are", (_NAMES,)),
    Row("/musika/scene/save", _W, "keep all controls as they stand", (Argument("name", "s"),)),
    Row(
        "/musika/scene/recall",
        _W,
        "set all controls as they were kept",
        (Argument("name", "s"), Argument("morph", "f", "time it takes", 0.0, 1024.0, "beats", 0.0, optional=True)),
    ),
    Row("/musika/midi/map", _RW, "which MIDI controller moves what", (Argument("name", "s", "a map, or off"),)),
    Row(
        "/musika/midi/notes",
        _RW,
        "what becomes of notes that are played in on the stems' channels",
        (
            Argument(
                "mode",
                "s",
                "the last bars repeat, or are played once from the next bar on",
                default="loop",
                choices=("loop", "once", "off"),
            ),
            Argument("bars", "i", "how many", 1, 16, "bars", 4, optional=True),
            Argument("timing", "s", "on sixteenths, or as they were played", choices=("grid", "played"), optional=True),
        ),
    ),
    Row(
        "/musika/midi/out",
        _RW,
        "where the notes that are played are sent to",
        (Argument("port", "s", "off, virtual for a port of its own, or a part of an output's name", default="off"),),
    ),
    Row(
        "/musika/midi/learn",
        _W,
        "the next MIDI control that moves will move this address",
        (Argument("address", "s", "e.g. /musika/density, or off"),),
    ),
    Row(
        "/musika/midi/forget",
        _W,
        "forgets what was learnt",
        (Argument("address", "s", "e.g. /musika/density, or all"),),
    ),
    Row(
        "/musika/record",
        _RW,
        "starts and stops a take in the project folder",
        (Argument("record", "Ts", "on or off, or a take name to start with", default=False),),
    ),
    Row(
        "/musika/render",
        _W,
        "renders a take in the background",
        (Argument("bars", "f", "", 1.0, 100_000.0, "bars"), Argument("project", "s", "folder of the project")),
        ("/musika/progress", "/musika/done"),
    ),
    Row("/musika/progress", _E, "how much of a render is done", (_share("share", ""),)),
    Row("/musika/done", _E, "a render is done", (Argument("take", "s", "folder of the take"),)),
    Row(
        "/musika/subscribe",
        _W,
        "pushes changes and the events below to the sender",
        (_PORT,),
        ("/musika/beat", "/musika/meter", "/musika/landed"),
    ),
    Row("/musika/unsubscribe", _W, "ends a subscription", (_PORT,)),
    Row("/musika/beat", _E, "a beat begins", (Argument("position", "f", "song position", units="beats"),)),
    Row(
        "/musika/meter",
        _E,
        "level of a stem or the mix since the last one",
        (Argument("stem", "s"), Argument("peak", "f", units="dBFS"), Argument("rms", "f", units="dBFS")),
    ),
    Row(
        "/musika/landed",
        _E,
        "a control move is heard from here on",
        (Argument("address", "s"), Argument("position", "f", "song position", units="beats")),
    ),
    Row("/musika/bus", _R, "where it plays; told when a lost audio device is back", (Argument("bus", "s"),)),
    Row("/musika/status", _R, "how the generator is doing", (), ("/musika/status.reply",)),
    Row(
        "/musika/status.reply",
        _E,
        "answers /musika/status",
        (
            Argument("real_time_factor", "f", "how much faster than real time it generates"),
            Argument("load", "f", "share of the time that is used up", 0.0),
            Argument("underruns", "i", "since the start", 0),
            Argument("latency", "f", "control to sound", 0.0, units="ms"),
            Argument("clock", "s", "which clock leads, and whether it runs"),
            Argument("model", "s"),
            Argument("position", "f", "song position", units="beats"),
            Argument("clock_jitter", "f", "of the leading clock", 0.0, units="ms", optional=True),
            Argument("phase_error", "f", "of the sound against the leading clock", units="ms", optional=True),
            Argument("output_latency", "f", "of the audio bus, compensated", 0.0, units="ms", optional=True),
        ),
    ),
    Row("/musika/quit", _W, "fade out and end the process", (PRESSED,)),
    Row(
        "/musika/sync",
        _W,
        "asks for an answer when all before it is applied",
        (Argument("id", "i"),),
        ("/musika/synced",),
    ),
    Row("/musika/synced", _E, "answers /musika/sync", (Argument("id", "i"),)),
    Row(
        "/musika/error",
        _E,
        "a message was refused; nothing changed",
        (
            Argument("address", "s", "of the message; empty if it had none"),
            Argument("code", "s", choices=("address", "access", "count", "type", "range", "refused", "failed")),
            Argument("message", "s", "what was wrong, what was expected, what to do"),
        ),
    ),
)

ROWS: Mapping[str, Row] = {row.pattern: row for row in TABLE}
"""Every row by its pattern."""
