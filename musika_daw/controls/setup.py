"""Rows: presets and MIDI, and what a render is told beside its sound."""

from __future__ import annotations

from musika_daw.controls.control import Control, Field, Kind, Lands, Scope, Surface

MAX_BARS = 100_000
METRES = tuple(f"{beats}/4" for beats in (4, 2, 3, 5, 6, 7)) + tuple(f"{n}/8" for n in (3, *range(5, 16)))
MAX_SECONDS = 200_000.0
MAX_LOOPS = 16

_BEFORE = "--preset is where all other options start from"
_ITSELF = "a preset does not name another one"
_THIS_MACHINE = "it belongs to this machine, not to the music"
_NO_SOUND = "it does not belong to the sound"
_OUTSIDE = "logs hold what was heard, not what it came from"
_MIDI = {
    Surface.RENDER: "a render has no MIDI input or output",
    Surface.PRESET: _THIS_MACHINE,
    Surface.SCENE: _NO_SOUND,
    Surface.LOG: _OUTSIDE,
}
_RENDER_ONLY = {
    Surface.OSC: "what is played live has no length; render is told bars and project",
    Surface.LIVE: "what is played live ends when it is stopped",
    Surface.SCENE: _NO_SOUND,
    Surface.MIDI: _NO_SOUND,
    Surface.LOG: "logs hold the length in samples",
}
_KIT_ONLY = {**_RENDER_ONLY, Surface.PRESET: "a preset is a sound, and a kit is one way to take it away"}

SETUP: tuple[Control, ...] = (
    Control(
        300,
        "preset",
        "load a preset",
        (Field("name", Kind.TEXT),),
        scope=Scope.SETUP,
        absent={
            Surface.RENDER: _BEFORE,
            Surface.LIVE: _BEFORE,
            Surface.PRESET: _ITSELF,
            Surface.SCENE: "a scene holds what the preset set",
        },
        hint="NAME",
    ),
    Control(
        310,
        "midi/map",
        "which MIDI controller moves what",
        (Field("name", Kind.TEXT, "a map, or off", default="off"),),
        scope=Scope.SETUP,
        lands=Lands.AT_ONCE,
        absent=_MIDI,
        hint="NAME",
    ),
    Control(
        311,
        "midi/notes",
        "what becomes of notes that are played in on the stems' channels",
        (
            Field(
                "mode",
                Kind.CHOICE,
                "the last bars repeat, or are played once from the next bar on",
                default="loop",
                choices=("loop", "once", "off"),
            ),
            Field("bars", Kind.INTEGER, "how many", 1, 16, "bars", 4, optional=True),
            Field(
                "timing",
                Kind.CHOICE,
                "on sixteenths, or as they were played",
                choices=("grid", "played"),
                optional=True,
            ),
            Field("metre", Kind.CHOICE, "of their bars", choices=METRES, optional=True),
        ),
        scope=Scope.SETUP,
        lands=Lands.AT_ONCE,
        absent=_MIDI,
    ),
    Control(
        312,
        "midi/out",
        "where the notes that are played are sent to",
        (Field("port", Kind.TEXT, "off, virtual for a port of its own, or a part of an output's name", default="off"),),
        scope=Scope.SETUP,
        lands=Lands.AT_ONCE,
        absent=_MIDI,
        hint="NAME",
        bare="virtual",
    ),
    Control(
        320,
        "bars",
        "length in bars",
        (Field("bars", Kind.INTEGER, "", 1, MAX_BARS, "bars"),),
        scope=Scope.TAKE,
        absent=_RENDER_ONLY,
        clears=("seconds",),
        hint="N",
    ),
    Control(
        321,
        "seconds",
        "length in seconds, instead of bars",
        (Field("seconds", Kind.NUMBER, "", 0.1, MAX_SECONDS, "s"),),
        scope=Scope.TAKE,
        absent=_RENDER_ONLY,
        clears=("bars",),
        hint="S",
    ),
    Control(
        322,
        "start_bar",
        "the song's bar to begin with, from 1",
        (Field("start_bar", Kind.INTEGER, "", 1, MAX_BARS, default=1),),
        scope=Scope.TAKE,
        absent=_RENDER_ONLY,
        hint="N",
    ),
    Control(
        323,
        "sample_format",
        "bits of the files, or float; flac: of 24 bits",
        (Field("sample_format", Kind.CHOICE, default="24", choices=("16", "24", "float", "flac", "flac16")),),
        scope=Scope.TAKE,
        absent=_RENDER_ONLY,
        aliases=("format",),
    ),
    Control(
        325,
        "sample_rate",
        "samples a second of the files; the model's own, 44100 mostly, if it is not given",
        (Field("sample_rate", Kind.CHOICE, choices=("44100", "48000", "88200", "96000")),),
        scope=Scope.TAKE,
        absent=_RENDER_ONLY,
        aliases=("rate",),
    ),
    Control(
        326,
        "tail",
        "seconds after the last bar in which nothing is played any more and effects ring",
        (Field("tail", Kind.NUMBER, "", 0.0, 30.0, "s", 0.0),),
        scope=Scope.TAKE,
        absent=_RENDER_ONLY,
        hint="S",
    ),
    Control(
        327,
        "fade_out",
        "seconds over which the files end; 0 cuts them on the bar line, for loops",
        (Field("fade_out", Kind.NUMBER, "", 0.0, 30.0, "s", 0.01),),
        scope=Scope.TAKE,
        absent=_RENDER_ONLY,
        hint="S",
    ),
    Control(
        328,
        "loops",
        "a loop kit instead of a take: from so many places of the song, seamless loops of 1, 2, 4 and 8 bars a stem, "
        "the drum hits that are played, and maps of both for samplers",
        (Field("loops", Kind.INTEGER, "", 1, MAX_LOOPS),),
        scope=Scope.TAKE,
        absent=_KIT_ONLY,
        clears=("seconds", "tail", "fade_out"),
        hint="N",
    ),
    Control(
        329,
        "kit_bars",
        "bars of the loops of a kit, where not all of these lengths are wanted",
        (Field("kit_bars", Kind.CHOICE, choices=("1", "2", "4", "8")),),
        scope=Scope.TAKE,
        absent=_KIT_ONLY,
    ),
    Control(
        324,
        "bus_map",
        "which channels of the audio device play what",
        (Field("bus_map", Kind.TEXT),),
        scope=Scope.SETUP,
        absent={
            Surface.OSC: "a process keeps its bus",
            Surface.RENDER: "a render plays on no device",
            Surface.LIVE: "--bus has it: --bus default,map=...",
            Surface.SCENE: _NO_SOUND,
            Surface.MIDI: _NO_SOUND,
            Surface.LOG: _OUTSIDE,
        },
    ),
)
