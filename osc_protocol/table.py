"""The address table: every OSC address of Musika DAW as one row of data.

Dispatch, validation, queries, documentation and the client are derived from these rows; nothing repeats them. Those of
controls come from the book; commands, questions and events are here.
"""

from __future__ import annotations

from collections.abc import Mapping

from musika_daw.controls.music import LARGEST_SEED
from osc_protocol.control_rows import control_rows
from osc_protocol.row import PLACEHOLDERS, Access, Argument, Placeholder, Row

__all__ = [
    "DEFAULT_PORT",
    "LARGEST_SEED",
    "PLACEHOLDERS",
    "PRESSED",
    "ROWS",
    "TABLE",
    "Access",
    "Argument",
    "Placeholder",
    "Row",
]

DEFAULT_PORT = 7771

# Buttons of controllers send 1 when pressed and 0 when released: the release must not act again.
PRESSED = Argument("pressed", "T", "0 does nothing, so that buttons can be used", default=True, optional=True)
_NAMES = Argument("names", "s", repeated=True)
_PORT = Argument("port", "i", "UDP port to send to; without it the sender's own", 1, 65535, optional=True)
_RW, _W, _R, _E = Access.READ_WRITE, Access.WRITE, Access.READ, Access.EVENT

_TRANSPORT: tuple[Row, ...] = (
    Row("/musika/play", _W, "play from the start of the song or the located position", (PRESSED,)),
    Row("/musika/stop", _W, "stop; the song position stays", (PRESSED,)),
    Row("/musika/continue", _W, "play on from where it stopped", (PRESSED,)),
)

_COMMANDS: tuple[Row, ...] = (
    Row("/musika/tap", _W, "taps the tempo: from the second tap on, within two and a half seconds", (PRESSED,)),
    Row(
        "/musika/fade",
        _W,
        "fades everything in or out by the master level; out, the song plays on in silence",
        (
            Argument("direction", "s", choices=("in", "out")),
            Argument("length", "f", "time it takes", 0.0, 1024.0, "beats", 16.0, optional=True),
        ),
    ),
    Row(
        "/musika/cue",
        _W,
        "calls for a fill, a break until the next cue, a build and its drop, a drop or the end: sections of the form",
        (
            Argument("cue", "s", choices=("fill", "break", "build", "drop", "end")),
            Argument(
                "when",
                "s",
                "from the next phrase on, or from the next bar on",
                choices=("phrase", "bar"),
                optional=True,
            ),
        ),
    ),
    Row("/musika/model/list", _R, "the models there are", (_NAMES,)),
    Row("/musika/style/list", _R, "the named styles there are", (_NAMES,)),
    Row("/musika/preset/list", _R, "the presets there are", (_NAMES,)),
    Row(
        "/musika/preset/save",
        _W,
        "save what is set now as a preset",
        (Argument("name", "s"),),
        ("/musika/told", "/musika/error"),
    ),
    Row("/musika/preset/delete", _W, "delete a preset of yours", (Argument("name", "s"),), ("/musika/told",)),
    Row(
        "/musika/preset/rename",
        _W,
        "give a preset of yours another name",
        (Argument("name", "s"), Argument("new", "s", "its new name")),
        ("/musika/told",),
    ),
    Row("/musika/scene/list", _R, "the scenes there are", (_NAMES,)),
    Row("/musika/scene/save", _W, "keep all controls as they stand", (Argument("name", "s"),), ("/musika/told",)),
    Row("/musika/scene/delete", _W, "delete a scene", (Argument("name", "s"),), ("/musika/told",)),
    Row(
        "/musika/scene/rename",
        _W,
        "give a scene another name",
        (Argument("name", "s"), Argument("new", "s", "its new name")),
        ("/musika/told",),
    ),
    Row(
        "/musika/scene/recall",
        _W,
        "set all controls as they were kept",
        (Argument("name", "s"), Argument("morph", "f", "time it takes", 0.0, 1024.0, "beats", 0.0, optional=True)),
    ),
    Row(
        "/musika/midi/learn",
        _W,
        "the next MIDI control that moves will move this address",
        (
            Argument("address", "s", "e.g. /musika/density, or off"),
            Argument(
                "value",
                "is",
                "which value of several, from 0 (1: y of /musika/morph); or the text that a button sends, e.g. fill",
                optional=True,
            ),
        ),
        ("/musika/told",),
    ),
    Row(
        "/musika/midi/forget",
        _W,
        "forgets what was learnt",
        (Argument("address", "s", "e.g. /musika/density, or all"),),
    ),
    Row(
        "/musika/stem/{name}/note",
        _W,
        "a key that is played in for a stem, as on its MIDI channel: what becomes of it, midi/notes says",
        (
            Argument("pitch", "i", "60 is middle C", 0, 127),
            Argument("velocity", "i", "0 lets go", 0, 127),
        ),
    ),
    Row(
        "/musika/record",
        _RW,
        "starts and stops a take in the project folder",
        (Argument("record", "Ts", "on or off, or a take name to start with", default=False),),
    ),
    Row(
        "/musika/project",
        _RW,
        "project folder that takes go to from the next one on; told with the folder in it where they are",
        (
            Argument("project", "s", "folder of the project"),
            Argument("takes", "s", "where takes are in it: answered, not set", optional=True),
        ),
    ),
    Row(
        "/musika/render",
        _W,
        "renders a take in the background",
        (Argument("bars", "f", "", 1.0, 100_000.0, "bars"), Argument("project", "s", "folder of the project")),
        ("/musika/progress", "/musika/done"),
    ),
    Row(
        "/musika/bus",
        _RW,
        "where it plays; told when it is another one, or when a lost audio device is back",
        (
            Argument(
                "bus",
                "s",
                "as --bus has it: default, a device, jack or null, with ,latency=MS ,rate=HZ ,map=... if wanted",
            ),
        ),
    ),
    Row(
        "/musika/bus/list",
        _R,
        "what it can play into; the first answer is empty, the list is told as soon as it is made",
        (_NAMES,),
    ),
    Row(
        "/musika/midi/in",
        _RW,
        "MIDI inputs that are listened to, beside the port of its own",
        (Argument("ports", "s", "names or parts of them; off: none", repeated=True),),
    ),
    Row("/musika/midi/in/list", _R, "the MIDI inputs there are", (_NAMES,)),
    Row("/musika/midi/out/list", _R, "the MIDI outputs there are", (_NAMES,)),
    Row("/musika/midi/map/list", _R, "the MIDI maps there are", (_NAMES,)),
    Row(
        "/musika/stem/{name}/effects",
        _R,
        "the effects of a stem or the mix, a text for each",
        (Argument("effects", "s", "LowpassFilter; cutoff_frequency_hz 20 20000; bypass 0 1", repeated=True),),
    ),
    Row(
        "/musika/effect/list", _R, "the effects there are, and the paths of plug-ins in the system's folders", (_NAMES,)
    ),
    Row(
        "/musika/stem/{name}/effects/add",
        _W,
        "adds an effect to a stem or the mix, which keeps its chain from then on until a preset brings another",
        (
            Argument("effect", "s", "one of effect/list, or the path of a plug-in"),
            Argument("place", "i", "before which effect, from 0; without it behind all", 0, 15, optional=True),
        ),
        ("/musika/told", "/musika/error"),
    ),
    Row(
        "/musika/stem/{name}/effects/remove",
        _W,
        "takes an effect of a stem or the mix away; what rings in it rings out",
        (Argument("place", "i", "in the chain, from 0", 0, 15),),
    ),
    Row(
        "/musika/stem/{name}/effects/move",
        _W,
        "puts an effect of a stem or the mix at another place of its chain",
        (Argument("place", "i", "in the chain, from 0", 0, 15), Argument("to", "i", "its new place", 0, 15)),
    ),
    Row("/musika/status", _R, "how the generator is doing", (), ("/musika/status.reply",)),
    Row("/musika/quit", _W, "fade out and end the process", (PRESSED,)),
    Row(
        "/musika/sync",
        _W,
        "asks for an answer when all before it is applied",
        (Argument("id", "i"),),
        ("/musika/synced",),
    ),
    Row(
        "/musika/subscribe",
        _W,
        "pushes changes and the events below to the sender",
        (_PORT,),
        ("/musika/beat", "/musika/bar", "/musika/meter", "/musika/landed"),
    ),
    Row("/musika/unsubscribe", _W, "ends a subscription", (_PORT,)),
)

_EVENTS: tuple[Row, ...] = (
    Row("/musika/progress", _E, "how much of a render is done", (Argument("share", "f", "", 0.0, 1.0),)),
    Row("/musika/done", _E, "a render is done", (Argument("take", "s", "folder of the take"),)),
    Row("/musika/beat", _E, "a beat begins", (Argument("position", "f", "song position", units="beats"),)),
    Row(
        "/musika/bar",
        _E,
        "what a stem plays in a bar: told before it is heard, and again when a move gives it other notes",
        (
            Argument("stem", "s"),
            Argument("position", "f", "song position of the bar", units="beats"),
            Argument("notes", "s", "36 0 0.25 100, 43 1.5 0.5 90: pitch, start and length in beats, velocity of each"),
        ),
    ),
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
            Argument("recording", "s", "folder that a take is being recorded into, or empty", optional=True),
        ),
    ),
    Row("/musika/synced", _E, "answers /musika/sync", (Argument("id", "i"),)),
    Row(
        "/musika/told",
        _E,
        "what became of a message: its outcome, where it comes later, what was made of it, or what is worth knowing",
        (
            Argument("address", "s", "of the message, or what it is about"),
            Argument("message", "s", "a line"),
        ),
    ),
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

TABLE: tuple[Row, ...] = (*_TRANSPORT, *control_rows(), *_COMMANDS, *_EVENTS)

ROWS: Mapping[str, Row] = {row.pattern: row for row in TABLE}
"""Every row by its pattern."""
