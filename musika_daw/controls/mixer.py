"""Rows: levels of the stems, and what can be set on their effects."""

from __future__ import annotations

from musika_daw.controls.control import Control, Field, Kind, Lands, PerStem, Scope, Surface

FX = "fx/{i}/{parameter}"
"""Name of the row that stands for every parameter of every effect."""

_OF_THE_ROOM = "it belongs to the room, not to the music: loading something makes nothing louder"
_OF_THE_MIX = "it belongs to the mix as a whole, not to what is played"
_IN_ITS_CHAIN = "the chain of the preset holds it: fx"

MIXER: tuple[Control, ...] = (
    Control(
        100,
        "gain",
        "level of one stem",
        (Field("gain", Kind.NUMBER, "", -90.0, 12.0, "dB", 0.0, curve="log"),),
        PerStem.ONLY,
        Scope.MIX,
        Lands.AT_ONCE,
        reset_by_preset=True,
        hint="DB",
    ),
    Control(
        101,
        "pan",
        "place of one stem between left and right",
        (Field("pan", Kind.NUMBER, "-1 left, 1 right", -1.0, 1.0, default=0.0),),
        PerStem.ONLY,
        Scope.MIX,
        Lands.AT_ONCE,
        reset_by_preset=True,
    ),
    Control(
        102,
        "mute",
        "silences one stem",
        (Field("mute", Kind.SWITCH, default=False),),
        PerStem.ONLY,
        Scope.MIX,
        Lands.AT_ONCE,
        reset_by_preset=True,
    ),
    Control(
        103,
        "solo",
        "silences the stems without solo",
        (Field("solo", Kind.SWITCH, default=False),),
        PerStem.ONLY,
        Scope.MIX,
        Lands.AT_ONCE,
        reset_by_preset=True,
    ),
    Control(
        104,
        "master",
        "level of everything that is heard and recorded",
        (Field("gain", Kind.NUMBER, "", -90.0, 12.0, "dB", 0.0, curve="log"),),
        scope=Scope.MIX,
        lands=Lands.AT_ONCE,
        absent={
            Surface.RENDER: "files are written at the level of the song: the DAW's fader turns them down",
            Surface.PRESET: _OF_THE_ROOM,
            Surface.SCENE: _OF_THE_ROOM,
        },
        hint="DB",
    ),
    Control(
        105,
        "mastering",
        "compression, tilt and limiter on the mix, to about -14 LUFS; without it the mix is the sum of the stems",
        (Field("mastering", Kind.SWITCH, default=True),),
        scope=Scope.MIX,
        lands=Lands.AT_ONCE,
        absent={Surface.SCENE: _OF_THE_MIX},
    ),
    Control(
        106,
        "mastering_gain",
        "level of the mix before its mastering: more is louder and denser",
        (Field("gain", Kind.NUMBER, "", -12.0, 12.0, "dB", 0.0),),
        scope=Scope.MIX,
        lands=Lands.AT_ONCE,
        absent={Surface.SCENE: _OF_THE_MIX},
        reset_by_preset=True,
        hint="DB",
    ),
    Control(
        110,
        FX,
        "a parameter of an effect of one stem or the mix; bypass 1 leaves the effect out",
        (Field("value", Kind.NUMBER, "in the parameter's own units and range"),),
        PerStem.ONLY,
        Scope.MIX,
        Lands.AT_ONCE,
        absent={Surface.RENDER: _IN_ITS_CHAIN, Surface.LIVE: _IN_ITS_CHAIN, Surface.PRESET: _IN_ITS_CHAIN},
    ),
)
