"""Phrases of 16 bars as the pattern net makes them, kept so that versions of a song that share them ask once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from musika_daw.model.flow import flow_sample
from musika_daw.model.model_file import Networks
from musika_daw.model.pattern_codec import CHANNELS, HARMONY_ROWS, decode_pattern, harmony_rows
from musika_daw.model.pattern_net import PHRASE_BARS, PHRASE_STEPS, pattern_conditioning, pattern_noise
from musika_daw.music.grid import LATEST_BEATS, STEPS_PER_BEAT, Candidate, GridNote, keeps_the_beat, rank
from musika_daw.music.harmony import HarmonyStep
from musika_daw.music.realize import SLIDE_REACH_BEATS
from musika_daw.remember import remember

_KEPT = 64


@dataclass(frozen=True)
class PhraseRequest:
    """All that a phrase depends on.

    Attributes:
        phrase: number of the phrase, 0 starts the song.
        genre: the pattern net's share of the style vector, in -1..1.
        swing: in steps.
        mode: of `MODES`.
        harmony: a chord per beat where it is given; None lets the net make it.
    """

    seed: int
    phrase: int
    variation: float
    genre: tuple[float, ...]
    swing: float
    mode: str
    harmony: tuple[HarmonyStep, ...] | None = None


@dataclass(frozen=True)
class Phrase:
    """Candidate notes and a chord per beat.

    Attributes:
        bars: of each stem, the candidates of every bar in order of time.
        reach_beats: of each stem, how long its longest note sounds, as played.
    """

    bars: dict[str, tuple[tuple[Candidate, ...], ...]]
    reach_beats: dict[str, float]
    harmony: tuple[HarmonyStep, ...]


class PhraseBook:
    """Makes phrases; the last ones asked for are kept."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self.phrase = remember(self._make, _KEPT)

    @torch.no_grad()
    def _make(self, request: PhraseRequest) -> Phrase:
        genre = np.array(request.genre, np.float32)
        told = torch.from_numpy(pattern_conditioning(genre, request.mode, request.swing, PHRASE_BARS))[None]
        noise = torch.from_numpy(pattern_noise(request.seed, request.phrase, request.variation))[None]
        network, info = self._networks.pattern, self._networks.info
        known = _known(request.harmony)
        grid = flow_sample(lambda x, t: network(x, t, told), noise, info.steps["pattern"], known)
        notes, harmony = decode_pattern(grid[0].numpy(), request.phrase * PHRASE_STEPS, info.thresholds)
        first = request.phrase * PHRASE_BARS
        return Phrase(
            {stem: _by_bar(rank(candidates, keeps_the_beat), first) for stem, candidates in notes.items()},
            {stem: _reach_beats(candidates) for stem, candidates in notes.items()},
            harmony,
        )


def _by_bar(candidates: Sequence[Candidate], first_bar: int) -> tuple[tuple[Candidate, ...], ...]:
    bars: list[list[Candidate]] = [[] for _ in range(PHRASE_BARS)]
    for candidate in candidates:
        bars[candidate.note.bar - first_bar].append(candidate)
    return tuple(tuple(bar) for bar in bars)


def _reach_beats(notes: Sequence[GridNote]) -> float:
    """A note that the one after it slides from is held until that begins, and both have a timing of their own."""
    longest = max((note.length_steps for note in notes), default=0.0) / STEPS_PER_BEAT
    return longest + SLIDE_REACH_BEATS + 2 * LATEST_BEATS


def _known(harmony: tuple[HarmonyStep, ...] | None) -> torch.Tensor | None:
    """Given chords as the pattern net sees them, `[1, CHANNELS, PHRASE_STEPS]`; NaN where it is free."""
    if harmony is None:
        return None
    known = np.full((CHANNELS, PHRASE_STEPS), np.nan, np.float32)
    known[HARMONY_ROWS] = harmony_rows(harmony)
    return torch.from_numpy(known)[None]
