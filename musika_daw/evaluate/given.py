"""What a musician brings along: given chords and given notes, and whether they are followed."""

from __future__ import annotations

import dataclasses

import numpy as np

from musika_daw.engine.song import Song
from musika_daw.engine.style_preset import style_names
from musika_daw.evaluate.figures import Figures, note_figures
from musika_daw.evaluate.renders import make_score, render_excerpt
from musika_daw.model.model_file import Networks
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import Chord, ChordTrack, parse_chords
from musika_daw.music.notes import Note

PROGRESSIONS = (
    "Am F C G", "Dm Bb F C", "Em C G D", "Cm Ab Eb Bb", "F#m D A E", "Gm Eb Bb F",
    "Am7 Dm7 Em7 Am7", "Bm G D A", "Fm Db Ab Eb", "C#m A E B", "Dm Gm Am Dm", "Em Bm C D",
)  # fmt: skip
_BARS = 16
_LINE_BARS = 8


def chord_figures(networks: Networks) -> Figures:
    """Over given progressions: share of bars whose bass starts on the root, and whose chords hold chord tones alone.

    The bass counts in bars where it plays on a strong beat (the first or the third).
    """
    bass, chords = [], []
    for i, text in enumerate(PROGRESSIONS):
        track = parse_chords(text)
        assert track is not None
        names = style_names()
        score = make_score(4000 + i, 128.0, names[i % len(names)])
        song = Song(networks, dataclasses.replace(score, chords=track))
        end = float(_BARS * BEATS_PER_BAR)
        bass += _bars_that_fit(song.notes("bass", 0.0, end), track, roots=True)
        chords += _bars_that_fit(song.notes("chords", 0.0, end), track, roots=False)
    return {"bass_on_root_or_chord_tone": float(np.mean(bass)), "chords_of_chord_tones": float(np.mean(chords))}


def _bars_that_fit(notes: list[Note], track: ChordTrack, roots: bool) -> list[bool]:
    """One value per bar with notes on a strong beat: whether all of them belong to the chord, the bass's first on its
    root."""
    fits: dict[int, bool] = {}
    for note in notes:
        place = round(note.start_beat * 4) / 4
        if place % 2:
            continue
        chord: Chord = track.at(place)
        above = (note.pitch - chord.root) % 12
        allowed = {0} if roots and place % BEATS_PER_BAR == 0 else {tone % 12 for tone in chord.tones}
        bar = int(place // BEATS_PER_BAR)
        fits[bar] = fits.get(bar, True) and above in allowed
    return list(fits.values())


def own_line_figures(networks: Networks) -> Figures:
    """A bass line of a musician's own, played by the model in several styles: onsets and pitches found again."""
    pitches = (33, 33, 45, 36, 38, 38, 31, 43)
    line = tuple(
        Note(bar * 4 + place, 0.45, pitches[(bar + i) % len(pitches)], 0.8)
        for bar in range(_LINE_BARS)
        for i, place in enumerate((0.0, 0.75, 1.5, 2.0, 2.75, 3.5))
    )
    names = style_names()
    excerpts = [
        render_excerpt(networks, make_score(5000 + i, 124.0, name, notes={"bass": line}), _LINE_BARS)
        for i, name in enumerate(names)
    ]
    figures = note_figures(excerpts)
    return {name: value for name, value in figures.items() if name.endswith("bass")}
