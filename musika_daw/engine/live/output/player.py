"""The player: from dry stems to what is heard, block by block; live and in a replay alike."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from musika_daw.controls.control import Value
from musika_daw.controls.move import Move
from musika_daw.engine.console import Console, Sound
from musika_daw.engine.fx.catalogue import FxSpec
from musika_daw.engine.fx.plugin_pool import PluginPool
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.live.plan.render import AudioArray, Stems
from musika_daw.engine.live.plan.segment import Segment
from musika_daw.engine.live.state.effects import is_parameter
from musika_daw.engine.mastering import MASTERED
from musika_daw.engine.presets.preset import chains_of
from musika_daw.errors import UserError
from musika_daw.music.notes import MIX

_SILENT_DB = -120.0


class Player:
    """A console whose chains follow the style that plays, and meters of what comes out.

    Attributes:
        held: at most this many samples of what went in come out later.
    """

    def __init__(
        self, stems: tuple[str, ...], rate: int, first: Segment, position: int = 0, plugins: PluginPool | None = None
    ) -> None:
        """`position`: of the stream, where the first block begins."""
        self.stems = stems
        self._taken = position  # stream sample of the next block that goes in
        self._song: int | None = None  # song sample that would follow on
        self._position = position  # of the next sample that comes out
        self._fx = fx_of(first)
        self._console = Console(stems, Sound(self._fx, mastering=MASTERED), rate, position, plugins)
        self.held = self._console.held
        self._metered = 0
        self._peaks = dict.fromkeys((*stems, MIX), 0.0)
        self._squares = dict.fromkeys((*stems, MIX), 0.0)

    @property
    def latency(self) -> int:
        """Samples from what goes in to what comes out."""
        return self.held + self._console.latency

    def chain(self, stem: str | None) -> tuple[FxSpec, ...]:
        """The chain of a stem or the mix that plays, without what was set on it."""
        return tuple(self._fx.get(stem or MIX, ()))

    def move(self, move: Move) -> bool:
        """Moves a level or an effect from the next block on; False if the chain that it means is not there any more."""
        try:
            if move.stem is None:
                self._move_whole(move.control, move.values[0])
            elif is_parameter(move.target):
                _, index, parameter = move.control.split("/", 2)
                self._console.set(move.stem, int(index), parameter, float(move.values[0]))
            else:
                value = move.values[0]
                assert not isinstance(value, str)
                self._console.mixer.set(move.stem, **{move.control: value})
        except UserError:
            return False
        return True

    def _move_whole(self, control: str, value: Value) -> None:
        """Moves a level of everything or the mastering."""
        if control == "master":
            self._console.set_master(float(value))
            return
        master = self._console.master
        changes = {"on": bool(value)} if control == "mastering" else {"gain": float(value)}
        master.set(replace(master.mastering, **changes))

    def process(self, dry: Stems, segment: Segment) -> tuple[int, Stems, AudioArray]:
        """The next block of the stream, dry, and the segment at its start -> stream sample, stems and mix as far as
        they are final by now; the samples that come out are counted without the latency of plug-ins."""
        fx = fx_of(segment)
        if fx != self._fx and segment.render is not None:
            self._fx = fx
            self._console.swap(fx)
        if segment.render is not None:
            # Effects with a clock of their own follow the song, so that a loop sounds the same each time.
            here = segment.song_sample(self._taken)
            if here != self._song:
                self._console.locate(here)
            self._song = here + next(iter(dry.values())).shape[1]
        self._taken += next(iter(dry.values())).shape[1]
        stems, mix = self._console.process(dry, segment.controls.number("tempo"))
        first, self._position = self._position, self._position + mix.shape[1]
        self._measure({**stems, MIX: mix})
        return first, stems, mix

    def _measure(self, audio: Stems) -> None:
        self._metered += next(iter(audio.values())).shape[1]
        for name, sound in audio.items():
            if sound.size:
                self._peaks[name] = max(self._peaks[name], float(sound.max()), -float(sound.min()))
                self._squares[name] += float(np.vdot(sound, sound)) / 2

    def meters(self, samples: int) -> list[tuple[str, float, float]]:
        """Stem or mix, peak and RMS in dBFS since the last time; empty until so many samples have been metered."""
        if self._metered < samples:
            return []
        found = [
            (name, _db(self._peaks[name]), _db(math.sqrt(self._squares[name] / self._metered))) for name in self._peaks
        ]
        self._metered = 0
        for name in self._peaks:
            self._peaks[name] = self._squares[name] = 0.0
        return found


def fx_of(segment: Segment) -> FxOf:
    """The chains of a segment: its style's, and those that a preset has put in their place."""
    own = chains_of(segment.controls)
    return own if segment.render is None else {**segment.render.song.fx_at(0.0), **own}


def _db(level: float) -> float:
    return max(_SILENT_DB, 20.0 * math.log10(level)) if level > 0 else _SILENT_DB
