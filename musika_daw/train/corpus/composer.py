"""The composer: techno on the grid, every candidate note of four stems and the harmony under them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from musika_daw.music.grid import BEATS_PER_BAR, STEPS_PER_BAR, STEPS_PER_BEAT, GridNote
from musika_daw.music.harmony import HarmonyStep
from musika_daw.music.progressions import change_beats, compose_harmony
from musika_daw.train.corpus import bassline, chords
from musika_daw.train.corpus.bassline import compose_bass
from musika_daw.train.corpus.chords import compose_chords
from musika_daw.train.corpus.drums import compose_drums
from musika_daw.train.corpus.genres import GENRES, draw_mode, draw_swing
from musika_daw.train.corpus.lead import compose_lead
from musika_daw.train.corpus.loops import Bar, spread_salience
from musika_daw.train.corpus.phrases import BarPlan, plan_phrases

__all__ = ["GENRES", "Composition", "HarmonyStep", "compose"]

# How far the drums stand off the grid, in steps: a clap sits back, a shaker leans forward.
_OFFSETS = {"clap": 0.03, "snare": 0.015, "open_hat": 0.005, "closed_hat": -0.01, "perc": 0.01}
_PITCHED_OFFSETS = {"bass": 0.01, "chords": 0.015, "lead": 0.0}
_JITTER_STEPS = (0.008, 0.02)
_KICK_JITTER_STEPS, _MAX_KICK_JITTER_STEPS = 0.003, 0.01
_STRENGTH_JITTER = 0.015


@dataclass(frozen=True, slots=True)
class Composition:
    """A track on the grid, in no key and at no tempo yet.

    Attributes:
        genre: of `GENRES`.
        mode: of `MODES`.
        bars: how many.
        notes: stem of `STEMS` -> all its candidates, in order of time; pitched stems have one note per step at most.
        harmony: one step per beat.
        swing: how late odd sixteenths come, 0..0.33 of a step; the notes' timing has it already.
    """

    genre: str
    mode: str
    bars: int
    notes: dict[str, tuple[GridNote, ...]]
    harmony: tuple[HarmonyStep, ...]
    swing: float


def compose(generator: np.random.Generator, genre: str, bars: int) -> Composition:
    """Compose a track of a genre of `GENRES`; bar 0 begins a 16-bar phrase."""
    mode, swing = draw_mode(generator, genre), draw_swing(generator, genre)
    plans = plan_phrases(generator, genre, bars)
    harmony = compose_harmony(generator, genre, mode, bars)
    changes = change_beats(harmony)
    changes_of: list[list[int]] = [[] for _ in range(bars)]
    for beat in changes:
        changes_of[beat // BEATS_PER_BAR].append(beat % BEATS_PER_BAR * STEPS_PER_BEAT)
    tracks = {
        "drums": compose_drums(generator, genre, plans),
        "bass": [*map(bassline.settle, compose_bass(generator, genre, bars), changes_of)],
        "chords": [*map(chords.settle, compose_chords(generator, genre, bars), changes_of)],
        "lead": compose_lead(generator, genre, bars),
    }
    jitter = float(generator.uniform(*_JITTER_STEPS))
    ends = _chord_ends(changes, bars)
    notes = {stem: _lay_out(generator, track, plans, swing, jitter, ends) for stem, track in tracks.items()}
    return Composition(genre, mode, bars, notes, harmony, swing)


def _chord_ends(changes: list[int], bars: int) -> list[int]:
    """For each beat the step at which its chord ends."""
    ends = [*changes[1:], bars * BEATS_PER_BAR]
    lengths = np.diff([0, *ends])
    return np.repeat(np.array(ends) * STEPS_PER_BEAT, lengths).tolist()


def _timing(note: GridNote, late: float, swing: float, jitter: float) -> float:
    """Where a note falls beside its step, in steps; kicks keep close to the grid."""
    if note.drum == "kick":
        most = _MAX_KICK_JITTER_STEPS
        return min(max(late / jitter * _KICK_JITTER_STEPS, -most), most)
    offset = _OFFSETS.get(note.drum, 0.0) if note.drum else _PITCHED_OFFSETS[note.stem]
    return late + offset + swing * (note.step % 2)


def _lay_out(
    generator: np.random.Generator,
    track: list[Bar],
    plans: list[BarPlan],
    swing: float,
    jitter: float,
    chord_ends: list[int],
) -> tuple[GridNote, ...]:
    """Bars one after another, with saliences, micro-timing, swells, and notes that end with their chord."""
    total = sum(map(len, track))
    draws = np.clip(generator.standard_normal((2, total)), -2.5, 2.5)
    late, louder = (jitter * draws[0]).tolist(), (_STRENGTH_JITTER * draws[1]).tolist()
    out = []
    i = 0
    for bar, (notes, saliences, plan) in enumerate(zip(track, spread_salience(track), plans, strict=True)):
        start, growth = plan.swell[0], (plan.swell[1] - plan.swell[0]) / (STEPS_PER_BAR - 1)
        for note, salience in zip(notes, saliences, strict=True):
            step = bar * STEPS_PER_BAR + note.step
            strength = (note.strength + louder[i]) * (start + growth * note.step)
            timing = _timing(note, late[i], swing, jitter)
            to_chord = float(chord_ends[step // STEPS_PER_BEAT] - step)
            length = note.length_steps if note.drum else min(note.length_steps, to_chord)
            out.append(
                GridNote(
                    note.stem,
                    step,
                    salience,
                    min(max(strength, 0.08), 1.0),
                    timing,
                    length,
                    note.drum,
                    note.degree,
                    note.octave,
                    note.voicing,
                    note.slide,
                    note.ratchet,
                )
            )
            i += 1
    return tuple(sorted(out, key=lambda note: (note.step, note.timing, note.drum)))
