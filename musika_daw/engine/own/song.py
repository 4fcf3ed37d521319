"""The song: notes and harmony of a score at any place, as functions of song position.

Phrases of 16 bars are made whole by the pattern net, from noise that is keyed by seed and phrase; which of their
candidates sound is decided by the density where they stand. Nothing depends on what was asked for before.
"""

from __future__ import annotations

import dataclasses
import math
from functools import partial

from musika_daw.controls.music import LARGEST_SEED
from musika_daw.engine.fx.rack import FxOf
from musika_daw.engine.looped_chunks import LoopedChunks
from musika_daw.engine.own.automation import Automation
from musika_daw.engine.own.chunks import Chunks
from musika_daw.engine.own.looping import loop_of, repeats_after
from musika_daw.engine.own.phrases import Phrase, PhraseBook, PhraseRequest
from musika_daw.engine.presets.styles import PlayedStyle, StyleBook
from musika_daw.engine.score import Score
from musika_daw.model.coordinates import STREAM_CHOICE, STREAM_HARMONY, STREAM_PATTERN, keyed_generator
from musika_daw.model.model_file import Networks
from musika_daw.model.pattern_net import PHRASE_BARS
from musika_daw.model.style import GENRES
from musika_daw.music.grid import BEATS_PER_BAR, LATEST_BEATS, GridNote, thin
from musika_daw.music.harmony import STILL, Chord, HarmonyStep, Key, diatonic_chord, fit_key, harmony_step
from musika_daw.music.notes import STEMS, Note
from musika_daw.music.progressions import phrase_harmony
from musika_daw.music.realize import realize
from musika_daw.remember import remember

PHRASE_BEATS = PHRASE_BARS * BEATS_PER_BAR
# Modes the model chooses from when no key is asked for, as often as the corpus has them.
_OWN_MODES = ("minor", "minor", "minor", "dorian", "phrygian")
# Chance that a phrase brings a new progression, for each unit of variation: at its default as often as in the corpus.
_NEW_PROGRESSIONS, _MAX_NEW_PROGRESSIONS = 2.0, 0.6
_LONGEST_NOTE_BARS = 4  # of the model's own notes; given ones may be longer


class Song:
    """What a score plays: `notes`, `chord_at`, `key`, `style_at`.

    Attributes:
        section_beats: of a phrase.
        automation: density and brightness as they sound.
        loop: what returns of the song.
    """

    section_beats = PHRASE_BEATS

    def __init__(
        self, networks: Networks, score: Score, phrases: PhraseBook | None = None, styles: StyleBook | None = None
    ) -> None:
        """`phrases` and `styles` are shared by versions of a song: what they have in common is made once."""
        self.networks = networks
        self.score = score
        self.styles = styles or StyleBook(networks.style_bank.numpy())
        self._harmony_seed = score.seed if score.harmony_seed is None else score.harmony_seed
        self.key = self._choose_key()
        self._phrases = phrases or PhraseBook(networks)
        self._phrase = remember(self._ask_phrase, 8)
        self._own_chord = remember(self._make_own_chord, 256)
        self._thinned = remember(self._thin, 256)
        self._bar = remember(self._make_bar, 256)
        others = {stem: _with_pattern(score, number) for stem, number in score.patterns.items()} | dict(score.held)
        self._others = {stem: Song(networks, other, self._phrases, self.styles) for stem, other in others.items()}
        self.automation, self.loop = Automation(score), loop_of(score)

    @property
    def sample_rate(self) -> int:
        return self.networks.info.sample_rate

    @property
    def note_stems(self) -> tuple[str, ...]:
        return self.score.stems

    def style_at(self, beat: float) -> PlayedStyle:
        return self.styles.find(self.score.style.at(beat))

    def fx_at(self, beat: float) -> FxOf:
        """The effects of the style at a beat, what mastering begins with among them."""
        return self.style_at(beat).preset.chains

    def chunks(self, frames: int) -> Chunks | LoopedChunks:
        beats = repeats_after(self.score)
        return Chunks(self, frames) if beats is None else LoopedChunks(self, Chunks(self, frames), beats)

    def controls_at(self, beat: float) -> dict[str, object]:
        """The controls as they stand at a beat, for people who read `take.json`."""
        score = self.score
        return {
            "density": {stem: score.density[stem].at(beat) for stem in score.stems},
            "brightness": {stem: score.brightness[stem].at(beat) for stem in score.stems},
            "chords": str(score.chords) if score.chords else STILL if score.still else None,
            "variation": score.variation,
            "loop_bars": score.loop_bars,
            "motion": score.motion,
            "form": None if score.form is None else str(score.form),
            "own_notes": sorted(score.notes),
        }

    def facts(self) -> dict[str, object]:
        """What `take.json` says of the making: nothing."""
        return {}

    def chord_at(self, beat: float) -> Chord:
        """Given harmony, or the model's own."""
        if self.score.chords is not None:
            return self.score.chords.at(beat)
        return self._own_chord(int(max(beat, 0.0)))

    def notes(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """Notes of a stem that start in `[first_beat, end_beat)`, in order of time."""
        if stem in self._others:
            return self._others[stem].notes(stem, first_beat, end_beat)
        line = self.score.notes.get(stem)
        if line is None:
            return self._own_notes(stem, first_beat, end_beat)
        if line.covers(first_beat) and line.covers(end_beat):
            return line.between(first_beat, end_beat)
        around = [n for n in self._own_notes(stem, first_beat, end_beat) if not line.covers(n.start_beat)]
        return sorted(around + line.between(first_beat, end_beat), key=lambda n: n.start_beat)

    def sounding(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        """Notes of a stem that sound in `[first_beat, end_beat)`, those that began earlier included."""
        if stem in self._others:
            return self._others[stem].sounding(stem, first_beat, end_beat)
        line = self.score.notes.get(stem)
        reach = self._reach_beats(stem, _bar_at(first_beat)) if line is None or not line.covers(first_beat) else 0.0
        if line is not None:
            reach = max(reach, line.longest_beats)
        return [n for n in self.notes(stem, first_beat - reach, end_beat) if n.end_beat > first_beat]

    def _own_notes(self, stem: str, first_beat: float, end_beat: float) -> list[Note]:
        # Micro-timing may carry a note across a bar line.
        first, last = _bar_at(first_beat - LATEST_BEATS), _bar_at(end_beat + LATEST_BEATS)
        notes = (note for bar in range(first, last + 1) for note in self._bar(stem, bar))
        return [n for n in notes if first_beat <= n.start_beat < end_beat]

    def prepare(self, beat: float) -> None:
        """Makes the phrase at a beat, which takes the pattern net a while; its notes are at hand afterwards."""
        self._phrase(int(beat // PHRASE_BEATS))

    def ready(self, beat: float) -> None:
        """Makes all notes that the first chunks from a beat on ask for, held patterns included."""
        for stem in STEMS:
            self.sounding(stem, max(0.0, beat - BEATS_PER_BAR), beat + BEATS_PER_BAR)

    def _choose_key(self) -> Key:
        if self.score.key is not None:
            return self.score.key
        if self.score.chords is not None:
            return fit_key(self.score.chords)
        choice = keyed_generator(self._harmony_seed, STREAM_CHOICE, 1)
        return Key(int(choice.integers(12)), _OWN_MODES[int(choice.integers(len(_OWN_MODES)))])

    def _make_own_chord(self, beat: int) -> Chord:
        phrase, place = divmod(beat, PHRASE_BEATS)
        step = self._phrase(phrase).harmony[place]
        return diatonic_chord(self.key, step.degree, step.colour)

    def _ask_phrase(self, phrase: int) -> Phrase:
        own = partial(self._asked, phrase, phrase, self.score.variation)
        return self.loop.phrase(phrase, self._asked(phrase, 0, 0.0), own) if self.loop.is_cut else own()

    def _asked(self, place: int, phrase: int, variation: float) -> Phrase:
        """The pattern net's phrase of a number, in the style of the place where it is played."""
        style = self.style_at(place * PHRASE_BEATS)
        request = PhraseRequest(
            self.score.seed,
            phrase,
            variation,
            tuple(map(float, style.genre)),
            style.swing,
            self.key.mode,
            self._given_harmony(phrase),
        )
        return self._phrases.phrase(request)

    def _own_progression(self, phrase: int) -> tuple[HarmonyStep, ...]:
        """The progression of the last phrase that brought a new one; the more variation, the more do.

        The pattern net, asked for one, hardly ever leaves the tonic; it follows those that it is given.
        """
        often = min(_MAX_NEW_PROGRESSIONS, _NEW_PROGRESSIONS * self.score.variation)
        last, draws = phrase, 1 + len(GENRES)  # of a phrase: whether it brings a progression, and one for each genre
        while last > 0 and keyed_generator(self._harmony_seed, STREAM_HARMONY, last * draws).random() >= often:
            last -= 1
        genre = int(self.style_at(last * PHRASE_BEATS).genre.argmax())
        choice = keyed_generator(self._harmony_seed, STREAM_HARMONY, last * draws + 1 + genre)
        return phrase_harmony(choice, GENRES[genre], self.key.mode)

    def _given_harmony(self, phrase: int) -> tuple[HarmonyStep, ...] | None:
        chords = self.score.chords
        if chords is None and self.score.still:
            return None
        if chords is None:
            return self.loop.harmony(self._own_progression(phrase), phrase)
        first = phrase * PHRASE_BEATS
        return tuple(harmony_step(chords.at(first + beat), self.key) for beat in range(PHRASE_BEATS))

    def _reach_beats(self, stem: str, bar: int) -> float:
        """How long notes that sound in a bar may have sounded before it."""
        phrase, place = divmod(bar, PHRASE_BARS)
        before = [self._phrase(phrase - 1)] if phrase and place < _LONGEST_NOTE_BARS else []
        return max(p.reach_beats[stem] for p in (self._phrase(phrase), *before))

    def _make_bar(self, stem: str, bar: int) -> tuple[Note, ...]:
        """Sounding notes whose step lies in a bar; the ones next to it tell where they are cut and slides come from."""
        reach = math.ceil(self._reach_beats(stem, bar) / BEATS_PER_BAR)
        earlier = (self._thinned(stem, b) for b in range(bar - 1, max(-1, bar - reach - 1), -1))
        later = (self._thinned(stem, b) for b in range(bar + 1, bar + reach + 1))
        before = next((notes[-1] for notes in earlier if notes), None)
        after = next((notes[0] for notes in later if notes), None)
        notes = realize(stem, self._thinned(stem, bar), self.chord_at, self.key, before, after)
        return tuple(self.automation.played(stem, bar, notes))

    def _thin(self, stem: str, bar: int) -> list[GridNote]:
        phrase, place = divmod(bar, PHRASE_BARS)
        return thin(self._phrase(phrase).bars[stem][place], partial(self.automation.density, stem))


def _with_pattern(score: Score, number: int) -> Score:
    """The song whose pattern of that number a stem plays: other phrases over the same harmony."""
    seed = int(keyed_generator(score.seed, STREAM_PATTERN, number).integers(LARGEST_SEED))
    harmony = score.seed if score.harmony_seed is None else score.harmony_seed
    return dataclasses.replace(score, seed=seed, harmony_seed=harmony, patterns={}, held={})


def _bar_at(beat: float) -> int:
    return max(0, int(beat // BEATS_PER_BAR))
