"""What songs of models have in common that make sound, not notes."""

from __future__ import annotations

from musika_daw.engine.fx.rack import FxOf
from musika_daw.music.harmony import Key
from musika_daw.music.notes import Note


class SoundSong:
    """A song without notes, key or effects of its own."""

    note_stems: tuple[str, ...] = ()
    key: Key | None = None

    def notes(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """None: the model makes sound, not notes."""
        return []

    def sounding(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """None, as `notes`."""
        return []

    def fx_at(self, beat: float) -> FxOf:
        """None: effects are in the sound."""
        return {}
