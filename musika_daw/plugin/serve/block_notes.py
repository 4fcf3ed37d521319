"""The notes that sound in a block, as the plug-in says them to its host."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from musika_daw.control.midi.channels import STEM_CHANNELS
from musika_daw.engine.playable import PlayedSong
from musika_daw.plugin.layout import BLOCK_FRAMES, NOTES
from musika_daw.plugin.serve.segment import SLOT_NOTE


def block_notes(song: PlayedSong, bpm: float, rate: float, block: int) -> NDArray[np.void]:
    """In order of their starts; of more than there is room for, those that start in the block go first.

    Args:
        rate: samples a second, of which a block has `BLOCK_FRAMES`.
    """
    first = block * BLOCK_FRAMES
    a_beat = 60.0 / bpm * rate
    rows = []
    for stem in song.note_stems:
        if (channel := STEM_CHANNELS.get(stem)) is None:
            continue
        # A frame more on both sides: beats round to frames.
        for note in song.sounding(stem, (first - 1) / a_beat, (first + BLOCK_FRAMES + 1) / a_beat):
            start, end = round(note.start_beat * a_beat) - first, round(note.end_beat * a_beat) - first
            if start < BLOCK_FRAMES and end > 0:
                pitch, velocity = min(127, max(0, note.pitch)), min(127, max(1, round(note.strength * 127)))
                rows.append((start, max(1, end - start), channel - 1, pitch, velocity, 0))
    rows = sorted(sorted(rows, reverse=True)[:NOTES])
    return np.array(rows, SLOT_NOTE)
