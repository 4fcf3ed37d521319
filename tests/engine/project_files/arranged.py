"""A take to write project files of."""

from __future__ import annotations

from musika_daw.engine.project_files.arrangement import Arrangement, Track, phrase_markers
from musika_daw.music.harmony import parse_key
from musika_daw.music.notes import Note
from musika_daw.music.tempo_map import TempoMap

RATE = 44100
RAMP = TempoMap(((0.0, 120.0), (64.0, 140.0)), ramps=True)
STEPS = TempoMap(((0.0, 93.7), (20.0, 151.3), (40.5, 128.0)))
STEADY = TempoMap(((0.0, 128.0),))


def arranged(
    tempo_map: TempoMap, *, first_beat: float = 16.0, beats: float = 72.0, key: str = "F# dorian"
) -> Arrangement:
    """Two stems and their mix, from beat 16 on; the bass plays off the grid, one note hangs over the end."""
    first_beat, beats = 16.0, 72.0
    length = tempo_map.sample_at(first_beat + beats, RATE) - tempo_map.sample_at(first_beat, RATE)
    drums = tuple(Note(first_beat + beat, 0.25, 36, 1.0) for beat in range(int(beats)))
    bass = (
        Note(first_beat - 0.05, 0.5, 40, 0.5),
        Note(first_beat + 1.26, 0.5, 43, 0.7),
        Note(first_beat + beats - 1, 4.0, 45, 0.9),
    )
    tracks = (
        Track("drums", "drums_128bpm.wav", drums, 10),
        Track("bass", "bass_128bpm.wav", bass, 2),
        Track("mix", "mix_128bpm.wav", muted=True),
    )
    markers = phrase_markers(first_beat, first_beat + beats)
    return Arrangement(
        'the "best" & only', tempo_map, first_beat, length, RATE, parse_key("F# dorian"), tracks, markers
    )
