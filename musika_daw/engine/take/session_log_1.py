"""Session logs of format 1, in which moves were OSC addresses: read for ever, never written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from musika_daw.controls.control import Value
from musika_daw.controls.move import Move
from musika_daw.controls.music import CORNERS
from musika_daw.controls.state import ControlState, state_of
from musika_daw.controls.target import Target, target_of
from musika_daw.engine.console import Sound
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.score import Imported, Score
from musika_daw.engine.take.session_log import LiveStart, SessionEvent, SessionStart
from musika_daw.engine.take.typed_json import from_json
from musika_daw.errors import UserError
from musika_daw.music.line import Line, line_text


@dataclass(frozen=True)
class _Controls:
    """Everything that decided how the song sounds, but for levels and effects."""

    model: str
    seed: int
    bpm: float
    density: float
    brightness: float
    variation: float
    anchors: tuple[str, str, str, str]
    morph: tuple[float, float] = (0.0, 0.0)
    key: str = "off"
    chords: str = "off"
    stem_density: Mapping[str, float] = field(default_factory=dict)
    stem_brightness: Mapping[str, float] = field(default_factory=dict)
    held: Mapping[str, _Controls] = field(default_factory=dict)
    notes: Mapping[str, Line] = field(default_factory=dict)
    fx: Mapping[str, tuple[FxSpec, ...]] = field(default_factory=dict)
    stems: tuple[str, ...] = ("drums", "bass", "chords", "lead")
    imported: Imported = field(default_factory=Imported)

    def state(self) -> ControlState:
        """The same as a state."""
        plain = ("model", "seed", "density", "brightness", "variation", "key", "chords")
        song = state_of(
            [
                *(Move.of(name, getattr(self, name)) for name in plain),
                Move.of("tempo", self.bpm),
                *(Move.of(f"anchor/{corner}", each) for corner, each in zip(CORNERS, self.anchors, strict=True)),
                Move.of("morph", *self.morph),
                Move.of("stems", *self.stems),
                *(Move.of(part.name, getattr(self.imported, part.name)) for part in fields(Imported)),
                *(Move("density", stem, (share,)) for stem, share in self.stem_density.items()),
                *(Move("brightness", stem, (share,)) for stem, share in self.stem_brightness.items()),
                *(Move("notes", stem, (line_text(line),)) for stem, line in self.notes.items()),
            ]
        )
        chains = {Target("fx", stem): chain for stem, chain in self.fx.items()}
        held = {Target("hold", stem): (True,) for stem in self.held}
        kept = {stem: controls.state() for stem, controls in self.held.items()}
        return ControlState({**song.settings, **chains, **held}, kept)


@dataclass(frozen=True)
class _LiveStart:
    controls: _Controls
    stream_sample: int
    sample: int
    beat: float
    playing: bool
    levels: tuple[tuple[str, tuple[Value, ...]], ...] = ()

    def now(self) -> LiveStart:
        """The same as it is written today."""
        levels = tuple(Move.of(target_of(address), *values) for address, values in self.levels)
        return LiveStart(self.controls.state(), self.stream_sample, self.sample, self.beat, self.playing, levels)


@dataclass(frozen=True)
class _SessionStart:
    model: str
    score: Score
    first_beat: float = 0.0
    length_samples: int | None = None
    sample_rate: int = 44100
    sample_format: str = "pcm24"
    take_name: str = "take"
    versions: Mapping[str, str] = field(default_factory=dict)
    format: int = 1
    live: _LiveStart | None = None
    sound: Sound | None = None


@dataclass(frozen=True)
class _SessionEvent:
    beat: float
    address: str
    args: tuple[Value, ...] = ()
    sample: int = 0
    controls: _Controls | None = None


def read_start(data: object, where: str) -> SessionStart:
    """The first line of a log.

    Raises:
        UserError: a field is unknown, missing or of another type.
    """
    old = from_json(_SessionStart, data, where)
    return SessionStart(
        old.model,
        old.score,
        old.first_beat,
        old.length_samples,
        old.sample_rate,
        old.sample_format,
        old.take_name,
        old.versions,
        live=None if old.live is None else old.live.now(),
        sound=old.sound,
    )


def read_event(data: object, where: str) -> SessionEvent:
    """A later line of a log.

    Raises:
        UserError: a field is unknown, missing or of another type.
    """
    old = from_json(_SessionEvent, data, where)
    state = None if old.controls is None else old.controls.state()
    try:
        return SessionEvent(old.beat, Move.of(target_of(old.address), *old.args), old.sample, state)
    except KeyError as error:
        raise UserError(f"{where}: {old.address} is not known") from error
