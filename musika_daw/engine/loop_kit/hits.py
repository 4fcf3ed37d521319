"""One-shots: each drum that is played, struck alone, as hard as it is struck in the song."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from musika_daw.engine.console import Sound
from musika_daw.engine.loop_kit.loops import at_rate
from musika_daw.engine.offline.renderer import stream
from musika_daw.engine.playable import AudioArray, PlayedModel
from musika_daw.engine.score import Score, constant
from musika_daw.music.grid import BEATS_PER_BAR
from musika_daw.music.line import Line
from musika_daw.music.notes import DRUM_PITCHES, Note

DRUMS = "drums"
_APART = 0.15  # of strength: hits that are closer are one
_CLEAR = 0.5  # strength from which a stroke is louder than what the model puts between strokes
_SLOT_SECONDS = 1.5  # at least, between hits; they fall on bar lines, as the model expects drums to
_STRIKES = 4  # of each hit, of which the clearest is taken: the model's noise is another one in every bar
_DENSITY = 0.1  # told to the model: with none it plays hats and claps softly, with more it fills what is between hits
_LEAD_SECONDS = 0.002  # the model strikes within 2 ms of the grid mostly
_LET_GO_DB = -24.0  # below the peak: where it is let go of: what is below is the room and the next hit, not the drum
_RELEASE_SECONDS = 0.05  # time constant of letting go
_END = 1e-3  # of its level where it was let go of
_STRUCK_SECONDS = 0.08  # within which a hit is loudest
_AUDIBLE = 3e-3
_ATTACK_SECONDS, _FRAME_SECONDS = 0.001, 0.02
_NAMES = {pitch: name for name, pitch in DRUM_PITCHES.items()}


@dataclass(frozen=True)
class Hit:
    """A drum struck so hard.

    Attributes:
        pitch: its General MIDI note.
        strength: 0 < strength <= 1.
    """

    pitch: int
    strength: float

    @property
    def name(self) -> str:
        return _NAMES.get(self.pitch, f"drum {self.pitch}")


def choose_hits(notes: Iterable[Note]) -> list[Hit]:
    """Of every drum that is played the softest, the middle and the hardest stroke, in order of pitch and strength.

    Those that are nearly as strong are one, the hardest of them; none is softer than what is clear of the room.
    """
    strengths: dict[int, list[float]] = defaultdict(list)
    for note in notes:
        strengths[note.pitch].append(note.strength)
    hits = []
    for pitch, of_pitch in sorted(strengths.items()):
        ordered = sorted(max(strength, _CLEAR) for strength in of_pitch)
        kept: list[float] = []
        for strength in (ordered[-1], ordered[len(ordered) // 2], ordered[0]):
            if all(other - strength >= _APART for other in kept):
                kept.append(strength)
        hits += [Hit(pitch, strength) for strength in reversed(kept)]
    return hits


def render_hits(
    model: PlayedModel,
    score: Score,
    hits: Sequence[Hit],
    file_rate: int,
    sound: Sound | None = None,
    threads: int | None = None,
) -> dict[Hit, AudioArray]:
    """Each hit by itself, through the effects of the drums, `[2, n]` at `file_rate`; what is not heard is left out.

    Args:
        score: whose drums they are: one tempo, no form.
    """
    if not hits:
        return {}
    seconds_per_bar = BEATS_PER_BAR * 60.0 / score.tempo_map.bpm_at(0.0)
    slot = BEATS_PER_BAR * math.ceil(_SLOT_SECONDS / seconds_per_bar)
    struck = [hit for hit in hits for _ in range(_STRIKES)]
    notes = tuple(Note(float((i + 1) * slot), 0.25, hit.pitch, hit.strength) for i, hit in enumerate(struck))
    song = model.song(
        replace(
            score, stems=(DRUMS,), density=dict.fromkeys(score.density, constant(_DENSITY)), notes={DRUMS: Line(notes)}
        )
    )
    rate = song.sample_rate
    end = score.tempo_map.sample_at((len(struck) + 1) * slot, rate)
    blocks = [block[DRUMS] for block in stream(song, 0, end, sound, threads=threads)]
    audio = at_rate(np.concatenate(blocks, axis=1), rate, file_rate)
    places = [score.tempo_map.sample_at(i * slot, file_rate) for i in range(len(struck) + 2)]
    lead = round(_LEAD_SECONDS * file_rate)
    cut = [audio[:, place - lead : after - lead] for place, after in pairwise(places[1:])]
    shots = {}
    for i, hit in enumerate(hits):
        clearest = max(cut[i * _STRIKES : (i + 1) * _STRIKES], key=partial(_clearness, file_rate))
        shots[hit] = _one_shot(clearest, file_rate)
    return {hit: shot for hit, shot in shots.items() if shot is not None}


def _clearness(rate: int, audio: AudioArray) -> float:
    """How much louder a hit is than what follows it."""
    level, struck = np.abs(audio).max(axis=0), round(_STRUCK_SECONDS * rate)
    return float(level[:struck].max() / max(level[2 * struck :].max(), _AUDIBLE))


def _one_shot(audio: AudioArray, rate: int) -> AudioArray | None:
    """The beginning of some audio until what is struck there has died away; None where none is heard."""
    level = np.abs(audio).max(axis=0)
    struck = round(_STRUCK_SECONDS * rate)
    at = int(np.argmax(level[:struck]))
    if (peak := float(level[at])) < _AUDIBLE or _clearness(rate, audio) < 1.0:
        return None  # the room is louder than the hit
    attack, frame = round(_ATTACK_SECONDS * rate), round(_FRAME_SECONDS * rate)
    frames = np.maximum.reduceat(level[at:], np.arange(0, len(level) - at, frame))
    fallen = np.flatnonzero(frames < peak * 10 ** (_LET_GO_DB / 20))
    let_go = at + (int(fallen[0]) if len(fallen) else len(frames)) * frame
    last = min(let_go + round(-math.log(_END) * _RELEASE_SECONDS * rate), len(level))
    shot = audio[:, :last].copy()
    shot[:, :attack] *= np.linspace(0.0, 1.0, attack, dtype=np.float32)
    after = np.arange(last, dtype=np.float32) - let_go
    shot *= np.exp(-np.maximum(after, 0.0) / (_RELEASE_SECONDS * rate))
    shot[:, -frame:] *= np.linspace(1.0, 0.0, min(frame, shot.shape[1]), dtype=np.float32)
    return shot
