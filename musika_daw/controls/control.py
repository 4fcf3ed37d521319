"""What a row of the book says: kind, range, default, unit, stems, models, landing, surfaces and help."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

Value = bool | int | float | str
"""What a message, a preset or an option may hold."""


class Kind(enum.Enum):
    """What a value is."""

    NUMBER = "number"
    INTEGER = "integer"
    SWITCH = "switch"
    CHOICE = "choice"
    TEXT = "text"
    STYLE = "style"  # a name, or a whole number that seeds one
    STEMS = "stems"  # a list of stems
    CHAIN = "chain"  # a list of effects


class PerStem(enum.Enum):
    """Whether a control is there once, for every stem, or both: then the whole sets all stems."""

    NO = "no"
    ONLY = "only"
    ALSO = "also"


class Scope(enum.Enum):
    """What a control acts on."""

    SONG = "song"  # what is generated: a move makes a new render
    MIX = "mix"  # levels and effects behind it
    TRANSPORT = "transport"  # where and how it plays
    SETUP = "setup"  # clocks, MIDI, files: this machine's side of it
    TAKE = "take"  # the length and files of a render


class Lands(enum.Enum):
    """When a move is heard."""

    QUANTIZED = "quantized"  # where `quantize` says
    AT_ONCE = "at once"


class Surface(enum.Enum):
    """Where a control can be set."""

    OSC = "OSC and OSCQuery"
    RENDER = "options of render"
    LIVE = "options of live"
    PRESET = "presets"
    SCENE = "scenes"
    MIDI = "MIDI maps"
    LOG = "session logs"


@dataclass(frozen=True)
class Field:
    """One value of a control.

    Attributes:
        low, high: limits of numbers, both included; None where there is none.
        unit: of numbers, e.g. `bpm`, `dB`.
        default: in a fresh process; None where something else decides.
        choices: texts that are taken; empty where any is.
        optional: may be left out.
        step: of a fader or knob that has steps; None: it glides.
        curve: of a fader: `linear`, `exp` (fine at the low end) or `log` (fine at the high end).
    """

    name: str
    kind: Kind
    help: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    default: Value | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    step: float | None = None
    curve: str = "linear"


@dataclass(frozen=True)
class Models:
    """Which models know a control.

    Attributes:
        own: whether those of our own family do.
        imported: whether those of the official Musika's do.
        records: whether those that `train records` makes do.
        signal: models of either know it only if they were trained with this conditioning signal.
        without_signal: imported models know it only if they were trained without this one.
        stems: imported models know it only if they make several stems.
        why_not: why a model does not know it.
    """

    own: bool = True
    imported: bool = True
    records: bool = True
    signal: str = ""
    without_signal: str = ""
    stems: bool = False
    why_not: str = ""


EVERY_MODEL = Models()


@dataclass(frozen=True)
class Control:
    """One row.

    Attributes:
        id: never given to another control: parameters of plug-ins are found by it again.
        name: e.g. `density`; addresses, options and preset keys are made from it.
        help: what it does to the music; more and less of it.
        fields: its values, optional ones last; mostly one.
        absent: surfaces that do not have it, each with the reason.
        clears: controls that it excludes: they go back to their defaults when it is moved.
        reset_by_preset: whether it goes back to its default where a preset does not name it.
        aliases: other names that options and presets take.
        hint: what stands for the value in the help of options.
        bare: value of the option where it is given without one.
    """

    id: int
    name: str
    help: str
    fields: tuple[Field, ...]
    per_stem: PerStem = PerStem.NO
    scope: Scope = Scope.SONG
    lands: Lands = Lands.QUANTIZED
    models: Models = EVERY_MODEL
    absent: Mapping[Surface, str] = field(default_factory=dict)
    clears: tuple[str, ...] = ()
    reset_by_preset: bool = False
    aliases: tuple[str, ...] = ()
    hint: str = "X"
    bare: Value | None = None

    @property
    def kind(self) -> Kind:
        """Of its first value."""
        return self.fields[0].kind

    @property
    def needed(self) -> tuple[Field, ...]:
        """The values that cannot be left out."""
        return tuple(part for part in self.fields if not part.optional)

    @property
    def default(self) -> tuple[Value, ...] | None:
        """Its values in a fresh process; None where something else decides."""
        values = tuple(part.default for part in self.needed if part.default is not None)
        return values if len(values) == len(self.needed) else None

    def on(self, surface: Surface) -> bool:
        """Whether a surface has it."""
        return surface not in self.absent
