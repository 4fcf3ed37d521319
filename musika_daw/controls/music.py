"""Rows: what decides which music it is and how it sounds before levels and effects."""

from __future__ import annotations

from musika_daw.controls.control import Control, Field, Kind, Models, PerStem, Surface

LARGEST_SEED = 2**63 - 1
CORNERS = ("a", "b", "c", "d")
_DEFAULT_STYLES = ("warehouse", "tunnel", "echo_chamber", "circuit")

_NO_SIGNAL = "it was trained without that conditioning signal"
_NO_NOTES = "it makes sound, not notes"
_NOTES_ONLY = Models(imported=False, records=False, why_not=_NO_NOTES)
_SCENES_KEEP_THE_MODEL = "a recall does not exchange the model"
_A_PLACE_TO_START = "a preset is a place to start from, not what was played there"


def _share(name: str, default: float, text: str = "") -> Field:
    return Field(name, Kind.NUMBER, text, 0.0, 1.0, default=default)


def _anchor(corner: str, place: str, number: int) -> Control:
    return Control(
        21 + number,
        f"anchor/{corner}",
        f"style at the corner {place} of the morph square",
        (
            Field(
                "style",
                Kind.STYLE,
                "a seed, or the name of a style",
                0,
                LARGEST_SEED,
                default=_DEFAULT_STYLES[number],
            ),
        ),
        clears=("style",),
        hint="NAME",
    )


MUSIC: tuple[Control, ...] = (
    Control(
        10,
        "model",
        "which model plays",
        (Field("name", Kind.TEXT, default="techno"),),
        absent={Surface.SCENE: _SCENES_KEEP_THE_MODEL},
        hint="NAME",
    ),
    Control(
        11,
        "seed",
        "which song it is",
        (Field("seed", Kind.INTEGER, "", 0, LARGEST_SEED, default=0),),
        hint="N",
    ),
    Control(
        12,
        "tempo",
        "tempo; refused while another clock leads",
        (Field("bpm", Kind.NUMBER, "", 40.0, 240.0, "bpm", 128.0),),
        absent={Surface.SCENE: "the tempo belongs to the transport: a recall does not change the pace"},
        aliases=("bpm",),
        hint="B",
    ),
    Control(
        20,
        "style",
        "one style alone, whatever the morph square holds, until that is moved",
        (Field("style", Kind.STYLE, "a named style, a seed or a style's .toml file", 0, LARGEST_SEED, default=""),),
        hint="NAME",
    ),
    *(
        _anchor(corner, place, number)
        for number, (corner, place) in enumerate(zip(CORNERS, ("(0, 0)", "(1, 0)", "(0, 1)", "(1, 1)"), strict=True))
    ),
    Control(
        25,
        "morph",
        "position between the four style anchors",
        (_share("x", 0.0, "0: A and C, 1: B and D"), _share("y", 0.0, "0: A and B, 1: C and D")),
        clears=("style",),
        hint="X,Y",
    ),
    Control(
        30,
        "density",
        "how many notes sound: more fills the bar, less leaves the strongest",
        (_share("density", 0.7),),
        PerStem.ALSO,
        models=Models(signal="density", why_not=_NO_SIGNAL),
        hint="D",
    ),
    Control(
        31,
        "brightness",
        "how bright the sound is: more opens it, less darkens it",
        (_share("brightness", 0.5),),
        PerStem.ALSO,
        models=Models(signal="brightness", why_not=_NO_SIGNAL),
        hint="B",
    ),
    Control(
        32,
        "variation",
        "how much a bar differs from the one before: 0 repeats the loop, 1 never does",
        (_share("variation", 0.15),),
        models=Models(imported=False, why_not="its networks have no noise that returns with the loop"),
        hint="V",
    ),
    Control(
        37,
        "loop_bars",
        "length of the loop that variation leaves; at variation 0 it repeats exactly",
        (Field("loop_bars", Kind.INTEGER, "", 1, 16, "bars", 16),),
        models=Models(imported=False, records=False, why_not="its loop has a length of its own"),
        hint="N",
    ),
    Control(
        35,
        "motion",
        "how far density and brightness move by themselves around where they are set: 0 stands still",
        (_share("motion", 0.8),),
        models=Models(imported=False, records=False, why_not="its density and brightness stand where they are set"),
        hint="M",
    ),
    Control(
        33,
        "key",
        "key of the pitched stems",
        (Field("key", Kind.TEXT, "e.g. Am, F#, D dorian; off: the model chooses", default="off"),),
        models=_NOTES_ONLY,
        hint="KEY",
    ),
    Control(
        34,
        "chords",
        "the harmony that bass, chords and lead follow",
        (
            Field(
                "chords",
                Kind.TEXT,
                "e.g. Am F C G, one a bar; Am:2 E7:2 in beats; off: the model chooses; still: it stays near the tonic",
                default="off",
            ),
        ),
        models=_NOTES_ONLY,
        hint="CHORDS",
    ),
    Control(
        36,
        "form",
        "sections of the song one after the other: what plays in them, how dense and bright, and fills between them",
        (
            Field(
                "form",
                Kind.TEXT,
                "sections and their bars, e.g. intro 8, build 8, drop 32, break 16, drop 32, outro 8; off: none",
                default="off",
            ),
        ),
        models=_NOTES_ONLY,
        hint="FORM",
    ),
    Control(
        40,
        "hold",
        "keeps the stem's pattern while sound, style and the rest move",
        (Field("hold", Kind.SWITCH, default=False),),
        PerStem.ONLY,
        models=_NOTES_ONLY,
        absent={
            Surface.RENDER: "there is nothing to keep before it has played",
            Surface.LIVE: "there is nothing to keep before it has played",
            Surface.PRESET: _A_PLACE_TO_START,
        },
        reset_by_preset=True,
    ),
    Control(
        41,
        "notes",
        "notes that the stem plays instead of its own pattern",
        (
            Field(
                "notes",
                Kind.TEXT,
                "a MIDI file; or off; or text, e.g. loop 16: 36 0 0.5 100, 43 1.5 0.25 90: pitch, start and length in "
                "beats, velocity of each note of a line of 16 beats",
                default="off",
            ),
            Field(
                "mode",
                Kind.CHOICE,
                "repeats, or plays once from the next bar on",
                choices=("loop", "once"),
                optional=True,
            ),
            Field("timing", Kind.CHOICE, "as it is, or on sixteenths", choices=("played", "grid"), optional=True),
        ),
        PerStem.ONLY,
        models=_NOTES_ONLY,
        absent={Surface.PRESET: _A_PLACE_TO_START},
        reset_by_preset=True,
        hint="FILE.mid",
    ),
    Control(
        42,
        "pattern",
        "which of its patterns over the song's harmony the stem plays; 0 is the one made together with the others",
        (Field("pattern", Kind.INTEGER, "", 0, LARGEST_SEED, default=0),),
        PerStem.ONLY,
        models=_NOTES_ONLY,
        hint="N",
    ),
    Control(
        50,
        "truncation",
        "how far coordinates and styles may lie from the middle: less is plainer, more is stranger",
        (Field("truncation", Kind.NUMBER, "", 0.05, 10.0, default=2.0, curve="exp"),),
        models=Models(own=False, records=False, why_not="that belongs to the coordinates of imported models"),
        hint="T",
    ),
    Control(
        51,
        "noise",
        "the noise that an imported model was trained with, seeded: with it the sound is rougher",
        (Field("noise", Kind.SWITCH, default=True),),
        models=Models(own=False, records=False, why_not="its decoders add none"),
    ),
    Control(
        52,
        "warp",
        "whether beats are found and moved to the tempo; without it the sound plays at its own pace",
        (Field("warp", Kind.SWITCH, default=True),),
        models=Models(own=False, records=False, without_signal="beat_phase", why_not="it is told where the beats are"),
    ),
    Control(
        60,
        "stems",
        "which stems are played",
        (Field("stems", Kind.STEMS),),
        models=Models(records=False, stems=True, why_not="it makes one stem, mix"),
        absent={
            Surface.OSC: "stems are muted instead: a process has the stems it started with",
            Surface.LIVE: "stems are muted instead: a process has the stems of its model",
            Surface.SCENE: "a process has the stems it started with",
            Surface.MIDI: "a list is no knob",
        },
        hint="LIST",
    ),
    Control(
        61,
        "fx",
        "effects of a stem or of mix, in place of the style's",
        (Field("fx", Kind.CHAIN),),
        PerStem.ONLY,
        absent={
            Surface.OSC: "parameters are moved one by one: stem/{name}/fx/{i}/{parameter}",
            Surface.RENDER: "a preset says it better than a line of options",
            Surface.LIVE: "a preset says it better than a line of options",
            Surface.SCENE: "a scene keeps the parameters, not the plug-ins",
            Surface.MIDI: "a list is no knob",
        },
        reset_by_preset=True,
    ),
)
