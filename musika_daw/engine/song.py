"""The song: notes and harmony of a score at any place, as functions of song position.

Phrases of 16 bars are made whole by the pattern net, from noise that is keyed by seed and phrase; which of their
candidates sound is decided by the density where they stand. Nothing depends on what was asked for before.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch

from musika_daw.engine.score import Score
from musika_daw.engine.styles import PlayedStyle, StyleBook
from musika_daw.model.coordinates import STREAM_CHOICE, keyed_generator
from musika_daw.model.flow import flow_sample
from musika_daw.model.model_file import Networks
from musika_daw.model.pattern_codec import CHANNELS, HARMONY_ROWS, decode_pattern, harmony_rows
from musika_daw.model.pattern_net import PHRASE_BARS, PHRASE_STEPS, pattern_conditioning, pattern_noise
from musika_daw.music.grid import BEATS_PER_BAR, GridNote, thin
from musika_daw.music.harmony import Chord, HarmonyStep, Key, diatonic_chord, fit_key, harmony_step
from musika_daw.music.notes import Note
from musika_daw.music.realize import realize

PHRASE_BEATS = PHRASE_BARS * BEATS_PER_BAR
# Modes the model chooses from when no key is asked for, as often as the corpus has them.
_OWN_MODES = ("minor", "minor", "minor", "dorian", "phrygian")


class Song:
    """What a score plays: `notes`, `chord_at`, `key`, `style_at`."""

    def __init__(self, networks: Networks, score: Score) -> None:
        self.networks = networks
        self.score = score
        self.styles = StyleBook(networks.style_bank.numpy())
        self.key = self._choose_key()
        self._phrase = lru_cache(maxsize=4)(self._make_phrase)
        self._notes = lru_cache(maxsize=16)(self._make_notes)

    def style_at(self, beat: float) -> PlayedStyle:
        return self.styles.find(self.score.style.at(beat))

    def chord_at(self, beat: float) -> Chord:
        """Given harmony, or the model's own."""
        if self.score.chords is not None:
            return self.score.chords.at(beat)
        phrase, place = divmod(max(beat, 0.0), PHRASE_BEATS)
        step = self._phrase(int(phrase))[1][int(place)]
        return diatonic_chord(self.key, step.degree, step.colour)

    def notes(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """Notes of a stem that start in `[first_beat, end_beat)`, in order of time."""
        given = self.score.notes.get(stem)
        if given is not None:
            return [n for n in given if first_beat <= n.start_beat < end_beat]
        # Micro-timing carries a note across a bar line at most.
        first = max(0, int((first_beat - 1) // PHRASE_BEATS))
        last = max(0, int((end_beat + 1) // PHRASE_BEATS))
        found = [note for phrase in range(first, last + 1) for note in self._notes(stem, phrase)]
        return [n for n in found if first_beat <= n.start_beat < end_beat]

    def _choose_key(self) -> Key:
        if self.score.key is not None:
            return self.score.key
        if self.score.chords is not None:
            return fit_key(self.score.chords)
        choice = keyed_generator(self.score.seed, STREAM_CHOICE, 1)
        return Key(int(choice.integers(12)), _OWN_MODES[int(choice.integers(len(_OWN_MODES)))])

    @torch.no_grad()
    def _make_phrase(self, phrase: int) -> tuple[dict[str, tuple[GridNote, ...]], tuple[HarmonyStep, ...]]:
        style = self.style_at(phrase * PHRASE_BEATS)
        told = torch.from_numpy(pattern_conditioning(style.genre, self.key.mode, style.swing, PHRASE_BARS))[None]
        noise = torch.from_numpy(pattern_noise(self.score.seed, phrase, self.score.variation))[None]
        network, steps = self.networks.pattern, self.networks.info.steps["pattern"]
        grid = flow_sample(lambda x, t: network(x, t, told), noise, steps, self._given_harmony(phrase))
        return decode_pattern(grid[0].numpy(), phrase * PHRASE_STEPS, self.networks.info.thresholds)

    def _given_harmony(self, phrase: int) -> torch.Tensor | None:
        """The chord track as the pattern net sees it; NaN where it is free."""
        chords = self.score.chords
        if chords is None:
            return None
        first = phrase * PHRASE_BEATS
        known = np.full((CHANNELS, PHRASE_STEPS), np.nan, np.float32)
        steps = [harmony_step(chords.at(first + beat), self.key) for beat in range(PHRASE_BEATS)]
        known[HARMONY_ROWS] = harmony_rows(steps)
        return torch.from_numpy(known)[None]

    def _make_notes(self, stem: str, phrase: int) -> tuple[Note, ...]:
        """Sounding notes of a phrase; a bar on either side tells it where notes are cut and slides come from."""
        density = self.score.density[stem].at
        around: list[GridNote] = []
        for neighbour in (phrase - 1, phrase, phrase + 1):
            if neighbour < 0:
                continue
            notes = self._phrase(neighbour)[0][stem]
            first_bar = phrase * PHRASE_BARS
            around += [n for n in notes if first_bar - 1 <= n.bar <= first_bar + PHRASE_BARS]
        sounding = realize(stem, thin(around, density), self.chord_at, self.key)
        start = phrase * PHRASE_BEATS
        # Micro-timing may carry the very first notes before the song's start.
        lowest = start if phrase else -1.0
        return tuple(n for n in sounding if lowest <= n.start_beat < start + PHRASE_BEATS)
