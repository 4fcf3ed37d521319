"""What a musician brings along: given chords and given notes, and whether they are followed."""

from __future__ import annotations

import dataclasses

import numpy as np

from musika_daw.engine.own.song import Song
from musika_daw.engine.presets.style_file import style_names
from musika_daw.evaluate.figures import Figures, note_figures
from musika_daw.evaluate.renders import make_score, render_excerpt, twin_excerpt
from musika_daw.model.model_file import Networks
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.harmony import ChordTrack, parse_chords
from musika_daw.music.notes import Note

PROGRESSIONS = (
    "Am F C G", "Dm Bb F C", "Em C G D", "Cm Ab Eb Bb", "F#m D A E", "Gm Eb Bb F",
    "Am7 Dm7 Em7 Am7", "Bm G D A", "Fm Db Ab Eb", "C#m A E B", "Dm Gm Am Dm", "Em Bm C D",
)  # fmt: skip
_BARS = 16
_LINE_BARS = 8


def chord_figures(networks: Networks) -> Figures:
    """Over given progressions: share of bars whose strong beats (first and third) hold chord tones alone, of bass and
    of chords, and how often the bass's note on the one is the root."""
    fits: dict[str, list[bool]] = {"bass": [], "chords": []}
    on_root: list[bool] = []
    for i, text in enumerate(PROGRESSIONS):
        track = parse_chords(text)
        assert track is not None
        names = style_names()
        score = make_score(4000 + i, 128.0, names[i % len(names)])
        song = Song(networks, dataclasses.replace(score, chords=track))
        for stem, bars in fits.items():
            strong = _on_strong_beats(song.notes(stem, 0.0, float(_BARS * BEATS_PER_BAR)), track)
            for bar in sorted({beat // BEATS_PER_BAR for beat, _, _ in strong}):
                bars.append(all(above in tones for beat, above, tones in strong if beat // BEATS_PER_BAR == bar))
            if stem == "bass":
                on_root += [above == 0 for beat, above, _ in strong if beat % BEATS_PER_BAR == 0]
    shares = {f"{stem}_of_chord_tones": float(np.mean(bars)) for stem, bars in fits.items()}
    return {**shares, "bass_on_root_on_the_one": float(np.mean(on_root))}


def _on_strong_beats(notes: list[Note], track: ChordTrack) -> list[tuple[int, int, set[int]]]:
    """Beat, semitones above the chord's root, and those of the chord's tones, of each note on a first or third beat."""
    found = []
    for note in notes:
        beat = round(note.start_beat * 4) / 4
        if beat % 2 == 0:
            chord = track.at(beat)
            found.append((int(beat), (note.pitch - chord.root) % 12, {tone % 12 for tone in chord.tones}))
    return found


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
    model, twins = note_figures(excerpts), note_figures([twin_excerpt(e) for e in excerpts])
    return {
        **{name: value for name, value in model.items() if name.endswith("bass")},
        **{f"twin_{name}": value for name, value in twins.items() if name.endswith("bass")},
    }
