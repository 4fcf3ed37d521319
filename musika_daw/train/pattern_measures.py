"""What a set of patterns is like: how busy, how repetitive, how sure."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from musika_daw.music.grid import STEPS_PER_BAR, GridNote, rank, thin
from musika_daw.music.harmony import HarmonyStep
from musika_daw.music.notes import DRUM_CLASSES, STEMS

Pattern = Mapping[str, Sequence[GridNote]]
_DENSITY = 0.6  # likeness is judged on what a listener would hear


def _cells(notes: Sequence[GridNote]) -> dict[int, set[tuple[int, str]]]:
    """Bar -> what starts where in it."""
    bars: dict[int, set[tuple[int, str]]] = {}
    for note in notes:
        bars.setdefault(note.bar, set()).add((note.step % STEPS_PER_BAR, note.drum))
    return bars


def bars_alike(notes: Sequence[GridNote]) -> float:
    """Share of onsets that neighbouring bars have in common (intersection over union); NaN without two bars."""
    bars = _cells(notes)
    pairs = [(bars[bar], bars[bar + 1]) for bar in bars if bar + 1 in bars]
    shares = [len(one & other) / len(one | other) for one, other in pairs]
    return float(np.mean(shares)) if shares else float("nan")


def pattern_statistics(patterns: Sequence[tuple[Pattern, Sequence[HarmonyStep]]]) -> dict[str, float]:
    """Means over patterns: candidates a bar, bars alike, kicks on beats, bass roots on downbeats, chord changes."""
    out: dict[str, float] = {}
    for stem in STEMS:
        heard = [thin(rank(p[stem]), lambda beat: _DENSITY) for p, _ in patterns]
        out[f"count_{stem}"] = float(np.mean([len(p[stem]) / 16 for p, _ in patterns]))
        out[f"alike_{stem}"] = float(np.nanmean([bars_alike(notes) for notes in heard]))
    kicks = [n.step % 4 == 0 for p, _ in patterns for n in p["drums"] if n.drum == "kick"]
    roots = [n.degree == 0 for p, _ in patterns for n in p["bass"] if n.step % STEPS_PER_BAR == 0]
    out["kick_on_beat"] = float(np.mean(kicks)) if kicks else float("nan")
    out["bass_root_on_one"] = float(np.mean(roots)) if roots else float("nan")
    changes = [sum(a != b for a, b in itertools.pairwise(h)) / 16 for _, h in patterns]
    out["chord_changes"] = float(np.mean(changes))
    return out


def pattern_picture(path: Path, composed: Sequence[Pattern], generated: Sequence[Pattern]) -> None:
    """Piano-roll like picture: composed on the left, generated on the right, brightness is salience."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(len(composed), 2, figsize=(22, 2.2 * len(composed)), squeeze=False)
    for column, patterns in enumerate((composed, generated)):
        for row, pattern in enumerate(patterns):
            image = np.zeros((8 + 9 + 5 + 9 + 3, 256))
            for stem, offset in (("drums", 0), ("bass", 9), ("chords", 19), ("lead", 25)):
                for note in pattern[stem]:
                    line = DRUM_CLASSES.index(note.drum) if stem == "drums" else note.degree + note.voicing
                    image[min(offset + line, 33), note.step] = 0.3 + 0.7 * note.salience
            axes[row, column].imshow(image, aspect="auto", origin="lower", cmap="magma", vmin=0, vmax=1)
            axes[row, column].axis("off")
    figure.tight_layout(pad=0.2)
    figure.savefig(path, dpi=50)
    plt.close(figure)
