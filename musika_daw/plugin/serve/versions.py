"""Versions of the song: what the host's settings, tempo and sample rate make."""

from __future__ import annotations

import itertools
import tomllib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from musika_daw.controls.state import ControlState, defaults, settings
from musika_daw.engine.console import Sound
from musika_daw.engine.mastering import mastering_of
from musika_daw.engine.own.chunks import LIVE, OFFLINE
from musika_daw.engine.playable import PlayedChunks, PlayedModel, PlayedSong
from musika_daw.engine.presets.preset import chains_of, with_whole_style
from musika_daw.engine.presets.preset_file import parse_preset
from musika_daw.engine.score_of import score_of
from musika_daw.errors import UserError
from musika_daw.plugin.layout import RECENT
from musika_daw.plugin.parameters import parameters, with_parameters
from musika_daw.plugin.serve.segment import Request

_KEPT = 32


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

    def let_go(self) -> None:
        """Forgets what can be made again."""
        for name in ("song", "sound", "long_chunks", "short_chunks"):
            self.__dict__.pop(name, None)


class Versions:
    """Finds the version of a request; one that was wanted before is the same again, with all that was made of it."""

    def __init__(self, load: Callable[[str], PlayedModel]) -> None:
        """`load`: a model by its name; it may take a while and may raise UserError."""
        self._load = load
        self._numbers = itertools.count(1)
        self._known: OrderedDict[tuple[object, ...], Version] = OrderedDict()
        self._recent: list[Version] = []
        self.complaint = ""

    @property
    def recent(self) -> list[Version]:
        """The wanted one, then those that were wanted before it."""
        return self._recent

    def want(self, request: Request) -> Version:
        """The version that a request is of."""
        key = _key(request)
        version = self._known.get(key)
        if version is None:
            state = self._state(request)
            model = self._load(state.text("model"))
            whole = state.over(settings(stems=model.info.stems))
            version = Version(next(self._numbers), request.bpm, request.rate, model, whole)
            self._known[key] = version
        self._known.move_to_end(key)
        self._recent = [version, *(each for each in self._recent if each is not version)]
        for old in self._recent[RECENT:]:
            old.let_go()
        del self._recent[RECENT:]
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return version

    def _state(self, request: Request) -> ControlState:
        self.complaint = ""
        given = ControlState()
        if request.text:
            try:
                given = parse_preset(tomllib.loads(request.text), "project").state
            except (tomllib.TOMLDecodeError, UserError) as error:
                self.complaint = f"what the project holds cannot be read: {error}"
        moved = with_parameters(defaults().over(given), request.values)
        return with_whole_style(moved.over(settings(tempo=request.bpm)))


def _key(request: Request) -> tuple[object, ...]:
    """All that decides the samples."""
    heard = tuple(value for parameter, value in zip(parameters(), request.values, strict=True) if not parameter.level)
    return heard, request.text, request.bpm, request.rate
