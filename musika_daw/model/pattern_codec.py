"""The pattern as a picture that a network can make: candidate notes and harmony <-> `[CHANNELS, steps]`.

Every stem owns a few channels per sixteenth. A note is there where its `on` channel is above a threshold (silence is
-1), and the height is its salience. Classes (degrees, voicings, chord roots, colours) are one channel each, the highest
wins. Channels of a note that is not there count for little in training.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musika_daw.music.grid import DEGREES, STEPS_PER_BEAT, VOICINGS, GridNote
from musika_daw.music.harmony import COLOURS, HarmonyStep
from musika_daw.music.notes import DRUM_CLASSES, STEMS

ON_THRESHOLD = -0.45
ABSENT_WEIGHT = 0.03
_COLOUR_NAMES = tuple(COLOURS)
_RATCHET_GROUPS = {"snare": 0, "clap": 0, "tom": 0, "closed_hat": 1, "open_hat": 1, "ride": 1, "perc": 1}


def _layout() -> dict[str, slice]:
    """Name -> channels, in order."""
    sizes: list[tuple[str, int]] = [
        ("drums.on", len(DRUM_CLASSES)),
        ("drums.strength", len(DRUM_CLASSES)),
        ("drums.ratchet", 2),
        ("drums.timing", 1),
    ]
    for stem in ("bass", "chords", "lead"):
        sizes += [(f"{stem}.{name}", 1) for name in ("on", "strength", "length", "timing")]
        if stem == "chords":
            sizes.append(("chords.voicing", VOICINGS))
        else:
            sizes += [(f"{stem}.slide", 1), (f"{stem}.octave", 1), (f"{stem}.degree", DEGREES)]
    sizes += [("harmony.degree", DEGREES), ("harmony.colour", len(_COLOUR_NAMES))]
    layout, at = {}, 0
    for name, size in sizes:
        layout[name] = slice(at, at + size)
        at += size
    return layout


LAYOUT = _layout()
CHANNELS = max(s.stop for s in LAYOUT.values())
HARMONY_ROWS = slice(LAYOUT["harmony.degree"].start, LAYOUT["harmony.colour"].stop)


# What has an `on` channel of its own.
VOICES = (*DRUM_CLASSES, "bass", "chords", "lead")
VOICE_ROWS = [row for stem in STEMS for row in range(LAYOUT[f"{stem}.on"].start, LAYOUT[f"{stem}.on"].stop)]


def stem_channels(stem: str) -> NDArray[np.bool_]:
    """Mask `[CHANNELS]` of what belongs to a stem, or to `harmony`."""
    mask = np.zeros(CHANNELS, bool)
    for name, place in LAYOUT.items():
        if name.startswith(stem + "."):
            mask[place] = True
    return mask


def _put_class(grid: NDArray[np.float32], name: str, step: int, index: int) -> None:
    grid[LAYOUT[name], step] = -1.0
    grid[LAYOUT[name].start + index, step] = 1.0


def harmony_rows(harmony: Sequence[HarmonyStep]) -> NDArray[np.float32]:
    """Harmony per beat -> the harmony channels, one column per sixteenth."""
    rows = np.full((DEGREES + len(_COLOUR_NAMES), len(harmony)), -1.0, np.float32)
    for beat, chord in enumerate(harmony):
        rows[chord.degree, beat] = 1.0
        rows[DEGREES + _COLOUR_NAMES.index(chord.colour), beat] = 1.0
    return np.repeat(rows, STEPS_PER_BEAT, 1)


def encode_pattern(
    notes: Mapping[str, Sequence[GridNote]], harmony: Sequence[HarmonyStep], steps: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Candidates and harmony of the first `steps` sixteenths -> grid and loss weights, `[CHANNELS, steps]` each."""
    grid = np.zeros((CHANNELS, steps), np.float32)
    weight = np.full((CHANNELS, steps), ABSENT_WEIGHT, np.float32)
    for stem in STEMS:
        grid[LAYOUT[f"{stem}.on"]] = -1.0
        weight[LAYOUT[f"{stem}.on"]] = 1.0
        for note in notes[stem]:
            if not 0 <= note.step < steps:
                continue
            offset = DRUM_CLASSES.index(note.drum) if stem == "drums" else 0
            values = {"on": note.salience, "strength": 2 * note.strength - 1}
            if stem != "drums":
                values["length"] = math.log2(note.length_steps) / 2
            if stem in ("bass", "lead"):
                values |= {"octave": float(note.octave), "slide": 1.0 if note.slide else -1.0}
            for name, value in values.items():
                row = LAYOUT[f"{stem}.{name}"].start + offset
                grid[row, note.step], weight[row, note.step] = value, 1.0
            grid[LAYOUT[f"{stem}.timing"], note.step] = note.timing * 4
            weight[LAYOUT[f"{stem}.timing"], note.step] = 1.0
            if stem == "drums" and note.drum in _RATCHET_GROUPS:
                row = LAYOUT["drums.ratchet"].start + _RATCHET_GROUPS[note.drum]
                grid[row, note.step] = max(grid[row, note.step], 1.0) if note.ratchet else -1.0
                weight[row, note.step] = 1.0
            elif stem == "chords":
                _put_class(grid, "chords.voicing", note.step, note.voicing)
                weight[LAYOUT["chords.voicing"], note.step] = 1.0
            elif stem != "drums":
                _put_class(grid, f"{stem}.degree", note.step, note.degree)
                weight[LAYOUT[f"{stem}.degree"], note.step] = 1.0
    grid[HARMONY_ROWS] = harmony_rows(harmony)[:, :steps]
    weight[HARMONY_ROWS] = 1.0 / STEPS_PER_BEAT
    return grid, weight


def decode_pattern(
    grid: NDArray[np.float32], first_step: int, thresholds: Mapping[str, float] | None = None
) -> tuple[dict[str, tuple[GridNote, ...]], tuple[HarmonyStep, ...]]:
    """A grid `[CHANNELS, steps]` from `first_step` of the song on -> candidates per stem and harmony per beat.

    `thresholds`: voice of `VOICES` -> value of its `on` channel above which it plays; `ON_THRESHOLD` if missing.
    """
    notes: dict[str, tuple[GridNote, ...]] = {}
    for stem in STEMS:
        on = grid[LAYOUT[f"{stem}.on"]]
        voices = DRUM_CLASSES if stem == "drums" else (stem,)
        lowest = np.array([(thresholds or {}).get(voice, ON_THRESHOLD) for voice in voices], np.float32)
        salience = np.clip((on - lowest[:, None]) / (1 - lowest[:, None]), 1e-3, 1.0)
        found = []
        for step, offset in np.argwhere(lowest < on.T):

            def value(name: str, row: int = 0, step: int = step, stem: str = stem) -> float:
                return float(grid[LAYOUT[f"{stem}.{name}"].start + row, step])

            common = {
                "stem": stem,
                "step": first_step + int(step),
                "salience": float(salience[offset, step]),
                "strength": float(np.clip((value("strength", int(offset)) + 1) / 2, 0.05, 1.0)),
                "timing": float(np.clip(value("timing") / 4, -0.4, 0.4)),
            }
            if stem == "drums":
                found.append(_drum_note(DRUM_CLASSES[offset], common, value))
                continue
            common["length_steps"] = float(np.clip(2.0 ** (2 * value("length")), 0.25, 64))
            if stem == "chords":
                voicing = int(grid[LAYOUT["chords.voicing"], step].argmax())
                found.append(GridNote(**common, voicing=voicing))  # type: ignore[arg-type]
            else:
                degree = int(grid[LAYOUT[f"{stem}.degree"], step].argmax())
                octave = int(np.clip(round(value("octave")), -1, 1))
                found.append(GridNote(**common, degree=degree, octave=octave, slide=value("slide") > 0))  # type: ignore[arg-type]
        notes[stem] = tuple(found)
    return notes, _decode_harmony(grid)


def _drum_note(name: str, common: dict[str, Any], value: Callable[[str, int], float]) -> GridNote:
    """A stroke from what all notes have, and the `ratchet` channels."""
    group = _RATCHET_GROUPS.get(name)
    ratchet = group is not None and value("ratchet", group) > 0
    if name == "kick":
        common = {**common, "timing": 0.0}  # the beat is where the grid is
    return GridNote(**common, drum=name, ratchet=ratchet)


def _decode_harmony(grid: NDArray[np.float32]) -> tuple[HarmonyStep, ...]:
    """One step a beat."""
    beats = grid.shape[1] // STEPS_PER_BEAT
    degrees = grid[LAYOUT["harmony.degree"]].reshape(DEGREES, beats, STEPS_PER_BEAT).sum(2).argmax(0)
    colours = grid[LAYOUT["harmony.colour"]].reshape(len(_COLOUR_NAMES), beats, STEPS_PER_BEAT).sum(2).argmax(0)
    return tuple(HarmonyStep(int(d), _COLOUR_NAMES[c]) for d, c in zip(degrees, colours, strict=True))
