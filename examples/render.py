"""Renders from Python: a song whose drums fill up over its bars, in three tempos.

    .venv/bin/python examples/render.py --out MySong

What the command line does with `musika-daw render`, and what it cannot: controls that move over the song.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from musika_daw.engine.offline.renderer import render_take
from musika_daw.engine.score import Curve, Score, StyleCurve, constant
from musika_daw.music.harmony import parse_chords
from musika_daw.music.notes import STEMS
from musika_daw.music.tempo_map import constant_tempo


def song(seed: int, bpm: float, bars: int) -> Score:
    """A score: each control is a curve over song position, in beats."""
    rising = Curve(((0.0, 0.2), (4.0 * bars, 1.0)), ramps=True)
    density = {stem: constant(0.6) for stem in STEMS}
    return Score(
        seed=seed,
        tempo_map=constant_tempo(bpm),
        style=StyleCurve(((0.0, "fathom"),)),
        density={**density, "drums": rising},
        brightness={stem: constant(0.5) for stem in STEMS},
        chords=parse_chords("Am F C G"),
    )


def main() -> None:
    """Reads the options and renders a take for each tempo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="project folder")
    parser.add_argument("--model", default="techno")
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--bpm", type=float, nargs="+", default=[120.0, 128.0, 136.0])
    options = parser.parse_args()
    for bpm in options.bpm:
        take = render_take(
            options.model, song(7, bpm, options.bars), bars=options.bars, project=options.out, take_name=f"at {bpm:g}"
        )
        print(take)


if __name__ == "__main__":
    main()
