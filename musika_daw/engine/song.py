"""The song: notes and harmony of a score at any place, as functions of song position.

Phrases of 16 bars are made whole by the pattern net, from noise that is keyed by seed and phrase; which of their
candidates sound is decided by the density where they stand. Nothing depends on what was asked for before.
"""

from __future__ import annotations

import math
from functools import lru_cache

from musika_daw.engine.phrases import Phrase, PhraseBook, PhraseRequest
from musika_daw.engine.score import Score
from musika_daw.engine.styles import PlayedStyle, StyleBook
from musika_daw.model.coordinates import STREAM_CHOICE, keyed_generator
from musika_daw.model.model_file import Networks
from musika_daw.model.pattern_net import PHRASE_BARS
from musika_daw.music.grid import BEATS_PER_BAR, Candidate, thin
from musika_daw.music.harmony import Chord, HarmonyStep, Key, diatonic_chord, fit_key, harmony_step
from musika_daw.music.notes import Note
from musika_daw.music.realize import realize

PHRASE_BEATS = PHRASE_BARS * BEATS_PER_BAR
# Modes the model chooses from when no key is asked for, as often as the corpus has them.
_OWN_MODES = ("minor", "minor", "minor", "dorian", "phrygian")
SECTION_BARS = 4  # notes are made in sections of this length; a phrase holds whole ones
_LONGEST_NOTE_BARS = 4  # of the model's own notes; given ones may be longer


class Song:
    """What a score plays: `notes`, `chord_at`, `key`, `style_at`."""

    def __init__(
        self, networks: Networks, score: Score, phrases: PhraseBook | None = None, styles: StyleBook | None = None
    ) -> None:
        """`phrases` and `styles` are shared by versions of a song: what they have in common is made once."""
        self.networks = networks
        self.score = score
        self.styles = styles or StyleBook(networks.style_bank.numpy())
        self.key = self._choose_key()
        self._phrases = phrases or PhraseBook(networks)
        self._phrase = lru_cache(maxsize=8)(self._ask_phrase)
        self._own_chords = lru_cache(maxsize=8)(self._make_own_chords)
        self._section = lru_cache(maxsize=64)(self._make_section)
        self._held = {stem: Song(networks, kept, self._phrases, self.styles) for stem, kept in score.held.items()}

    def style_at(self, beat: float) -> PlayedStyle:
        return self.styles.find(self.score.style.at(beat))

    def chord_at(self, beat: float) -> Chord:
        """Given harmony, or the model's own."""
        if self.score.chords is not None:
            return self.score.chords.at(beat)
        phrase, place = divmod(max(beat, 0.0), PHRASE_BEATS)
        return self._own_chords(int(phrase))[int(place)]

    def notes(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """Notes of a stem that start in `[first_beat, end_beat)`, in order of time."""
        if stem in self._held:
            return self._held[stem].notes(stem, first_beat, end_beat)
        given = self.score.notes.get(stem)
        if given is None:
            # Micro-timing carries a note across a bar line at most.
            first, last = (
                max(0, int(beat // (SECTION_BARS * BEATS_PER_BAR))) for beat in (first_beat - 1, end_beat + 1)
            )
            given = tuple(note for section in range(first, last + 1) for note in self._section(stem, section))
        return [n for n in given if first_beat <= n.start_beat < end_beat]

    def sounding(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """Notes of a stem that sound in `[first_beat, end_beat)`, those that began earlier included."""
        own = stem in self._held or stem not in self.score.notes
        earliest = first_beat - _LONGEST_NOTE_BARS * BEATS_PER_BAR - 1 if own else -math.inf
        return [n for n in self.notes(stem, earliest, end_beat) if n.end_beat > first_beat]

    def _choose_key(self) -> Key:
        if self.score.key is not None:
            return self.score.key
        if self.score.chords is not None:
            return fit_key(self.score.chords)
        choice = keyed_generator(self.score.seed, STREAM_CHOICE, 1)
        return Key(int(choice.integers(12)), _OWN_MODES[int(choice.integers(len(_OWN_MODES)))])

    def _make_own_chords(self, phrase: int) -> tuple[Chord, ...]:
        """The model's chord of every beat of a phrase."""
        return tuple(diatonic_chord(self.key, step.degree, step.colour) for step in self._phrase(phrase).harmony)

    def _ask_phrase(self, phrase: int) -> Phrase:
        style = self.style_at(phrase * PHRASE_BEATS)
        request = PhraseRequest(
            self.score.seed,
            phrase,
            self.score.variation,
            tuple(map(float, style.genre)),
            style.swing,
            self.key.mode,
            self._given_harmony(phrase),
        )
        return self._phrases.phrase(request)

    def _given_harmony(self, phrase: int) -> tuple[HarmonyStep, ...] | None:
        chords = self.score.chords
        if chords is None:
            return None
        first = phrase * PHRASE_BEATS
        return tuple(harmony_step(chords.at(first + beat), self.key) for beat in range(PHRASE_BEATS))

    def _make_section(self, stem: str, section: int) -> tuple[Note, ...]:
        """Sounding notes of a section; the bars around it tell where its notes are cut and slides come from."""
        first_bar, end_bar = section * SECTION_BARS, (section + 1) * SECTION_BARS
        first, end = max(0, first_bar - 1), end_bar + _LONGEST_NOTE_BARS
        around: list[Candidate] = []
        for phrase in range(first // PHRASE_BARS, (end - 1) // PHRASE_BARS + 1):
            around += [c for c in self._phrase(phrase).notes[stem] if first <= c.note.bar < end]
        sounding = realize(stem, thin(around, self.score.density[stem].at), self.chord_at, self.key)
        # A note belongs to the section of its step; micro-timing may carry it out, the very first before the song.
        start, stop = first_bar * BEATS_PER_BAR, end_bar * BEATS_PER_BAR
        lowest = start if section else -1.0
        return tuple(n for n in sounding if lowest <= n.start_beat < stop)
