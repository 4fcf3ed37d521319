"""Notes made before anybody asks for them: a phrase takes the pattern net longer than a jump may be heard late."""

from __future__ import annotations

from concurrent.futures import Future

from musika_daw.plugin.serve.dry import Pools
from musika_daw.plugin.serve.versions import Version

_SECTIONS = 20  # of the song, from its start: where people jump to


class Prefetch:
    """Has the sections of a song made one by one, those that are near first."""

    def __init__(self, pools: Pools) -> None:
        self._pools = pools
        self._version: Version | None = None
        self._made: set[int] = set()
        self._making: Future[None] | None = None

    def look(self, version: Version, beat: float) -> None:
        """Has the next one made, if nothing is in the making; returns at once."""
        if self._making is not None and not self._making.done():
            return
        if version is not self._version:
            self._version, self._made = version, set()
        size = version.song.section_beats
        here = max(0, int(beat // size))
        wanted = sorted({*range(_SECTIONS), here, here + 1}, key=lambda section: (abs(section - here - 0.5), section))
        section = next((each for each in wanted if each not in self._made), None)
        if section is not None:
            self._made.add(section)
            self._making = self._pools.ahead.submit(version.song.prepare, float(section * size))
