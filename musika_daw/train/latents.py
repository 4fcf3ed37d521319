"""Latents and conditioning of a corpus, encoded once and kept on disk, memory-mapped."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from musika_daw.errors import UserError
from musika_daw.model.autoencoder import FRAME, LATENT, DrumAutoencoder, PitchedAutoencoder, audio_margin
from musika_daw.model.conditioning import CONDITIONING, FrameNote, frame_conditioning
from musika_daw.model.excitation import excite
from musika_daw.music.notes import PITCHED_STEMS, STEMS, Note
from musika_daw.storage.files import write_text
from musika_daw.train.corpus.make import SAMPLE_RATE, Corpus, CorpusTrack
from musika_daw.train.corpus.sources import timed_notes

CHUNK_FRAMES = 86


def frame_notes(track: CorpusTrack) -> dict[str, list[FrameNote]]:
    """The notes of all stems in samples."""

    def timed(note: Note) -> FrameNote:
        start, end = (track.tempo_map.sample_at(beat, SAMPLE_RATE) for beat in (note.start_beat, note.end_beat))
        return FrameNote(start, end, note.pitch, note.strength)

    return {stem: [timed(n) for n in track.notes[stem]] for stem in STEMS}


def track_conditioning(track: CorpusTrack, frames: int) -> NDArray[np.float32]:
    """Conditioning of a whole track, `[CONDITIONING, frames]`."""

    def beat_at(samples: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([track.tempo_map.beat_at(s / SAMPLE_RATE) for s in samples])

    density, brightness = track.controls.sample(beat_at((np.arange(frames, dtype=np.float64) + 0.5) * FRAME))
    return frame_conditioning(
        frame_notes(track),
        beat_at,
        track.tempo_map.bpm_at,
        density,
        brightness,
        track.key,
        track.coordinates_seed,
        track.style_vector,
        0,
        frames,
    )


@torch.no_grad()
def encode_track(
    corpus: Corpus, index: int, drums: DrumAutoencoder, pitched: PitchedAutoencoder
) -> NDArray[np.float32]:
    """Latents of the four stems of a track, `[4 * LATENT, frames]`."""
    frames = corpus.stems.shape[3] // FRAME
    out = np.zeros((len(STEMS), LATENT, frames), np.float32)
    context = 4
    for first in range(0, frames, CHUNK_FRAMES):
        count = min(CHUNK_FRAMES, frames - first)
        start, span = (first - context) * FRAME, (count + 2 * context) * FRAME
        keep = slice(context, context + count)
        edge = audio_margin(drums)
        audio = torch.from_numpy(corpus.audio(index, 0, start - edge, span + 2 * edge))[None]
        out[0, :, first : first + count] = drums.encode(audio)[0, :, keep].numpy()
        edge = audio_margin(pitched)
        sounds, sources = [], []
        for stem in PITCHED_STEMS:
            sounds.append(corpus.audio(index, STEMS.index(stem), start - edge, span + 2 * edge))
            sources.append(excite(timed_notes(corpus.tracks[index], stem), start - edge, span + 2 * edge))
        source = pitched.excitation_spectra(torch.from_numpy(np.stack(sources)))
        latents = pitched.encode(torch.from_numpy(np.stack(sounds)), source)
        out[1:, :, first : first + count] = latents[:, :, keep].numpy()
    return out.reshape(len(STEMS) * LATENT, frames)


class LatentSet:
    """Encoded corpus: `latents` [tracks, 4 * LATENT, frames] and `conditioning` [tracks, CONDITIONING, frames]."""

    def __init__(self, folder: Path) -> None:
        try:
            self.latents: NDArray[np.float16] = np.load(folder / "latents.npy", mmap_mode="r")
            self.conditioning: NDArray[np.float16] = np.load(folder / "conditioning.npy", mmap_mode="r")
            self.held_out = int(json.loads((folder / "latents.json").read_text())["held_out"])
        except (OSError, ValueError) as error:
            raise UserError(
                f"{folder} holds no encoded corpus: run 'musika-daw data encode' first ({error})"
            ) from error
        if self.conditioning.shape[1] != CONDITIONING:
            raise UserError(f"{folder} was encoded by another version: encode it again")

    @property
    def training(self) -> int:
        """Tracks to train on; the others are held out."""
        return len(self.latents) - self.held_out


_CHUNK_TRACKS = 24  # one process encodes so many before it loads the corpus anew


def _encode_chunk(folder: Path, out: Path, drums: DrumAutoencoder, pitched: PitchedAutoencoder, tracks: range) -> int:
    """One process's work: encodes tracks into the arrays in `out`; returns how many."""
    torch.set_num_threads(1)
    corpus = Corpus(folder)
    latents, conditioning = (np.load(out / f"{name}.npy", mmap_mode="r+") for name in ("latents", "conditioning"))
    for index in tracks:
        latents[index] = encode_track(corpus, index, drums, pitched)
        conditioning[index] = track_conditioning(corpus.tracks[index], latents.shape[2])
    latents.flush()
    conditioning.flush()
    return len(tracks)


def encode_corpus(
    corpus: Corpus,
    folder: Path,
    drums: DrumAutoencoder,
    pitched: PitchedAutoencoder,
    progress: Callable[[float], None] = lambda share: None,
    workers: int = 1,
) -> LatentSet:
    """Encode every track into `folder`, in `workers` processes."""
    folder.mkdir(parents=True, exist_ok=True)
    tracks, frames = len(corpus.tracks), corpus.stems.shape[3] // FRAME
    for name, rows in (("latents", len(STEMS) * LATENT), ("conditioning", CONDITIONING)):
        open_memmap(folder / f"{name}.npy", "w+", np.float16, (tracks, rows, frames)).flush()
    chunks = [range(first, min(first + _CHUNK_TRACKS, tracks)) for first in range(0, tracks, _CHUNK_TRACKS)]
    done = 0
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for count in pool.imap_unordered(partial(_encode_chunk, corpus.folder, folder, drums, pitched), chunks):
            done += count
            progress(done / tracks)
    write_text(folder / "latents.json", json.dumps({"held_out": corpus.held_out, "corpus_seed": corpus.seed}) + "\n")
    return LatentSet(folder)
