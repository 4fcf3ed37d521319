"""Windows of a song: from notes and controls to latents to stems, each window by itself.

The song is cut into windows of latent frames, and those into blocks that are decoded at once, both on a grid fixed to
its start. Each is always computed from the same inputs in the same shapes, its surroundings included, whatever is made
before or after: so a stretch rendered alone equals the same stretch of the whole song bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from musika_daw.engine.song import Song
from musika_daw.model.autoencoder import CONTEXT, FRAME, LATENT, audio_margin, to_audio
from musika_daw.model.conditioning import FrameNote, frame_conditioning
from musika_daw.model.excitation import TimedNote, excite
from musika_daw.model.flow import flow_sample
from musika_daw.model.generator import latent_noise
from musika_daw.music.notes import PITCHED_STEMS, STEMS, Note

AudioArray = NDArray[np.float32]

GENERATOR_CONTEXT = 24  # frames of surroundings the generator sees on either side


@dataclass(frozen=True)
class Grid:
    """How a song is cut up: short windows answer control moves soon, long ones cost less.

    Attributes:
        window_frames: latent frames that the generator makes at once.
        block_frames: latent frames that are decoded at once; a window holds whole blocks.
    """

    window_frames: int
    block_frames: int

    @property
    def block_samples(self) -> int:
        return self.block_frames * FRAME


OFFLINE = Grid(128, 128)
LIVE = Grid(32, 8)


class Windows:
    """Makes the blocks of a song; the score's `stems` are made, the others are only played to the generator."""

    def __init__(self, song: Song, grid: Grid = OFFLINE) -> None:
        self.song = song
        self.grid = grid
        self._rate = song.networks.info.sample_rate
        self.latents = lru_cache(maxsize=4)(self._make_latents)

    def audio(self, block: int) -> dict[str, AudioArray]:
        """Block number (0 starts the song) -> dry stems, left and right `[2, block_samples]`."""
        return {stem: self.stem_audio(stem, block) for stem in self.song.score.stems}

    def stem_audio(self, stem: str, block: int) -> AudioArray:
        """One dry stem of a block, left and right `[2, block_samples]`."""
        frames = self.grid.block_frames
        first = block * frames - CONTEXT
        if not self._sounds(stem, first * FRAME, (frames + 2 * CONTEXT) * FRAME):
            return np.zeros((2, self.grid.block_samples), np.float32)
        latents = torch.from_numpy(self._near(stem, first, frames + 2 * CONTEXT))[None]
        return self._drums(latents, first) if stem == "drums" else self._pitched(stem, latents, first)

    def _near(self, stem: str, first: int, frames: int) -> NDArray[np.float32]:
        """Latents of one stem over a stretch of frames, `[LATENT, frames]`."""
        rows = slice(STEMS.index(stem) * LATENT, (STEMS.index(stem) + 1) * LATENT)
        windows = self._windows_at(first, frames)
        joined = np.concatenate([self.latents(window)[rows] for window in windows], 1)
        offset = first - windows.start * self.grid.window_frames
        return joined[:, offset : offset + frames]

    def windows_of(self, block: int) -> range:
        """The windows whose latents a block is decoded from."""
        frames = self.grid.block_frames
        return self._windows_at(block * frames - CONTEXT, frames + 2 * CONTEXT)

    def _windows_at(self, first: int, frames: int) -> range:
        size = self.grid.window_frames
        return range(first // size, (first + frames - 1) // size + 1)

    @torch.no_grad()
    def _drums(self, latents: torch.Tensor, first: int) -> AudioArray:
        network = self.song.networks.drums
        return self._own(to_audio(network.spectra(latents, first), network)[0], audio_margin(network))

    @torch.no_grad()
    def _pitched(self, stem: str, latents: torch.Tensor, first: int) -> AudioArray:
        network = self.song.networks.pitched
        edge = audio_margin(network)
        start, samples = first * FRAME - edge, latents.shape[2] * FRAME + 2 * edge
        source = torch.from_numpy(excite(self._timed(stem, start, samples), start, samples))[None]
        index = torch.tensor([PITCHED_STEMS.index(stem)])
        spectra = network.spectra(latents, network.excitation_spectra(source), index, first)
        return self._own(to_audio(spectra, network)[0], edge)

    def _sounds(self, stem: str, start: int, samples: int) -> bool:
        """Whether anything of a stem can be heard in a stretch; a silent one need not be decoded."""
        return bool(self._notes_near(stem, start - 2 * self._rate, samples + 2 * self._rate))

    def _notes_near(self, stem: str, start: int, samples: int) -> list[Note]:
        """Notes of a stem that sound in a stretch of samples."""
        beat_at = self.song.score.tempo_map.beat_at
        return self.song.sounding(stem, beat_at(start / self._rate), beat_at((start + samples) / self._rate))

    def _timed(self, stem: str, start: int, samples: int) -> list[TimedNote]:
        """The excitation's notes; those that ring into the stretch included."""
        tempo_map, timed = self.song.score.tempo_map, []
        for note in self._notes_near(stem, start - self._rate, samples + self._rate):
            onset = tempo_map.sample_at(note.start_beat, self._rate)
            held = max(1, tempo_map.sample_at(note.end_beat, self._rate) - onset)
            cents = self.song.style_at(note.start_beat).detune_cents[stem]
            timed.append(TimedNote(onset, held, note.pitch, note.slide_semitones, cents))
        return timed

    def _frame_notes(self, stem: str, start: int, samples: int) -> list[FrameNote]:
        at = self.song.score.tempo_map.sample_at
        return [
            FrameNote(at(note.start_beat, self._rate), at(note.end_beat, self._rate), note.pitch, note.strength)
            for note in self._notes_near(stem, start, samples)
        ]

    def _own(self, audio: torch.Tensor, edge: int) -> AudioArray:
        """Mid and side with context on either side -> left and right of the block itself."""
        start = CONTEXT * FRAME + edge
        mid, side = audio[:, start : start + self.grid.block_samples].numpy()
        return np.stack([mid + side, mid - side])

    @torch.no_grad()
    def _make_latents(self, window: int) -> NDArray[np.float32]:
        """Latents of a window, `[4 * LATENT, window_frames]`."""
        song, score = self.song, self.song.score
        size = self.grid.window_frames
        first, frames = window * size - GENERATOR_CONTEXT, size + 2 * GENERATOR_CONTEXT
        start, samples = first * FRAME, frames * FRAME

        def beat_at(places: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.array([score.tempo_map.beat_at(p / self._rate) for p in places])

        beats = beat_at((np.arange(first, first + frames, dtype=np.float64) + 0.5) * FRAME)
        curves = [[[c[stem].at(b) for b in beats] for stem in STEMS] for c in (score.density, score.brightness)]
        style = np.stack([song.style_at(b).vector for b in beats], 1)
        told = frame_conditioning(
            {stem: self._frame_notes(stem, start, samples) for stem in STEMS},
            beat_at,
            score.tempo_map.bpm_at,
            np.array(curves[0]),
            np.array(curves[1]),
            song.key,
            score.seed,
            style,
            first,
            frames,
        )
        network, steps = song.networks.generator, song.networks.info.steps["generator"]
        conditioning = torch.from_numpy(told)[None]
        noise = torch.from_numpy(latent_noise(score.seed, first, frames))[None]
        made = flow_sample(lambda x, t: network(x, t, conditioning), noise, steps)
        keep = slice(GENERATOR_CONTEXT, GENERATOR_CONTEXT + size)
        return np.ascontiguousarray(network.to_latents(made)[0, :, keep].numpy())
