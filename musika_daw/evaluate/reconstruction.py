"""What the autoencoders lose: held-out corpus stems, encoded and decoded."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch

from musika_daw.analysis.mid_side import left_right
from musika_daw.analysis.spectra import Audio, level_dbfs
from musika_daw.model.autoencoder import CONTEXT, FRAME, audio_margin
from musika_daw.model.drum_autoencoder import KIT_SETTINGS
from musika_daw.model.excitation import TimedNote, excite, time_notes
from musika_daw.model.model_file import Networks
from musika_daw.music.notes import PITCHED_STEMS, STEMS
from musika_daw.train.corpus.make import SAMPLE_RATE, draw_corpus_track
from musika_daw.train.corpus.track import Track, play_notes
from musika_daw.train.metrics.distances import chroma_similarity, log_spectral_distance_db

_FRAMES = 172  # 8 s
_FIRST = 86


def _timed(track: Track, stem: str) -> list[TimedNote]:
    cents = track.style.settings[f"{stem}_detune_cents"]
    return time_notes(
        stem, track.notes[stem], lambda beat: track.tempo_map.sample_at(beat, SAMPLE_RATE), lambda beat: cents
    )


@torch.no_grad()
def _there_and_back(networks: Networks, track: Track, stem: str) -> tuple[Audio, Audio]:
    """Original and decoded stretch of a stem, left and right."""
    network = networks.drums if stem == "drums" else networks.pitched
    edge = audio_margin(network)
    start, samples = (_FIRST - CONTEXT) * FRAME - edge, (_FRAMES + 2 * CONTEXT) * FRAME + 2 * edge
    sound = torch.from_numpy(track.stems[STEMS.index(stem), :, start : start + samples])[None]
    first = _FIRST - CONTEXT
    if stem == "drums":
        latents = networks.drums.encode(sound)
        kit = np.broadcast_to([track.style.settings[name] for name in KIT_SETTINGS], (1, latents.shape[2], 3))
        strokes = [track.tempo_map.sample_at(note.start_beat, SAMPLE_RATE) for note in track.notes[stem]]
        decoded = networks.drums.audio(latents, first, 0, kit, [np.array(strokes, np.int64)])
    else:
        source = networks.pitched.excitation_spectra(
            torch.from_numpy(excite(_timed(track, stem), start, samples))[None]
        )
        index = torch.tensor([PITCHED_STEMS.index(stem)])
        decoded = networks.pitched.audio(networks.pitched.encode(sound, source), source, index, first)
    keep = slice(edge + CONTEXT * FRAME, edge + (CONTEXT + _FRAMES) * FRAME)
    return left_right(sound[0, :, keep].numpy()), left_right(decoded[0, :, keep].numpy())


def _played_again(track: Track) -> Audio:
    """The same stretch of the drums with other noise in their sounds: no latents say which noise it was, so this is
    how near a decoder can be expected to come."""
    length = track.stems.shape[2] / SAMPLE_RATE
    stems = play_notes(
        np.random.default_rng(1), track.notes, track.style, track.controls, track.tempo_map, track.seed, length
    )
    return left_right(stems[0, :, _FIRST * FRAME : (_FIRST + _FRAMES) * FRAME])


def reconstruction_figures(networks: Networks, corpus_seed: int, tracks: Iterable[int]) -> dict[str, float]:
    """Log-spectral distance and level gained per stem, chroma similarity per pitched stem; silent stems left out."""
    found: dict[str, list[float]] = {}
    for index in tracks:
        track, _ = draw_corpus_track(corpus_seed, index)
        for stem in STEMS:
            original, decoded = _there_and_back(networks, track, stem)
            if level_dbfs(original) < -60:
                continue
            found.setdefault(f"distance_db_{stem}", []).append(log_spectral_distance_db(original, decoded))
            found.setdefault(f"level_db_{stem}", []).append(level_dbfs(decoded) - level_dbfs(original))
            if stem == "drums":
                again = _played_again(track)
                found.setdefault("distance_db_drums_played_twice", []).append(log_spectral_distance_db(original, again))
            else:
                found.setdefault(f"chroma_{stem}", []).append(chroma_similarity(original, decoded))
    return {name: float(np.nanmean(values)) for name, values in sorted(found.items())}
