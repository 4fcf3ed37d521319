"""Leads: arpeggios, motifs, bleeps and held calls, some of them in cells that run against the bar."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from musika_daw.music.choice import pick
from musika_daw.music.grid import DEGREES, STEPS_PER_BAR, STEPS_PER_BEAT, GridNote
from musika_daw.music.progressions import LOOP_BARS
from musika_daw.train.corpus.loops import Bar, fill_phrases, make_loop, vary

MIN_NOTES = 12
_SPARE = 2
_CHORD_TONES = (0, 2, 4)
# Places in the scale counted from the chord's root: 7 is the octave above.
_LOWEST_PLACE, _HIGHEST_PLACE = -7, 13
_ARPEGGIOS = (
    (0, 2, 4, 7),
    (0, 2, 4),
    (7, 4, 2, 0),
    (0, 4, 2, 7, 4, 2),
    (0, 2, 4, 7, 4, 2),
    (0, 4, 7),
    (0, 7, 4, 9, 7, 4, 2, 4),
    (4, 2, 0, 7, 4, 2, 9, 7),
    (0, 2, 4, 6, 7),
    (0, 4, 0, 2, 7),
)


@dataclass(frozen=True, slots=True)
class LeadStyle:
    """One way to play a lead.

    Attributes:
        rhythms: one is chosen; a digit says how early the step comes in as density rises (9 first), a dot last.
        length_steps: shortest and longest note.
        leap: usual distance, in scale steps, from one note to the next.
    """

    rhythms: tuple[str, ...]
    length_steps: tuple[float, float]
    leap: float


STYLES = {
    "arpeggio": LeadStyle(
        ("9.7.8.7.9.7.8.7.", "9..8..7.9..8..7.", "9.78.79.78.9.78.", "96.8.79.6.98.67.", "8.9.78.9.78.9.78"),
        (0.6, 2.0),
        2.0,
    ),
    "motif": LeadStyle(
        (
            "9..8..7.......6.",
            "..9..7..8...6...",
            "9.8...7..6......",
            "...9..8....7..6.",
            "9.....8..7....65",
            "..98....7..6..5.",
        ),
        (0.7, 2.5),
        2.2,
    ),
    "bleep": LeadStyle(
        ("..9.....8..6....", "9......8....6...", "...9.....7...8..", "......9...7....8", "9..9....8.7....."),
        (0.5, 1.0),
        1.2,
    ),
    "call": LeadStyle(
        ("9.......8.......", "9.....8.....6...", "..9.......8...6.", "9..........8...."), (3.0, 8.0), 1.8
    ),
    "line": LeadStyle(("9.68.7964.785.96", "97.86.97.59.8.76", "9.8.697.8.96.587"), (0.5, 1.0), 2.8),
}
_WAYS: dict[str, dict[str, float]] = {
    "peak": {"motif": 5, "arpeggio": 3, "bleep": 2, "call": 1},
    "minimal": {"bleep": 7, "motif": 3},
    "dub": {"call": 4, "bleep": 3, "motif": 3},
    "acid": {"line": 7, "motif": 2, "bleep": 1},
    "melodic": {"arpeggio": 6, "motif": 3, "call": 2},
    "electro": {"motif": 4, "arpeggio": 3, "line": 2, "call": 1},
    "hypnotic": {"bleep": 4, "arpeggio": 3, "motif": 2, "call": 1},
    "hard": {"motif": 4, "arpeggio": 3, "line": 2, "bleep": 1},
}
# Share of leads whose pitches go round in cells of 3, 5 or 6 sixteenths, and of those whose rhythm does so too.
_CELLS = {"hypnotic": 0.6, "minimal": 0.4, "acid": 0.25, "electro": 0.25, "melodic": 0.25}
_OTHER_CELLS, _RHYTHM_TOO, _CELL_RHYTHM_SHARE = 0.12, 0.35, 0.35
_SLIDES = {"acid": 0.15, "electro": 0.05}
_OTHER_SLIDES = 0.02
_ACCENTS = 0.22
_SEQUENCED = 0.35  # chance that a four-bar lead repeats its motif on another step of the scale


def compose_lead(generator: np.random.Generator, genre: str, bars: int) -> list[Bar]:
    """The lead bars of a track; salience is a score (see `loops`)."""
    way = pick(generator, _WAYS[genre])
    octave = pick(generator, {-1: 2, 0: 6, 1: 2})

    def variation(bar: Bar) -> Bar:
        varied = vary(generator, bar, 2, _SPARE, MIN_NOTES)
        chosen, shift = int(generator.integers(len(varied))), int(generator.choice((-2, -1, 1, 2)))
        return [_moved(note, shift) if i == chosen else note for i, note in enumerate(varied)]

    def new_loop() -> list[Bar]:
        if generator.random() < _CELLS.get(genre, _OTHER_CELLS):
            return _cell_loop(generator, genre, way, octave)
        bar = _draw_bars(generator, genre, way, octave, STEPS_PER_BAR, 1)[0]
        loop = make_loop(generator, bar, variation)
        if generator.random() < _SEQUENCED:
            shift = int(generator.choice((-2, -1, 1, 2)))
            answer = [_moved(note, shift) for note in loop[2]]
            loop = [loop[0], loop[1], answer, loop[3]]
        return loop

    return fill_phrases(generator, bars, new_loop, variation)


def _cell_loop(generator: np.random.Generator, genre: str, way: str, octave: int) -> list[Bar]:
    """Four bars of one cell of 3, 5 or 6 sixteenths."""
    return _draw_bars(generator, genre, way, octave, int(generator.choice((3, 5, 6))), LOOP_BARS)


def _draw_bars(generator: np.random.Generator, genre: str, way: str, octave: int, cell: int, bars: int) -> list[Bar]:
    """Bars whose pitches, accents and lengths return every `cell` steps, and whose rhythm returns every bar."""
    style = STYLES[way]
    rhythm = style.rhythms[int(generator.integers(len(style.rhythms)))]
    levels = np.array([0.0 if digit == "." else float(digit) for digit in rhythm])
    taste = generator.random(STEPS_PER_BAR)
    scores = np.tile(0.1 * levels + 0.095 * taste, bars)
    if cell < STEPS_PER_BAR and generator.random() < _RHYTHM_TOO:
        cell_scores = np.resize(generator.permutation(cell) / cell, bars * STEPS_PER_BAR)
        scores = (1 - _CELL_RHYTHM_SHARE) * scores + _CELL_RHYTHM_SHARE * cell_scores
    # Up to two steps stay empty at any density: breath.
    silent = set(np.argsort(levels + taste)[: int(generator.integers(0, 4))].tolist())
    places = _places(generator, way, cell)
    slides = generator.random(cell) < _SLIDES.get(genre, _OTHER_SLIDES)
    accents = generator.random(cell) < _ACCENTS
    short, long = style.length_steps
    usual = float(generator.uniform(short, long))
    lengths = np.clip(usual * generator.uniform(0.75, 1.25, cell), short, long)
    loop: list[Bar] = [[] for _ in range(bars)]
    for step in range(bars * STEPS_PER_BAR):
        in_bar, in_cell = step % STEPS_PER_BAR, step % cell
        if in_bar in silent:
            continue
        place = _strong(places[in_cell]) if in_bar % STEPS_PER_BEAT == 0 else places[in_cell]
        loop[step // STEPS_PER_BAR].append(
            GridNote(
                "lead",
                in_bar,
                float(scores[step]),
                0.9 if accents[in_cell] else 0.55 + 0.02 * float(levels[in_bar]),
                length_steps=float(lengths[in_cell]),
                degree=place % DEGREES,
                octave=min(max(place // DEGREES + octave, -1), 1),
                slide=bool(slides[in_cell]),
            )
        )
    return loop


def _places(generator: np.random.Generator, way: str, cell: int) -> list[int]:
    """A contour: scale places of the steps of a cell."""
    if way == "arpeggio":
        figure = _ARPEGGIOS[int(generator.integers(len(_ARPEGGIOS)))]
        return [figure[step % len(figure)] for step in range(cell)]
    leaps = generator.normal(0.0, STYLES[way].leap, cell)
    home = float(generator.choice((0, 2, 4)))
    places, here = [], home
    for leap in leaps:
        places.append(int(np.clip(round(here), _LOWEST_PLACE, _HIGHEST_PLACE)))
        here = 0.7 * (here + leap) + 0.3 * home  # a tune strays, and comes home
    return places


def _strong(place: int) -> int:
    """The chord tone nearest to a place in the scale, the lower of two."""
    near = (place + shift for shift in (0, -1, 1, -2, 2))
    return next(p for p in near if p % DEGREES in _CHORD_TONES)


def _moved(note: GridNote, shift: int) -> GridNote:
    """The note some scale steps away; on a beat, the nearest chord tone."""
    place = note.degree + DEGREES * note.octave + shift
    if note.step % STEPS_PER_BEAT == 0:
        place = _strong(place)
    return replace(note, degree=place % DEGREES, octave=min(max(place // DEGREES, -1), 1))
