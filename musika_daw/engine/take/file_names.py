"""What files of takes and loop kits are called, and the note that samplers are told."""

from __future__ import annotations

from musika_daw.engine.take.wav_chunks import MIDDLE_C
from musika_daw.music.harmony import Key


def file_stem(name: str, bpm: float | None, key: Key | None) -> str:
    """`drums_128bpm_Am`: with the tempo of what has one, and the key that sounds."""
    tempo = [] if bpm is None else [f"{round(bpm, 2):g}bpm"]
    return "_".join([name, *tempo, *([] if key is None else [key.file_name])])


def root_note(stem: str, key: Key | None) -> int | None:
    """The tonic from middle C up; None of drums, and where no key is known."""
    return None if stem == "drums" or key is None else MIDDLE_C + key.tonic
