"""Drum loops: the layers of a genre piled up, the gaps filled with ghosts, the bars played with fills."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from musika_daw.music.grid import STEPS_PER_BAR, STEPS_PER_BEAT, GridNote
from musika_daw.music.progressions import LOOP_BARS
from musika_daw.train.corpus.drum_patterns import KICK_SCORE, LAYERS, Layer
from musika_daw.train.corpus.fills import play_plan
from musika_daw.train.corpus.loops import Bar, fill_phrases, make_loop, vary
from musika_daw.train.corpus.phrases import BarPlan

MIN_HITS, MAX_HITS = 21, 32
SPARE_HITS = 6  # kicks and backbeat: what no variation touches
# Classes that fill the gaps at full density.
_GHOSTS = {
    "peak": ("closed_hat", "perc", "snare"),
    "minimal": ("snare", "perc", "closed_hat"),
    "dub": ("closed_hat", "perc", "snare"),
    "acid": ("closed_hat", "snare", "tom"),
    "melodic": ("closed_hat", "perc", "snare"),
    "electro": ("closed_hat", "perc", "tom"),
    "hypnotic": ("closed_hat", "tom", "perc"),
    "hard": ("closed_hat", "snare", "clap"),
}
_RATCHETS = {"hard": 0.16, "electro": 0.12, "acid": 0.07}
_OTHER_RATCHETS = 0.03
_CHANGES = 3  # hits exchanged by a small variation
_HARDEST = 0.95
_CORE_LAYERS = 3  # so many of a genre's first layers are always there, in half of the tracks one more


def compose_drums(generator: np.random.Generator, genre: str, plans: list[BarPlan]) -> list[Bar]:
    """The drum bars of a track; salience is a score (see `loops`)."""

    def variation(bar: Bar) -> Bar:
        return vary(generator, bar, _CHANGES, SPARE_HITS, MIN_HITS)

    def new_loop() -> list[Bar]:
        loop = _layered_loop(generator, genre)
        # Lines longer than a bar, or against it, make bars differ already.
        return make_loop(generator, loop[0], variation) if all(bar is loop[0] for bar in loop) else loop

    track = fill_phrases(generator, len(plans), new_loop, variation)
    return [play_plan(generator, bar, plan, MAX_HITS) for bar, plan in zip(track, plans, strict=True)]


def _layered_loop(generator: np.random.Generator, genre: str) -> list[Bar]:
    """Four bars of the genre's layers, each hit scored by its layer, its strength and a taste of the track's own."""
    most = int(generator.integers(MIN_HITS + 3, MAX_HITS + 1))
    ratchets = _RATCHETS.get(genre, _OTHER_RATCHETS)
    loop: list[dict[tuple[str, int], GridNote]] = [{} for _ in range(LOOP_BARS)]
    for layer, line in _draw_lines(generator, genre, most):
        base = layer.score + float(generator.uniform(-0.07, 0.07))
        taste = generator.normal(0.0, 0.03, STEPS_PER_BAR).tolist()
        chances = generator.random(STEPS_PER_BAR).tolist()
        for place in range(LOOP_BARS * STEPS_PER_BAR):
            digit = line[place % len(line)]
            if digit == ".":
                continue
            step, strength = place % STEPS_PER_BAR, int(digit) / 9 * _HARDEST
            ratchet = False
            if layer.drum == "kick":
                # Above every other layer; on the first beat, then on the third, first of all.
                score = KICK_SCORE + strength + 0.04 * (step % 8 == 0) + 0.02 * (step == 0) + 0.001 * taste[step]
            else:
                score = base * (0.5 + 0.5 * strength) + taste[step]
                ratchet = digit < "6" and chances[step] < ratchets
            loop[place // STEPS_PER_BAR][layer.drum, step] = GridNote(
                "drums", step, score, strength, drum=layer.drum, ratchet=ratchet
            )
    _add_ghosts(generator, genre, loop, most)
    return _shared([_crop(list(bar.values()), most) for bar in loop])


def _draw_lines(generator: np.random.Generator, genre: str, most: int) -> list[tuple[Layer, str]]:
    """A line for each layer; as long as a bar would hold more than `most` hits, a layer stays out."""
    lines = [(layer, layer.lines[int(generator.integers(len(layer.lines)))]) for layer in LAYERS[genre]]
    lines = [(layer, line) for layer, line in lines if line]
    core = int(generator.integers(_CORE_LAYERS, _CORE_LAYERS + 2))
    while len(lines) > core and sum(_hits_a_bar(line) for _, line in lines) > most:
        del lines[int(generator.integers(core, len(lines)))]
    return lines


def _hits_a_bar(line: str) -> float:
    return (len(line) - line.count(".")) * STEPS_PER_BAR / len(line)


def _add_ghosts(
    generator: np.random.Generator, genre: str, loop: list[dict[tuple[str, int], GridNote]], wanted: int
) -> None:
    """The same quiet hits into every bar, until the emptiest has as many as the track wants."""
    slots = [(drum, step) for drum in _GHOSTS[genre] for step in range(STEPS_PER_BAR)]
    order = generator.permutation(len(slots))
    ratchets = _RATCHETS.get(genre, _OTHER_RATCHETS)
    draws = generator.random((len(slots), 3)).tolist()
    for i in order:
        emptiest = min(map(len, loop))
        if emptiest >= wanted:
            break
        (drum, step), (score, strength, ratchet) = slots[i], draws[i]
        # Between the beats first: ghosts answer the strong hits.
        weak = 0.06 * (step % STEPS_PER_BEAT != 0)
        ghost = GridNote(
            "drums", step, 0.14 * score + weak, 0.15 + 0.2 * strength, drum=drum, ratchet=ratchet < ratchets
        )
        for bar in loop:
            bar.setdefault((drum, step), ghost)


def _crop(bar: Bar, most: int) -> Bar:
    """At most so many hits; a closed hat under an open one (they choke each other on drum machines) goes first."""
    open_steps = {note.step for note in bar if note.drum == "open_hat"}
    kept = [
        replace(note, salience=0.3 * note.salience, ratchet=False)
        if note.drum == "closed_hat" and note.step in open_steps
        else note
        for note in bar
    ]
    return sorted(kept, key=lambda note: -note.salience)[:most]


def _shared(loop: list[Bar]) -> list[Bar]:
    """Equal bars as one and the same object, so that they are varied alike."""
    return [next(other for other in loop if other == bar) for bar in loop]
