"""Figures of a set of excerpts: the same for what a model renders and for the corpus."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from musika_daw.analysis.key import heard_tonic, share_in_key
from musika_daw.analysis.onsets import find_onsets
from musika_daw.analysis.pitch import pitch_errors_cents
from musika_daw.analysis.spectra import centroid_octaves, level_dbfs
from musika_daw.evaluate.renders import SAMPLE_RATE, Excerpt
from musika_daw.music.grid import STEPS_PER_BAR, STEPS_PER_BEAT
from musika_daw.music.notes import DRUM_PITCHES, PITCHED_STEMS, STEMS, Note
from musika_daw.train.metrics.kick_timing import beat_figures, kick_errors
from musika_daw.train.metrics.listener import listener_features
from musika_daw.train.metrics.onset_agreement import merge_onsets, onset_agreement

Figures = dict[str, float]
# Shares of a stem's strongest onset, chosen once for the best F-measure on corpus stems.
_THRESHOLDS = {"drums": 0.25, "bass": 0.3, "chords": 0.75, "lead": 0.75}
_EDGE_SECONDS = 0.08
_LEAST_NOTES = 4


def heard_onsets(excerpt: Excerpt, stem: str) -> NDArray[np.float64]:
    """Onsets in seconds of a stem; none where it is silent."""
    audio = excerpt.stems[stem]
    return find_onsets(audio, _THRESHOLDS[stem]) if np.abs(audio).max() > 1e-3 else np.zeros(0)


def _inside(seconds: NDArray[np.float64], excerpt: Excerpt) -> NDArray[np.float64]:
    return seconds[(seconds > _EDGE_SECONDS) & (seconds < excerpt.length_seconds - _EDGE_SECONDS)]


def beat_errors(excerpts: Sequence[Excerpt]) -> Figures:
    """Kicks of the pattern that lie on a beat, against the beat (not against the pattern)."""
    errors, beats = [], []
    for excerpt in excerpts:
        kicks = [n.start_beat for n in excerpt.notes["drums"] if n.pitch == DRUM_PITCHES["kick"]]
        on_beat = np.unique([round(b) for b in kicks if abs(b - round(b)) < 0.05])
        seconds = _inside(np.array([excerpt.tempo_map.seconds_at(float(b)) for b in on_beat]), excerpt)
        errors.append(kick_errors(excerpt.stems["drums"], seconds))
        beats.append(seconds)
    figures = beat_figures(np.concatenate(errors), np.concatenate(beats))
    return {
        "beat_median_ms": figures.median_ms,
        "beat_p95_ms": figures.p95_ms,
        "beat_hit_30_ms": figures.hit_30_ms,
        "beat_drift_ms_per_minute": figures.drift_ms_per_minute,
    }


def note_figures(excerpts: Sequence[Excerpt]) -> Figures:
    """Onsets of the notes found again in the audio, pitch of bass and lead, key, levels."""
    agreement: dict[str, list[float]] = {stem: [] for stem in STEMS}
    cents: dict[str, list[float]] = {"bass": [], "lead": []}
    levels: dict[str, list[float]] = {stem: [] for stem in STEMS}
    heard, in_key = [], []
    for excerpt in excerpts:
        for stem in STEMS:
            wanted = _inside(merge_onsets(excerpt.seconds_of(stem).tolist()), excerpt)
            if len(wanted) >= _LEAST_NOTES:
                found = _inside(heard_onsets(excerpt, stem), excerpt)
                agreement[stem].append(onset_agreement(found, wanted).f_measure)
                levels[stem].append(level_dbfs(excerpt.stems[stem]))
        for stem, errors in cents.items():
            whole = [
                n for n in excerpt.notes[stem] if excerpt.tempo_map.seconds_at(n.end_beat) < excerpt.length_seconds
            ]
            errors += pitch_errors_cents(excerpt.stems[stem], whole, excerpt.tempo_map)
        tonal = [n for stem in ("bass", "chords") for n in excerpt.notes[stem]]
        if len(tonal) >= 4 * _LEAST_NOTES:
            heard.append(
                heard_tonic([excerpt.stems["bass"], excerpt.stems["chords"]], excerpt.key.mode) == excerpt.key.tonic
            )
            in_key.append(share_in_key(tonal, excerpt.key) > 0.9)
    out = {f"onset_f_{stem}": float(np.mean(values)) for stem, values in agreement.items()}
    for stem, errors in cents.items():
        out[f"cents_median_{stem}"] = float(np.median(np.abs(errors)))
        out[f"within_30_cents_{stem}"] = float(np.mean(np.abs(errors) < 30))
    out["key_by_audio"], out["key_by_notes"] = float(np.mean(heard)), float(np.mean(in_key))
    return out | {f"level_db_{stem}": float(np.mean(values)) for stem, values in levels.items()}


def _per_bar(excerpt: Excerpt, of_bar: Callable[[float, float], float]) -> list[float]:
    lines = excerpt.bar_lines()
    return [of_bar(a, b) for a, b in itertools.pairwise(lines)]


def control_figures(excerpts: Sequence[Excerpt]) -> Figures:
    """Density asked against onsets heard, and brightness against the centroid, bar by bar: Spearman's rho."""
    out: Figures = {}
    for stem in STEMS:
        asked, counted, bright, centroid = [], [], [], []
        for excerpt in excerpts:
            onsets = heard_onsets(excerpt, stem) + 0.01  # what is heard a touch early belongs to the bar it starts
            asked += excerpt.density[stem]
            counted += _per_bar(excerpt, lambda a, b, at=onsets: float(((at >= a) & (at < b)).sum()))  # type: ignore[misc]
            audio = excerpt.stems[stem]

            def centre(a: float, b: float, audio: NDArray[np.float32] = audio) -> float:
                return centroid_octaves(audio[:, round(a * SAMPLE_RATE) : round(b * SAMPLE_RATE)])

            bright += excerpt.brightness[stem]
            centroid += _per_bar(excerpt, centre)
        out[f"density_rho_{stem}"] = float(spearmanr(asked, counted)[0])
        known = ~np.isnan(centroid)
        out[f"brightness_rho_{stem}"] = float(spearmanr(np.array(bright)[known], np.array(centroid)[known])[0])
    return out


def bars_alike(notes: Sequence[Note], first_bar: int, bars: int) -> list[float]:
    """Share of onsets (step, and drum) that neighbouring bars have in common, one value per pair of bars with notes."""
    cells: dict[int, set[tuple[int, int]]] = {}
    for note in notes:
        step = round(note.start_beat * STEPS_PER_BEAT)
        drum = note.pitch if note.pitch in DRUM_PITCHES.values() else 0
        cells.setdefault(step // STEPS_PER_BAR, set()).add((step % STEPS_PER_BAR, drum))
    pairs = [(cells[b], cells[b + 1]) for b in range(first_bar, first_bar + bars - 1) if b in cells and b + 1 in cells]
    return [len(one & other) / len(one | other) for one, other in pairs]


def alike_figures(songs: Sequence[dict[str, list[Note]]], bars: int) -> Figures:
    """Mean likeness of neighbouring bars per stem."""
    out = {}
    for stem in STEMS:
        shares = [share for notes in songs for share in bars_alike(_onset_only(stem, notes[stem]), 0, bars)]
        out[f"alike_{stem}"] = float(np.mean(shares))
    return out


def _onset_only(stem: str, notes: list[Note]) -> list[Note]:
    """Pitched stems are compared by when they play, whatever they play."""
    if stem == "drums":
        return notes
    return [Note(n.start_beat, n.length_beats, 0, n.strength) for n in notes]


def features(excerpt: Excerpt) -> NDArray[np.float64]:
    """Listener's features of the stems and of the mix, one after the other."""
    mix = np.asarray(sum(excerpt.stems.values()), np.float32)
    return np.concatenate([listener_features(audio) for audio in (*excerpt.stems.values(), mix)])


def stem_features(excerpt: Excerpt) -> NDArray[np.float64]:
    """Listener's features of the stems alone: what tells a style."""
    return np.concatenate([listener_features(excerpt.stems[stem]) for stem in ("drums", *PITCHED_STEMS)])
