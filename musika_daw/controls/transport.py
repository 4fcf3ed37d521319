"""Rows: where the song plays, when moves land, and which clock leads."""

from __future__ import annotations

from musika_daw.controls.control import Control, Field, Kind, Lands, Scope, Surface

_BY_LENGTH = "--start-bar and --bars choose the stretch"
_NO_SOUND = "it does not belong to the sound: a recall leaves the transport alone"
_A_PLACE = "a preset is a sound to start from, wherever in the song"
_THIS_MACHINE = "it belongs to this machine, not to the music"
_NO_CLOCK = "a render follows no clock"
_OUTSIDE = "logs hold what was heard, not what it came from"
_CLOCK = {
    Surface.RENDER: _NO_CLOCK,
    Surface.PRESET: _THIS_MACHINE,
    Surface.SCENE: _NO_SOUND,
    Surface.LOG: _OUTSIDE,
}

TRANSPORT: tuple[Control, ...] = (
    Control(
        200,
        "locate",
        "go to a song position",
        (Field("position", Kind.NUMBER, "", 0.0, 1e6, "beats", 0.0),),
        scope=Scope.TRANSPORT,
        absent={Surface.RENDER: _BY_LENGTH, Surface.PRESET: _A_PLACE, Surface.SCENE: _NO_SOUND},
        hint="BEATS",
    ),
    Control(
        201,
        "loop",
        "stretch of the song that repeats; off while both are equal",
        (
            Field("start", Kind.NUMBER, "", 0.0, 1e6, "beats", 0.0),
            Field("end", Kind.NUMBER, "", 0.0, 1e6, "beats", 0.0),
        ),
        scope=Scope.TRANSPORT,
        lands=Lands.AT_ONCE,
        absent={
            Surface.RENDER: _BY_LENGTH,
            Surface.PRESET: _A_PLACE,
            Surface.SCENE: _NO_SOUND,
            Surface.LOG: "logs hold each jump that it made",
        },
        hint="START,END",
    ),
    Control(
        202,
        "quantize",
        "when control moves land",
        (Field("grid", Kind.CHOICE, default="now", choices=("now", "beat", "bar", "phrase")),),
        scope=Scope.TRANSPORT,
        lands=Lands.AT_ONCE,
        absent={
            Surface.RENDER: "nothing moves while it is rendered",
            Surface.SCENE: _NO_SOUND,
            Surface.LOG: "logs hold where moves landed",
        },
    ),
    Control(
        210,
        "clock",
        "which clock leads",
        (Field("source", Kind.CHOICE, default="internal", choices=("internal", "midi", "link")),),
        scope=Scope.SETUP,
        lands=Lands.AT_ONCE,
        absent=_CLOCK,
    ),
    Control(
        211,
        "clock/offset",
        "moves the sound against the clock: more is later",
        (Field("offset", Kind.NUMBER, "", -500.0, 500.0, "ms", 0.0),),
        scope=Scope.SETUP,
        lands=Lands.AT_ONCE,
        absent=_CLOCK,
        hint="MS",
    ),
    Control(
        212,
        "clock/on_loss",
        "what to do when the leading clock is lost",
        (Field("action", Kind.CHOICE, default="continue", choices=("continue", "stop")),),
        scope=Scope.SETUP,
        lands=Lands.AT_ONCE,
        absent=_CLOCK,
    ),
    Control(
        214,
        "clock/ratio",
        "our tempo to the clock's: half time, as it is, double time; auto: as it is, unless only another can be played",
        (Field("ratio", Kind.CHOICE, default="auto", choices=("auto", "0.5", "1", "2")),),
        scope=Scope.SETUP,
        lands=Lands.AT_ONCE,
        absent=_CLOCK,
        hint="RATIO",
    ),
    Control(
        213,
        "clock/out",
        "where a MIDI clock that follows the song is sent to",
        (Field("port", Kind.TEXT, "off, virtual for a port of its own, or a part of an output's name", default="off"),),
        scope=Scope.SETUP,
        lands=Lands.AT_ONCE,
        absent=_CLOCK,
        hint="NAME",
        bare="virtual",
    ),
)
