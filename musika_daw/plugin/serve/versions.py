"""Versions of the song: what the host's settings, tempo and sample rate make."""

from __future__ import annotations

import itertools
import math
import tomllib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from musika_daw.controls.control import Scope
from musika_daw.controls.move import Move
from musika_daw.controls.state import HOLD, ControlState, defaults, settings
from musika_daw.engine.console import Sound
from musika_daw.engine.mastering import mastering_of
from musika_daw.engine.own.chunks import LIVE, OFFLINE
from musika_daw.engine.playable import PlayedChunks, PlayedModel, PlayedSong
from musika_daw.engine.presets.preset import chains_of, with_whole_style
from musika_daw.engine.presets.preset_file import parse_preset
from musika_daw.engine.score_of import score_of
from musika_daw.errors import UserError
from musika_daw.plugin.layout import RECENT
from musika_daw.plugin.parameters import held_stems, parameters, with_parameters
from musika_daw.plugin.serve.segment import Request

_KEPT = 32
_ROUNDING = 1e-4  # samples


@dataclass(eq=False)
class Version:
    """One version; what it takes to make it is made when it is asked for."""

    number: int
    bpm: float
    rate: float
    model: PlayedModel
    state: ControlState

    @cached_property
    def song(self) -> PlayedSong:
        return self.model.song(score_of(self.state))

    @cached_property
    def sound(self) -> Sound:
        return Sound(chains_of(self.state), mastering=mastering_of(self.state)).over(self.song.fx_at(0.0))

    @cached_property
    def long_chunks(self) -> PlayedChunks:
        """Those that `render` makes."""
        return self.song.chunks(OFFLINE)

    @cached_property
    def short_chunks(self) -> PlayedChunks:
        return self.song.chunks(LIVE)

    def sample(self, quarters: float) -> int:
        """The sample at which a song position lies."""
        return round(quarters * 60.0 / self.bpm * self.rate)

    def entry(self, quarters: float) -> int:
        """The first sample that may be played of what begins at a song position: a host's frames lie anywhere between
        those of the song."""
        return math.floor(quarters * 60.0 / self.bpm * self.rate + _ROUNDING)

    def let_go(self) -> None:
        """Forgets what can be made again."""
        for name in ("song", "sound", "long_chunks", "short_chunks"):
            self.__dict__.pop(name, None)


@dataclass(frozen=True)
class Heard:
    """A version, and the serial of the first settings that it is the version of."""

    version: Version
    serial: int


class Versions:
    """Finds the version of a request; one that was wanted before is the same again, with all that was made of it."""

    def __init__(self, load: Callable[[str], PlayedModel]) -> None:
        """`load`: a model by its name; it may take a while and may raise UserError."""
        self._load = load
        self._numbers = itertools.count(1)
        self._known: OrderedDict[tuple[object, ...], Version] = OrderedDict()
        self._recent: list[Heard] = []
        self.complaint = ""

    @property
    def recent(self) -> list[Heard]:
        """The wanted one, then those that were wanted before it and are heard until it lands, or stand in for it."""
        return self._recent

    def want(
        self, request: Request, played_in: tuple[Move, ...] = (), cover: Callable[[Version], int] = lambda _: 0
    ) -> Version:
        """The version that a request is of, with what the host's MIDI plays in.

        Args:
            cover: how much of what comes next is made of a version: one with little makes room for others.
        """
        version = self._version(request, played_in)
        before = self._recent
        # What waited for its place and was moved on meanwhile is never heard.
        landed = [heard for heard in before if heard.serial <= request.landed] if request.waits else before
        if not landed or landed[0].version is not version:
            rest = landed if request.waits else [heard for heard in landed if heard.version is not version]
            landed = [Heard(version, request.serial), *rest]
        while len(landed) > RECENT:
            landed.remove(min(landed[:1:-1], key=lambda heard: cover(heard.version)))
        self._recent = landed
        kept = {heard.version for heard in self._recent}
        for gone in {heard.version for heard in before} - kept:
            gone.let_go()
        return version

    def _version(self, request: Request, played_in: tuple[Move, ...]) -> Version:
        key = (*_key(request), played_in)
        version = self._known.get(key)
        if version is None:
            state = self._state(request, played_in)
            model = self._load(state.text("model"))
            whole = state.over(settings(stems=model.info.stems))
            version = Version(next(self._numbers), request.bpm, request.rate, model, whole)
            self._known[key] = version
        self._known.move_to_end(key)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return version

    def _state(self, request: Request, played_in: tuple[Move, ...]) -> ControlState:
        self.complaint = ""
        given = ControlState()
        if request.text:
            try:
                given = parse_preset(tomllib.loads(request.text), "project").state
            except (tomllib.TOMLDecodeError, UserError) as error:
                self.complaint = f"what the project holds cannot be read: {error}"
        state = _moved(given, request.values, request.bpm)
        lines = {move.stem for move in played_in}
        kept = {
            stem: _moved(given, request.held[stem], request.bpm).only(Scope.SONG).without((HOLD,))
            for stem in held_stems(request.values)
            if stem not in lines  # what is played in is heard, whatever was held
        }
        for move in played_in:
            state = state.with_move(move)
        return ControlState(state.settings, {**state.held, **kept})


def _moved(given: ControlState, values: Sequence[float], bpm: float) -> ControlState:
    """What a project holds, as parameters set it."""
    moved = with_parameters(defaults().over(given), values)
    return with_whole_style(moved.over(settings(tempo=bpm)))


def _key(request: Request) -> tuple[object, ...]:
    """All that decides the samples."""
    heard = tuple(value for parameter, value in zip(parameters(), request.values, strict=True) if not parameter.level)
    held = tuple(request.held[stem] for stem in held_stems(request.values))
    return heard, held, request.text, request.bpm, request.rate
